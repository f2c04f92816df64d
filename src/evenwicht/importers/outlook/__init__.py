"""What Outlook keeps: items of MAPI properties, in a file of their own (.msg) or in a store (.pst).

`items` is what both are read into, `compound` opens a .msg, `rich_text` unpacks its bodies, `letters` makes the mail it was again,
`meetings` the invitation.
"""
