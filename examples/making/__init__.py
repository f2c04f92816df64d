"""Makes the example files: what happens between Berk and its partners, and the files in which it would be found.

    firms      who they are
    manners    how each relation goes: how often, who speaks, how fast, how late
    clock      working hours
    letters    what a mail says
    plan       two years of mails, meetings, calls, orders, invoices and payments
    mailboxes, agenda, invoices, bank, books, tables   the same in real formats

Standard library only, and nothing of the package: an example that the reader under test had written could not show a
mistake in it. A fixed seed per relation: changing one leaves the files' other parts as they are.
"""
