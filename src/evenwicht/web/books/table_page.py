"""The page on which a person says what an unknown table is: its first rows, the proposed columns, and what must be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from evenwicht.importers.tables.layout import US
from evenwicht.reports import numbers
from evenwicht.reports.catalogue import say, spoken, template
from evenwicht.reports.pictures.element import Child, Markup, element
from evenwicht.web import forms, frame
from evenwicht.web.forms import button, form, hidden
from evenwicht.web.languages import language_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from evenwicht.web.books.rows import Import
    from evenwicht.web.people.rows import Membership
    from evenwicht.web.tables_seen import Open, Place, Unknown

KINDS = {
    "log": template("contacts: one row is one message, call or meeting"), "receivable": template("what customers have to pay: one row is one invoice sent"),
    "payable": template("what suppliers are to be paid: one row is one invoice received"), "invoices": template("invoices that name both sides"),
    "payments": template("a bank statement: one row is one payment"), "deliveries": template("deliveries: ordered, promised and delivered"),
    "tickets": template("tickets: one row is one request"), "meetings": template("meetings: one row is one meeting of two sides"),
}
FIELDS = {
    "account": template("Own account"), "agent": template("Answered by"), "amount": template("Amount"), "answers": template("Answers which one"),
    "at": template("Day of booking"), "attendee": template("Guest"), "closed": template("Closed on"), "created": template("Made on"), "credit": template("Amount in"),
    "currency": template("Currency"), "customer": template("Customer"), "customer_kvk": template("Customer, KvK number"),
    "customer_mail": template("Customer, mail address"), "customer_name": template("Customer, name"), "customer_vat": template("Customer, VAT number"),
    "debit": template("Amount out"), "delivered": template("Delivered on"), "disputed": template("In dispute"), "disputed_on": template("In dispute since"),
    "due": template("Due on"), "from": template("From"), "id": template("Number of the row"), "invoice_date": template("Day of the invoice"),
    "kind": template("Kind of contact"), "minutes": template("Minutes"), "number": template("Invoice number"), "order": template("Order number"),
    "ordered": template("Ordered on"), "organiser": template("Organiser"), "other_account": template("Other account"), "other_name": template("Other side"),
    "promised": template("Promised for"), "reference": template("Reference"), "replied": template("Answered on"), "requester": template("Asked by"),
    "settled": template("Paid on"), "start": template("Begins"), "structured": template("Structured reference"), "supplier": template("Supplier"),
    "supplier_iban": template("Supplier, IBAN"), "supplier_kvk": template("Supplier, KvK number"), "supplier_mail": template("Supplier, mail address"),
    "supplier_name": template("Supplier, name"), "supplier_vat": template("Supplier, VAT number"), "text": template("Text"), "thread": template("Conversation"),
    "time": template("When"), "to": template("To"), "unit": template("Unit"), "way": template("In or out"), "words": template("Words"),
}
CHOICES = {
    "day": template("day first: 31/12"), "month": template("month first: 12/31"), "comma": template("a comma before cents: 1.234,56"),
    "point": template("a point before cents: 1,234.56"), "in": template("all came in"), "out": template("all went out"),
    "signed": template("below zero went out"), "normal": template("invoices stand above zero"), "turned": template("invoices stand below zero"),
}
ASKED = {
    "date": template("Days under {head}, such as {example}"), "decimal": template("Amounts under {head}, such as {example}"),
    "direction": template("Did money come in or go out?"), "sign": template("Amounts under {head} stand above and below zero"),
}


def page(request: HttpRequest, seat: Membership, one: Import, label: str, shown: Unknown, *, wrong: str = "") -> HttpResponse:
    """The rows, then the form; it answers with itself until nothing is open."""
    language = language_of(request)
    told = say(language, "Nothing was read of it yet. These are its first rows.")
    head = element("tr", [element("th", element("bdi", name), scope="col") for _, name in shown.heads])
    rows = [element("tr", [element("td", element("bdi", cell)) for cell in row]) for row in shown.rows]
    table = element("div", element("table", element("caption", say(language, "The first rows of {file}", file=label), class_="sr"),
                                   element("thead", head), element("tbody", rows)), class_="scroll peek", tabindex="0", role="group",
                    aria_label=say(language, "Table, scrolls sideways"))
    back = element("a", say(language, "Back to the import"), href=reverse("import", args=[one.pk]))
    said = spoken(shown.wrong, language) if shown.wrong is not None else wrong
    return frame.page(
        request, say(language, "Which columns are what?"),
        element("div", frame.opening(say(language, "Which columns are what?"), element("bdi", label), ". ", told, " ", back), forms.wrong(said), table,
                class_="wrap"),
        _form(request, one, label, shown, language), seat=seat, here="imports", status=400 if wrong else 200)


def _select(label: Child, name: str, options: list[tuple[str, str]], chosen: str, told: Child = None, *, open_: bool = False) -> Markup:
    made = element("select", [element("option", text, value=value, selected=value == chosen) for value, text in options], name=name, id=name,
                   aria_describedby=f"{name}-t" if told else None, aria_invalid="true" if open_ else None)
    return element("div", element("label", label, for_=name), made, element("p", told, class_="small", id=f"{name}-t") if told else None, class_="field")


def _form(request: HttpRequest, one: Import, label: str, shown: Unknown, language: str) -> Markup:
    kinds = [(kind, say(language, KINDS[kind])) for kind in shown.kinds]
    if not shown.kind:
        kinds = [("", say(language, "choose what one row is")), *kinds]
    parts: list[Child] = [_select(say(language, "What it is"), "kind", kinds, shown.kind, open_=not shown.kind)]
    if shown.kind:
        lacking = {name for group in shown.lacking for name in group}
        parts.append(hidden("of", shown.kind))
        parts += [_opened(asked, language) for asked in shown.opened]
        important = [place for place in shown.places if place.chosen not in {"", "-"} or place.name in lacking]
        others = [place for place in shown.places if place not in important]
        parts.append(element("div", [_place(place, shown, place.name in lacking, language) for place in important], class_="columns"))
        if others:
            parts.append(element("details", element("summary", say(language, "Other columns")),
                                 element("div", [_place(place, shown, False, language) for place in others], class_="columns")))
    ready = bool(shown.layout)
    open_ = [say(language, FIELDS[group[0]]) for group in shown.lacking] + [_asks(asked, language) for asked in shown.opened if not asked.chosen]
    state: Child = None
    if shown.kind and not ready and open_:
        state = element("p", say(language, "To be chosen still: {what}.", what=numbers.listed(open_, language)), class_="note")
    look = button(say(language, "Look again"), name="do", value="look")
    keep = button(say(language, "Keep this and read the table"), first=True) if shown.kind else None
    return frame.section(
        say(language, "Proposed"), say(language, "What is not right is chosen otherwise. What can be read in two ways is never guessed."), state,
        form(request, hidden("file", label), parts, element("div", look, keep, class_="btns"), to=reverse("keep-table", args=[one.pk]), class_="form layout"),
        name="proposed")


def _asks(asked: Open, language: str) -> str:
    return say(language, ASKED[asked.sort], head=asked.head, example=asked.example)


def _opened(asked: Open, language: str) -> Markup:
    """What must be chosen: nothing is chosen beforehand."""
    ways = [element("label", element("input", type="radio", name=asked.name, value=value, checked=value == asked.chosen),
                    element("span", say(language, CHOICES[value])), class_="tick") for value in asked.choices]
    return element("fieldset", element("legend", _asks(asked, language), class_="lab"), ways, class_="checks" if asked.chosen else "checks asked")


def _place(place: Place, shown: Unknown, lacking: bool, language: str) -> Markup:
    options = [("", say(language, "choose a column"))] if lacking else []
    options += [("-", say(language, "no column")), *((str(number), head) for number, head in shown.heads)]
    if place.ours:
        options.append((US, say(language, "always the own side")))
    why = "; ".join(spoken(reason, language) for reason in place.reasons)
    told = [element("bdi", place.example), " · " if why else None, why] if place.example else why
    return _select(say(language, FIELDS[place.name]), f"f-{place.name}", options, place.chosen, told, open_=lacking)
