"""Who stands in an Outlook item, by mail address: Exchange has names of its own for people, which nobody else knows."""

from __future__ import annotations

import re

from evenwicht.importers.outlook import items
from evenwicht.importers.outlook.items import Item, Value, text

_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]\\]+@[^\s<>,;:\"()\[\]\\]+")
_LONGEST = 1_000


def author_of(item: Item) -> str:
    """In whose name an item was sent, else who sent it; "" when no property says it as a mail address."""
    values = item.values
    said = text(values, items.REPRESENTING_SMTP) or _smtp(
        item, text(values, items.REPRESENTING_TYPE), text(values, items.REPRESENTING_ADDRESS))
    names = (text(values, items.REPRESENTING_NAME), text(values, items.SENDER_NAME))
    return clean(said) or sender_of(item) or next((found for found in map(clean, names) if found), "")


def sender_of(item: Item) -> str:
    """Who sent an item, for themselves or for somebody else."""
    values = item.values
    return clean(text(values, items.SENDER_SMTP) or _smtp(item, text(values, items.SENDER_TYPE), text(values, items.SENDER_ADDRESS)))


def address_of(person: dict[int, Value]) -> str:
    """The mail address of somebody to whom an item went; "" when it is not said."""
    said = text(person, items.SMTP_ADDRESS) or _plain(text(person, items.ADDRESS_TYPE), text(person, items.ADDRESS))
    return clean(said) or clean(text(person, items.DISPLAY_NAME))


def clean(said: str) -> str:
    """The one address in a text, "" when there is none: nothing else may come into a header with it."""
    found = _ADDRESS.search(said[:_LONGEST])
    return found[0] if found else ""


def all_in(said: str) -> list[str]:
    """All addresses in a text."""
    return _ADDRESS.findall(said[:_LONGEST])


def bare(name: str) -> str:
    """A name without the signs that mean something in a list of addresses."""
    return re.sub(r"[<>,;:\"()@\[\]\\]", " ", name)[:200].strip()


def _smtp(item: Item, kind: str, address: str) -> str:
    """The mail address behind an address of any kind: one of Exchange's own is looked up among those to whom the item went."""
    if not address:
        return ""
    return _plain(kind, address) or next(
        (text(each, items.SMTP_ADDRESS) for each in item.recipients if text(each, items.ADDRESS).lower() == address.lower()), "")


def _plain(kind: str, address: str) -> str:
    return address if "@" in address and kind.upper() in {"", "SMTP", "MAILTO"} else ""
