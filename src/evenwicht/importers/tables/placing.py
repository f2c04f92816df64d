"""Which column of an unknown table is which field: by its head, borne out by its cells; by its cells alone where no head says it.

Below `SURE` a field is left open, and columns between which nothing decides are rivals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.tables.cell_sorts import is_domain
from evenwicht.importers.tables.head_likeness import like_any, likeness, words_of
from evenwicht.importers.tables.head_words import NO_MOMENT, Field
from evenwicht.importers.tables.layout import plain
from evenwicht.importers.tables.proposal import FEW, SURE, Placed
from evenwicht.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenwicht.importers.tables.cell_sorts import Column
    from evenwicht.importers.tables.head_words import Kind

_BEARS_OUT = .5
"""Share of cells that must be of the field's sort: below it the cells contradict the head."""

_RIVAL = .06
"""Columns whose confidence differs by less are rivals for a field, when the head of none of them says it in full."""

_NEARLY_ALL = .95


def usable(columns: Sequence[Column]) -> list[Column]:
    """Columns that a layout can name: with a head, the first of equal ones."""
    seen: set[str] = set()
    kept = []
    for column in columns:
        key = plain(column.head)
        if key and key not in seen:
            seen.add(key)
            kept.append(column)
    return kept


def placed_in(kind: Kind, columns: Sequence[Column]) -> dict[str, Placed]:
    """What is found for each field of a kind; a column stands for one field at most."""
    named = usable(columns)
    found: dict[str, Placed] = {one.name: Placed(one.name) for one in kind.fields}
    offers, refused = [], []
    for rank, one in enumerate(kind.fields):
        for column in named:
            like = likeness(column.head, one)
            if not like.score:
                continue
            bears, reason = bears_out(one, column, like.score)
            if bears < _BEARS_OUT:
                refused.append((one.name, column.index, (_head_reason(like.how, like.word), Phrase("but {reason}, such as {example}", {"reason": reason, "example": example_of(column)}))))
                continue
            position = one.words.index(like.word)
            offers.append((-round(like.score * (.4 + .6 * bears), 3), position, rank, column.index, like, reason))
    taken: set[int] = set()
    for score, _position, rank, index, like, reason in sorted(offers, key=lambda offer: offer[:4]):
        one = kind.fields[rank]
        if found[one.name].known or found[one.name].rivals or index in taken:
            continue
        if -score < SURE:
            found[one.name] = Placed(one.name, reasons=(Phrase("not sure"),))
            continue
        near = [other[3] for other in offers if other[2] == rank and other[3] not in taken and other[3] != index and other[0] - score < _RIVAL]
        if near and like.how != "equal" and one.sort in {"moment", "amount", "party", "account"}:
            rivals = tuple(sorted({index, *near}))
            found[one.name] = Placed(one.name, None, "", -score, (Phrase("not sure which: {heads}", {
                "heads": ", ".join(columns[rival].head for rival in rivals)}),), rivals)
            taken |= set(rivals)
            continue
        taken.add(index)
        found[one.name] = Placed(one.name, index, "", -score, (_head_reason(like.how, like.word), reason))
    for name, index, reasons in refused:
        if index not in taken and not found[name].known:
            found[name] = Placed(name, reasons=reasons)
    _by_values(kind, found, [column for column in named if column.index not in taken])
    _in_order(found, columns)
    _answers_something(found, columns)
    return found


def _head_reason(how: str, word: str) -> Phrase:
    if how == "equal":
        return Phrase("the head says so")
    return Phrase("the head holds “{part}”", {"part": word}) if how == "part" else Phrase("the head is nearly “{part}”", {"part": word})


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def bears_out(one: Field, column: Column, like: float) -> tuple[float, Phrase]:
    """How far the cells of a column are what a field needs, and in words."""
    if column.empty:
        return 0.0 if one.name == "account" and column.rows else .6, Phrase("its cells are empty")
    share = column.shares[one.sort]
    match one.sort:
        case "moment":
            if column.written in {"compact", "epoch", "serial"}:
                share *= 1.0 if like > .9 else .4  # noqa: PLR2004  numbers are days only where the head says it in full
            if column.written == "epoch":
                return share, Phrase("{share} are seconds since 1970", {"share": _percent(share)})
            return share, Phrase("{share} are days", {"share": _percent(share)})
        case "amount":
            return share, Phrase("{share} are amounts", {"share": _percent(share)})
        case "account":
            if one.name == "account" and (column.distinct > 1 or column.filled < column.rows):
                share *= .4  # our own account stands in every row
            if one.name == "other_account" and column.constant and column.filled == column.rows:
                share *= .6
            return share, Phrase("{share} are account numbers", {"share": _percent(share)})
        case "address" | "party" | "name" if one.sort == "address" or column.shares["address"] > _NEARLY_ALL:
            return share, Phrase("{share} are mail addresses, of {count} domains",
                                 {"share": _percent(column.shares["address"]), "count": column.domains})
        case "party" | "name" if share < _BEARS_OUT:
            return share, Phrase("its cells are no names")
        case "id" | "code" if share < _BEARS_OUT:
            return share, Phrase("its cells are no numbers of documents")
        case "id" | "code" if column.unique:
            return share, Phrase("no two rows share one")
        case "id":
            return share * .9, _several(column)
        case "vat" | "kvk" | "currency" | "flag" | "way":
            if column.values:
                return share, Phrase("its cells are {values}", {"values": ", ".join(column.values)})
            return share, Phrase("{share} are of that form", {"share": _percent(share)})
    return share, _several(column)


def _several(column: Column) -> Phrase:
    if column.distinct == 1:
        return Phrase("the same in every row")
    return Phrase("{count} different ones", {"count": column.distinct})


def example_of(column: Column) -> str:
    """A cell that shows what the column holds: one that is in doubt, else a frequent one that says something."""
    open_ = column.doubtful_day if column.day_doubt else column.doubtful_amount if column.mark_doubt else ""
    return open_ or next((one for one in column.examples if one not in column.silent), next(iter(column.examples), ""))


_TWO_SIDES = {"log": ("from", "to"), "meetings": ("organiser", "attendee")}
"""Who gives and who receives: cells name an organisation, but not its side. The second side is known by the first."""


def _by_values(kind: Kind, found: dict[str, Placed], free: list[Column]) -> None:
    """Fill needed fields from what cells are where no head says so; only where one column can be meant."""
    def take(name: str, column: Column, confidence: float, reason: Phrase) -> None:
        found[name] = Placed(name, column.index, "", confidence, (Phrase("only its cells say so"), reason))
        free.remove(column)

    def open_(name: str) -> Field | None:
        return kind.field(name) if name in found and not found[name].known else None

    for name, sort, confidence in (("currency", "currency", .8), ("way", "way", .75)):
        fitting = [one for one in free if not one.empty and one.shares[sort] >= _NEARLY_ALL]  # type: ignore[index]
        if (one := open_(name)) is not None and len(fitting) == 1 and (name != "way" or fitting[0].distinct > 1):
            take(name, fitting[0], confidence, bears_out(one, fitting[0], 1)[1])
    accounts = [one for one in free if not one.empty and one.shares["account"] >= _NEARLY_ALL]
    for name, constant in (("account", True), ("other_account", False)):
        fitting = [column for column in accounts if column.constant is constant and column in free]
        if (one := open_(name)) is not None and len(fitting) == 1:
            take(name, fitting[0], .7, bears_out(one, fitting[0], 1)[1])
    for group in kind.needs:
        if any(found[name].known for name in group):
            continue
        for name in group:
            one = kind.field(name)
            if one is None:
                continue
            fitting = [column for column in free if _sure_by_values(one, column)]
            one_sided = kind.name in _TWO_SIDES and one.sort == "party" and not any(found[side].known for side in _TWO_SIDES[kind.name])
            if len(fitting) == 1 and not one_sided:
                take(name, fitting[0], .55, bears_out(one, fitting[0], 1)[1])
                break
    _pair_of_days(found, free)


def _sure_by_values(one: Field, column: Column) -> bool:
    if column.empty:
        return False
    if one.sort == "moment":
        return like_any(column.head, NO_MOMENT).score < SURE and column.shares["moment"] >= _NEARLY_ALL and column.written in {"iso", "words", "two ways"}
    if one.sort == "amount":
        return column.shares["amount"] >= _NEARLY_ALL and column.broken > _BEARS_OUT
    if one.sort in {"party", "address"}:
        return sum(map(is_domain, column.examples)) == len(column.examples) and column.shares["address"] + column.shares["party"] > _NEARLY_ALL
    return False


def _pair_of_days(found: dict[str, Placed], free: list[Column]) -> None:
    """Two columns of days that no head explains: an invoice is never due before its day."""
    if "invoice_date" not in found or found["invoice_date"].known or found["due"].known:
        return
    days = [column for column in free if _sure_by_values(Field("", "moment", ()), column) and not column.day_doubt]
    if len(days) != 2:  # noqa: PLR2004  a pair
        return
    early, late = sorted(days, key=lambda one: _before(one, days[0] if one is days[1] else days[1]), reverse=True)
    share = _before(early, late)
    if share < _NEARLY_ALL or _before(late, early) > .5 or early.filled < FEW:  # noqa: PLR2004  half of them on one day: no order
        return
    reason = Phrase("only its cells say so"), Phrase("the days under {one} are never after those under {other}",
                                                    {"one": early.head, "other": late.head})
    found["invoice_date"] = Placed("invoice_date", early.index, "", .55, reason)
    found["due"] = Placed("due", late.index, "", .5, reason)


def _before(one: Column, other: Column) -> float:
    """The share of rows in which the day of one column is not after that of another."""
    pairs = [(a, b) for a, b in zip(one.moments, other.moments, strict=True) if a is not None and b is not None]
    return sum(a <= b for a, b in pairs) / len(pairs) if pairs else 0.0


def _in_order(found: dict[str, Placed], columns: Sequence[Column]) -> None:
    """What must lie after something and does not in most rows is no such day, whatever its head says."""
    for first, later in (("invoice_date", "due"), ("created", "closed"), ("created", "replied")):
        if first not in found or later not in found:
            continue
        one, other = found[first].column, found[later].column
        if one is None or other is None or columns[one].day_doubt or columns[other].day_doubt:
            continue
        both = sum(a is not None and b is not None for a, b in zip(columns[one].moments, columns[other].moments, strict=True))
        if both >= FEW and (share := 1 - _before(columns[one], columns[other])) > .5:  # noqa: PLR2004  most rows
            found[later] = Placed(later, reasons=(
                found[later].reasons[0],
                Phrase("but {share} of its days lie before those under {head}", {"share": _percent(share), "head": columns[one].head})))


def _answers_something(found: dict[str, Placed], columns: Sequence[Column]) -> None:
    """A “parent” that is no row of the table is a case or a firm, not the message that is answered."""
    if "answers" not in found or found["answers"].column is None or found["id"].column is None:
        return
    parent, ids = columns[found["answers"].column], columns[found["id"].column]
    if "parent" in words_of(parent.head) and not parent.empty and parent.texts.isdisjoint(ids.texts):
        found["answers"] = Placed("answers", reasons=(found["answers"].reasons[0], Phrase("but none of its cells is the id of a row")))
