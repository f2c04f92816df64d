"""What one mail says: headers, text, own words. The room behind the mail, mbox and maildir importers.

`headers` and `dates` read the header block, `charsets` any bytes, `bodies` and `html_text` the MIME parts; `own_words`
(with `attribution`, `separators`, `signatures`) tells who wrote which lines; `automatic` knows bounces and circulars;
`message` makes events of it all.
"""
