"""The axes: one file each, from the ledger's events to what was given, or to what was waited for.

A member of this folder is a module with

    NAME = "words"
    GROUP = "speaking_listening"        or "giving_taking", "customer_supplier"
    KIND_OF_KING = "giver"              which side sits on the throne: who gives more of it, or who receives more
    def flows(facts: Facts) -> Frame              for a *flow* axis: what each side gave, with the columns pair, cell, place
                                                  and by_a of the facts, amount and unit (words); in the order of the facts
    def commitments(facts: Facts) -> Frame        for a *deferral* axis: who waited for whom (`measures.commitments`)

Exactly one of the two functions makes it a flow or a deferral axis.
"""
