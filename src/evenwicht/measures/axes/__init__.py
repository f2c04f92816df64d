"""The axes: one file each, from the ledger's events to what was given, or to what was waited for.

A member of this folder is a module with

    NAME = "words"
    GROUP = "speaking_listening"        or "giving_taking", "customer_supplier"
    KIND_OF_KING = "giver"              which side sits on the throne: who gives more of it, or who receives more
    def flows(facts: Facts) -> Flows              for a *flow* axis: what each side gave
    def commitments(facts: Facts) -> Commitments  for a *deferral* axis: who waited for whom

Exactly one of the two functions makes it a flow or a deferral axis.
"""
