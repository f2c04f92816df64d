"""The same findings in words, tables, pictures and paper, in English and Dutch.

What frameworks keep as ambient state is an argument here: `language` ("en" or "nl") and `chair`, the key of the party
from whose chair the page is read (None: the ledger's order). The chair decides which side is named first, nothing else.
"""
