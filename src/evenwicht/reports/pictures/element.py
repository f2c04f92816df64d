"""Markup by construction: what is not `Markup` is escaped, so no name or value can become a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

VOID = frozenset({"br", "circle", "hr", "img", "input", "link", "meta", "path", "rect", "use"})
"""Elements without content. The SVG shapes are closed with a slash, which HTML allows there."""

SHAPES = frozenset({"circle", "path", "rect", "use"})

_NO_PLACE_IN_A_PAGE = (
    *range(9), 11, 12, *range(14, 32), *range(127, 160),  # control characters
    *range(0x202A, 0x202F), *range(0x2066, 0x206A),       # direction overrides could turn a sentence around
    *range(0xD800, 0xE000), 0xFFFE, 0xFFFF,               # what no file of text can hold
)

_HARMLESS = str.maketrans({
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;",
    **{chr(code): "\ufffd" for code in _NO_PLACE_IN_A_PAGE},
})


class Markup(str):
    """Text that is markup already: made by `element` or written by hand in this package, never by a source."""

    __slots__ = ()


Child: TypeAlias = "str | int | Markup | Iterable[Child] | None"


def escape(text: object) -> Markup:
    """Any value as harmless text; characters that have no place in a page become U+FFFD."""
    return text if isinstance(text, Markup) else Markup(str(text).translate(_HARMLESS))


def join(*children: Child) -> Markup:
    """The children one after the other; None is nothing, a list is its members."""
    return Markup("".join(_flat(children)))


def element(name: str, /, *children: Child, **attributes: object) -> Markup:
    """One element. Attribute names: a trailing underscore is dropped, others become hyphens (`aria_label`).

    None and False leave an attribute out, True gives it without a value.
    """
    opening = name + "".join(
        f" {_attribute(key)}" if value is True else f' {_attribute(key)}="{escape(value)}"'
        for key, value in attributes.items() if value is not None and value is not False
    )
    if name in VOID:
        return Markup(f"<{opening}/>" if name in SHAPES else f"<{opening}>")
    return Markup(f"<{opening}>{join(*children)}</{name}>")


def decimals(value: float, places: int = 1) -> str:
    """A coordinate, short: `12.0` is `12`, `-0.0` is `0`, `0.5` is `.5`."""
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in {"-0", ""}:
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _flat(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, str | int):
            yield escape(child)
        else:
            yield from _flat(child)
