"""What one mail says: headers, text, own words. The room behind the mail, mbox and maildir importers.

`headers` and `dates` read the header block, `charsets` any bytes, `bodies` and `html_text` the MIME parts; `envelope` says who
writes to whom. `own_words` tells who wrote which lines: `lines` takes the text apart, `quotes` (with `attribution` and `separators`)
finds what comes from another mail, `endings` (with `signatures`) where the author stops. `automatic` knows bounces and circulars,
`exclusions` what is left out, `invitations` the calendars inside, `complaints` what can be wrong. `message` makes events of it all.
"""
