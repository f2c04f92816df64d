"""What an unknown table may be: its kind, and which column is what, with a confidence and the reasons for each.

A pure function of the first rows and of what a person has said. A head is compared with known words; the cells must bear it
out, and where they contradict it they win. What can be read in two ways (`03/04/2026`, `1.234`) is never chosen: it
becomes a question. Below `SURE` a field is left open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from rapidfuzz import process

from evenwicht.errors import WrongCall
from evenwicht.importers.tables.cell_sorts import Column, is_domain, looked_at
from evenwicht.importers.tables.cells import text_of
from evenwicht.importers.tables.head_likeness import NONE, like_any, likeness, words_of
from evenwicht.importers.tables.head_words import KINDS, NO_MOMENT, Field, Kind
from evenwicht.importers.tables.layout import US, plain
from evenwicht.importers.tables.parties import of_anything
from evenwicht.ledger.identifiers import of_iban
from evenwicht.phrase import Phrase

if TYPE_CHECKING:
    from evenwicht.importers.tables.cells import Cell, Decimal, Order

SURE = .5
"""Confidence from which a column is proposed for a field."""

KIND_SURE, KIND_LEAD, BASE_SURE = .8, .05, .74
"""How well a kind must fit, and how far ahead of the next, to be proposed; or what it needs must be there to such a part."""

MOST_ROWS = 3_000
"""Rows that are looked at."""

_BEARS_OUT = .5
"""Share of cells that must be of the field's sort: below it the cells contradict the head."""

_RIVAL = .06
"""Columns whose confidence differs by less are rivals for a field, when the head of none of them says it in full."""

_NEARLY_ALL = .95
_MIXED, _TURNED = .35, .8
"""Share of amounts below zero from which it is open whether invoices stand below zero, and from which they do."""

_FEW = 3
_NEAR = 60
"""Likeness, of 100, from which a word is worth a “did you mean”."""

QuestionSort = Literal["kind", "date", "decimal", "field", "direction", "sign"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The beginning of a table: its heads and up to `MOST_ROWS` rows.

    name        of the sheet, empty for a text file
    hints       words of the file's name and of a title above the heads
    head_row    number of the row with the heads
    """

    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    name: str = ""
    hints: tuple[str, ...] = ()
    head_row: int = 1


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has said of a table: how columns are written, by index, and fields by name (a head, number or value)."""

    kind: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[int, Order | Literal["iso"]] = field(default_factory=dict)
    decimals: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """What was found for a field: a column, or a fixed value (`@us`, `EUR`), or nothing; how sure, and why.

    rivals      columns between which nothing decides
    """

    field: str
    column: int | None = None
    fixed: str = ""
    confidence: float = 0.0
    reasons: tuple[Phrase, ...] = ()
    rivals: tuple[int, ...] = ()

    @property
    def known(self) -> bool:
        return self.column is not None or bool(self.fixed)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is not chosen for anybody. `about` is a column's index, or the names of fields that can answer it."""

    sort: QuestionSort
    column: int | None = None
    fields: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a table seems to be.

    kind            None while it is not sure; `kinds` are all of them with how well they fit, best first
    places          for each field of the kind, what was found
    questions       what must be said before it can be a layout
    us, us_reason   our side where the table gives it away, and why
    """

    sheet: Sheet
    columns: tuple[Column, ...]
    kind: str | None
    kinds: tuple[tuple[str, float], ...]
    places: Mapping[str, Placed]
    questions: tuple[Question, ...]
    said: Said
    us: str | None = None
    us_reason: Phrase | None = None

    def column(self, name: str) -> Column | None:
        """The column of a field."""
        placed = self.places.get(name)
        return self.columns[placed.column] if placed is not None and placed.column is not None else None

    def fixed(self, name: str) -> str:
        """The fixed value of a field, empty when it has none."""
        placed = self.places.get(name)
        return placed.fixed if placed is not None else ""

    def has(self, *names: str) -> bool:
        """Whether one of these fields has a column."""
        return any(self.column(name) is not None for name in names)


EXTRA = {"direction": ("in", "out", "signed"), "sign": ("normal", "turned")}
"""What may be set beside fields, and to what: which way payments without a sign go; whether invoices stand below zero."""


def guess(sheet: Sheet, said: Said | None = None, columns: tuple[Column, ...] | None = None) -> Proposal:
    """Propose what a table is; `columns` where they were looked into before. Raises WrongCall where what was said names no
    field, column or kind.
    """
    said = said or Said()
    columns = looked_into(sheet) if columns is None else columns
    if said.kind is not None and said.kind not in KINDS:
        raise WrongCall("{kind} is no kind of table. Choose one of: {known}.", kind=said.kind, known=", ".join(KINDS))
    found = {name: _placed(kind, columns) for name, kind in KINDS.items()}
    ranking = sorted(((name, _fit(KINDS[name], places, columns, sheet.hints)) for name, places in found.items()),
                     key=lambda one: -one[1])
    kind = said.kind or _chosen(ranking, found)
    if kind is None:
        if said.fields:
            raise WrongCall("Fields belong to a kind of table, and the kind is not sure. Say it first with --kind: {known}.",
                            known=", ".join(KINDS))
        question = Question("kind", choices=tuple(name for name, fit in ranking if fit >= SURE) or tuple(KINDS))
        return Proposal(sheet, columns, None, tuple(ranking), {}, (question,), said)
    places = _with_said(KINDS[kind], found[kind], columns, said)
    made = Proposal(sheet, columns, kind, tuple(ranking), places, (), said)
    us, reason = _our_side(made)
    return replace(made, questions=tuple(_questions(made)), us=us, us_reason=reason)


def looked_into(sheet: Sheet) -> tuple[Column, ...]:
    """The columns of a table."""
    width = len(sheet.heads)
    rows = [list(row[:width]) + [""] * (width - len(row)) for row in sheet.rows[:MOST_ROWS]]
    cells = list(zip(*rows, strict=True)) if rows else [()] * width
    return tuple(looked_at(index, head, column) for index, (head, column) in enumerate(zip(sheet.heads, cells, strict=True)))


def _usable(columns: Sequence[Column]) -> list[Column]:
    """Columns that a layout can name: with a head, the first of equal ones."""
    seen: set[str] = set()
    kept = []
    for column in columns:
        key = plain(column.head)
        if key and key not in seen:
            seen.add(key)
            kept.append(column)
    return kept


# -- which column is what

def _placed(kind: Kind, columns: Sequence[Column]) -> dict[str, Placed]:
    usable = _usable(columns)
    found: dict[str, Placed] = {one.name: Placed(one.name) for one in kind.fields}
    offers, refused = [], []
    for rank, one in enumerate(kind.fields):
        for column in usable:
            like = likeness(column.head, one)
            if not like.score:
                continue
            bears, reason = _bears_out(one, column, like.score)
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
    _by_values(kind, found, [column for column in usable if column.index not in taken])
    _in_order(found, columns)
    _answers_something(found, columns)
    return found


def _head_reason(how: str, word: str) -> Phrase:
    if how == "equal":
        return Phrase("the head says so")
    return Phrase("the head holds “{part}”", {"part": word}) if how == "part" else Phrase("the head is nearly “{part}”", {"part": word})


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _bears_out(one: Field, column: Column, like: float) -> tuple[float, Phrase]:
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
            take(name, fitting[0], confidence, _bears_out(one, fitting[0], 1)[1])
    accounts = [one for one in free if not one.empty and one.shares["account"] >= _NEARLY_ALL]
    for name, constant in (("account", True), ("other_account", False)):
        fitting = [column for column in accounts if column.constant is constant and column in free]
        if (one := open_(name)) is not None and len(fitting) == 1:
            take(name, fitting[0], .7, _bears_out(one, fitting[0], 1)[1])
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
                take(name, fitting[0], .55, _bears_out(one, fitting[0], 1)[1])
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
    if share < _NEARLY_ALL or _before(late, early) > .5 or early.filled < _FEW:  # noqa: PLR2004  half of them on one day: no order
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
        if both >= _FEW and (share := 1 - _before(columns[one], columns[other])) > .5:  # noqa: PLR2004  most rows
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


# -- which kind it is

def _fit(kind: Kind, places: Mapping[str, Placed], columns: Sequence[Column], hints: Sequence[str]) -> float:
    """How well a kind fits: the mean confidence of what it needs, more for each other field and typical head, less for odd ones."""
    needed = {name for group in kind.needs for name in group}
    base = _base(kind, places)
    taken = {placed.column for placed in places.values() if placed.column is not None}
    more = sum(placed.confidence > SURE for name, placed in places.items() if name not in needed)
    heads = [column.head for column in columns if column.index not in taken]
    marks = sum(like_any(head, kind.marks).score > .8 for head in heads)  # noqa: PLR2004  equal, or nearly all of it
    against = sum(like_any(head, kind.against).score > .55 for head in heads)  # noqa: PLR2004  also as a part
    words = {word for hint in hints for word in words_of(hint)}
    sign = any(word in words for word in kind.signs)
    bare = kind.typical and marks < kind.proof and not sign and not any(places[name].known for name in kind.typical)
    return round(base - (.3 if bare else 0) + min(.2, .03 * more) + min(.2, .05 * marks) - min(.3, .1 * against) + (.1 if sign else 0), 4)


def _base(kind: Kind, places: Mapping[str, Placed]) -> float:
    """The mean confidence of what a kind needs, the best of each group."""
    return sum(max(places[name].confidence for name in group) for group in kind.needs) / len(kind.needs)


def _chosen(ranking: Sequence[tuple[str, float]], found: Mapping[str, Mapping[str, Placed]]) -> str | None:
    (best, fit), (_second, next_fit) = ranking[0], ranking[1]
    sure = fit >= KIND_SURE or (fit >= BASE_SURE and _base(KINDS[best], found[best]) >= BASE_SURE)
    return best if sure and fit - next_fit >= KIND_LEAD else None


# -- what a person said

def _with_said(kind: Kind, found: dict[str, Placed], columns: Sequence[Column], said: Said) -> dict[str, Placed]:
    places = dict(found)
    allowed = [*places, *EXTRA, "currency", "timezone"]
    for name, value in said.fields.items():
        if name not in allowed:
            known, near = ", ".join(dict.fromkeys(allowed)), process.extractOne(name, allowed, score_cutoff=_NEAR)
            if near is None:
                raise WrongCall("{field} is no field of {kind}. Fields are: {known}.", field=name, kind=kind.name, known=known)
            raise WrongCall("{field} is no field of {kind}. Fields are: {known}. Did you mean {near}?", field=name, kind=kind.name,
                            known=known, near=near[0])
        if name in EXTRA:
            if value not in EXTRA[name]:
                raise WrongCall("{field} cannot be {value}. It can be: {known}.", field=name, value=value, known=", ".join(EXTRA[name]))
            places[name] = Placed(name, None, value, 1, (Phrase("said by hand"),))
            continue
        if value in {"", "-"}:
            places[name] = Placed(name, reasons=(Phrase("said by hand"),))
            continue
        column = None if name == "timezone" or (name in {"currency", "unit"} and _no_column(value, columns, name)) else column_of(value, columns, name, kind)
        one = kind.field(name)
        if column is None:
            places[name] = Placed(name, None, US if value == US else value.upper() if name == "currency" else value, 1, (Phrase("said by hand"),))
            continue
        for other, placed in list(places.items()):
            if placed.column == column and other != name:
                places[other] = Placed(other)
        reason = _bears_out(one, columns[column], 1)[1] if one is not None else Phrase("its cells are empty")
        places[name] = Placed(name, column, "", 1, (Phrase("said by hand"), reason))
    return places


def _no_column(value: str, columns: Sequence[Column], name: str) -> bool:
    """Whether a currency or a unit is said, not a column that holds it."""
    return re.fullmatch("[A-Za-z]{3}" if name == "currency" else "[A-Za-z]+", value) is not None and all(plain(column.head) != plain(value) for column in columns)


def column_of(text: str, columns: Sequence[Column], name: str = "", kind: Kind | None = None) -> int | None:
    """The column that is meant by a head, or by its number. None for `@us` under a party. Raises WrongCall with the heads."""
    if text == US and kind is not None and (one := kind.field(name)) is not None and one.sort in {"party", "name"}:
        return None
    for column in _usable(columns):
        if plain(column.head) == plain(text) != "":
            return column.index
    if text.isdigit() and 1 <= int(text) <= len(columns) and columns[int(text) - 1] in _usable(columns):
        return int(text) - 1
    heads = [column.head for column in _usable(columns)]
    near = process.extractOne(text, heads, score_cutoff=_NEAR)
    if near is None:
        raise WrongCall("There is no column {value}. Columns are: {heads}.", value=text, heads=", ".join(heads))
    raise WrongCall("There is no column {value}. Columns are: {heads}. Did you mean {near}?", value=text, heads=", ".join(heads), near=near[0])


# -- what must be asked

def _questions(proposal: Proposal) -> list[Question]:
    kind = KINDS[proposal.kind or ""]
    asked = [Question("field", fields=group) for group in kind.needs
             if not any(proposal.places[name].known or proposal.places[name].rivals for name in group)]
    asked += [Question("field", fields=(name,), choices=tuple(proposal.columns[index].head for index in placed.rivals))
              for name, placed in proposal.places.items() if placed.rivals and not placed.known]
    for one in kind.fields:
        column = proposal.column(one.name)
        if column is None:
            continue
        if one.sort == "moment" and column.day_doubt and column.index not in proposal.said.orders:
            asked.append(Question("date", column.index, (one.name,), ("DMY", "MDY")))
        if one.sort == "amount" and column.mark_doubt and column.index not in proposal.said.decimals:
            asked.append(Question("decimal", column.index, (one.name,), (",", ".")))
    amount = proposal.column("amount")
    one_way = amount is not None and not amount.negative and not amount.empty
    if kind.name == "payments" and amount is not None and one_way and not proposal.has("way", "debit", "credit") and not proposal.fixed("direction"):
        asked.append(Question("direction", amount.index, ("direction",), EXTRA["direction"]))
    if amount is not None and proposal.has("invoice_date") and not proposal.fixed("sign") and _MIXED < amount.negative < _TURNED:
        asked.append(Question("sign", amount.index, ("sign",), EXTRA["sign"]))
    return asked


def is_turned(proposal: Proposal) -> bool:
    """Whether invoices stand below zero in this table, as some bookkeeping writes what is to be paid."""
    amount = proposal.column("amount")
    return proposal.fixed("sign") == "turned" or (not proposal.fixed("sign") and amount is not None and amount.negative >= _TURNED)


# -- who is us

def _our_side(proposal: Proposal) -> tuple[str | None, Phrase]:
    account = proposal.column("account")
    if proposal.kind == "payments" and account is not None and account.distinct == 1:
        held = account.examples[0]
        return of_iban(held) or of_anything(held), Phrase("{value} is the account in every row: its holder is us", {"value": account.examples[0]})
    sides = {"log": ("from", "to"), "invoices": ("supplier", "customer"), "deliveries": ("supplier", "customer"), "tickets": ("requester", "agent"),
             "meetings": ("organiser", "attendee")}.get(proposal.kind or "")
    if sides is None or US in map(proposal.fixed, sides):
        return None, Phrase("our side does not stand in the table; say it with --us when it is read")
    named = [column for name in sides for column in (proposal.column(name), proposal.column(f"{name}_name"), proposal.column(f"{name}_mail"))
             if column is not None]
    if len(named) < 2:  # noqa: PLR2004  one side stands in the table
        return None, Phrase("our side does not stand in the table; say it with --us when it is read")
    always: set[str] | None = None
    for row in proposal.sheet.rows:
        here = {found for column in named if column.index < len(row) and (found := of_anything(text_of(row[column.index])))}
        always = here if always is None else always & here
    if always is not None and len(always) == 1 and len(proposal.sheet.rows) >= _FEW:
        us = next(iter(always))
        return us, Phrase("{value} stands in every row, so that is probably us", {"value": us})
    return None, Phrase("the table does not give away which side is us; say it with --us when it is read")


__all__ = ["EXTRA", "KINDS", "NONE", "Placed", "Proposal", "Question", "Said", "Sheet", "column_of", "example_of", "guess", "is_turned"]
