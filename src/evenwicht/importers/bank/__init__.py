"""What bank statements of any format have in common, and the older formats of them.

`movements`: one booked line and whose account it is, and how all of a file become events: the same line gives the same
event from CAMT, MT940 and a bank's table. `fields`: the tagged fields of SWIFT messages. `entries`: what stands in
them. `narrative`: the dialects in which banks write who paid whom and why.
"""
