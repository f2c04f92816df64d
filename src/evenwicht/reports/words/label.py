"""Single words and short verbs: verdicts, axes, groups, what each end of an axis does."""

from __future__ import annotations

from evenwicht.reports.catalogue import say, template

_VERDICTS = {
    "balanced": template("Balanced"),
    "temporary": template("Temporary"),
    "undecided": template("Undecided"),
    "structural": template("Structural"),
    "standing_still": template("Standing still"),
    "too_little_data": template("Too little data"),
    "no_signal": template("No signal"),
    "shown": template("Shown"),
}

_AXES = {
    "words": template("Words"),
    "response": template("Answers"),
    "initiative": template("Initiative"),
    "money": template("Money"),
    "promises": template("Promises"),
    "favours": template("Favours"),
    "time": template("Time"),
    "dependence": template("Dependence"),
    "perception": template("Perception"),
}

_GROUPS = {
    "speaking_listening": template("Speaking and listening"),
    "giving_taking": template("Giving and taking"),
    "customer_supplier": template("Customer and supplier"),
}

_RECEIVING = {
    "words": template("listens more"),
    "response": template("is answered more"),
    "initiative": template("is sought out more"),
    "money": template("receives more credit"),
    "promises": template("receives more patience"),
    "favours": template("is given more"),
    "time": template("receives more time"),
    "dependence": template("weighs more"),
    "perception": template("receives more points"),
}

_GIVING = {
    "words": template("speaks more"),
    "response": template("waits more for answers"),
    "initiative": template("begins more often"),
    "money": template("gives more credit"),
    "promises": template("gives more patience"),
    "favours": template("gives more"),
    "time": template("gives more time"),
    "dependence": template("leans on the other more"),
    "perception": template("gives more points"),
}


def _own(code: str) -> str:
    """The name of a member this table does not know: its code, readable."""
    return code.replace("_", " ").capitalize()


def verdict_word(code: str, language: str) -> str:
    """Balanced, Temporary, Structural … as it stands beside the glyph."""
    return say(language, _VERDICTS[code]) if code in _VERDICTS else _own(code)


def axis_name(axis: str, language: str) -> str:
    """Words, Answers, Initiative … An axis added later is called by its own name until the catalogue has one."""
    return say(language, _AXES[axis]) if axis in _AXES else _own(axis)


def group_name(group: str, language: str) -> str:
    """Speaking and listening, giving and taking, customer and supplier."""
    return say(language, _GROUPS[group]) if group in _GROUPS else _own(group)


def receiving_verb(axis: str, language: str) -> str:
    """What the side does that receives more on this axis: "listens more". It follows a name."""
    return say(language, _RECEIVING.get(axis, template("receives more")))


def giving_verb(axis: str, language: str) -> str:
    """What the side does that gives more on this axis: "speaks more". It follows a name."""
    return say(language, _GIVING.get(axis, template("gives more")))
