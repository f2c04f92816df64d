"""Reading XML that strangers made: safely, by local name, with exact amounts.

`roots`: what the first bytes of a file say, its root element, and whether it brings a DOCTYPE.
`parse`: the whole tree, or one record after the other, within limits; what is refused is a problem.
`access`: elements and texts by local name, whatever the namespace or the version of the schema.
`values`: days, moments, exact amounts, and the tokens that a payment may be joined on.
`parties`: who a document says somebody is. `terms`: payment terms in words. `accounts`: what a ledger account is for.
`papers`: what invoices and orders have in common in UBL and CII. `cross_industry`: CII.
`books`: an audit file boiled down to what can become events.
"""
