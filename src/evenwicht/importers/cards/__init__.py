"""Room of the vCard importer: lines of cards, and the organisations in them.

Standards: RFC 6350 (vCard 4.0), RFC 2426 (3.0), vCard 2.1 of the Internet Mail Consortium.
"""
