"""HTML of a mail to lines of text, in which quoted parts carry `> ` and a signature stands under `-- `.

One pass over the tags, in time linear in the length whatever the input: nothing is nested, nothing is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

from evenwicht.importers.letters.separators import MADE_SEPARATOR

MOST_HTML = 4_000_000
"""Characters of HTML that are looked at."""

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:]*+)(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>"
    r"|<[/!?A-Za-z][^<>]*+>")
_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]*)(.*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"(?<![A-Za-z-])([A-Za-z-]{1,30})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0\u200b\ufeff]+")

_BLOCK = frozenset("""
    address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6
    header li main menu nav ol p pre section table tbody tfoot thead tr ul
""".split())
_TRACKED = frozenset({"div", "blockquote", "span", "section", "article", "td", "p", "table", "pre", "font"})
_UNSEEN = frozenset({"style", "script", "head", "title", "template", "svg", "object", "noscript"})
_SPACED = frozenset({"p", "blockquote", "table", "h1", "h2", "h3", "pre"})
_MOST_EFFECTS = 100
_SIGNATURE_MARK = "-- "
_LONGEST_ATTRIBUTES = 1_500
"""Longer attributes are embedded pictures."""

_AFTER_HERE = re.compile(
    r"divrplyfwdmsg|outlookmessageheader|stopspelling|yahoo_quoted|reply-intro|appendonsend|"
    r"mail-editor-reference-message-container|zmail_extra", re.IGNORECASE)
_LINE_ABOVE = re.compile(r"border:\s*none;\s*border-top:\s*solid|border-top:\s*(?:solid|1(?:\.0)?p[tx])\s", re.IGNORECASE)
_SIGNATURE = re.compile(r"gmail_signature|moz-signature|^signature$|ms-outlook-mobile-signature|protonmail_signature", re.IGNORECASE)
_HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all", re.IGNORECASE)
_INDENT = re.compile(r"^(?=.*border:\s*none)(?=.*padding:\s*0)", re.IGNORECASE | re.DOTALL)
"""How Outlook and Gmail make an indent with the tag that is for quotes."""
_TELLING = re.compile(
    r"gmail_|quote|border|display|mso-hide|divrply|outlook|stopspelling|reply-intro|appendonsend|reference-message|zmail|moz-|signature",
    re.IGNORECASE)
_QUOTING = re.compile(r"gmail_quote|gmail_attr|moz-cite-prefix", re.IGNORECASE)


@dataclass(slots=True)
class _Effect:
    """An open element that makes text quoted, hidden or preformatted; `within` = open divs when it began."""

    name: str
    depth: int
    within: int
    quoted: int
    hidden: int
    plain: int


@dataclass(slots=True)
class _Page:
    """The lines written so far, and how deep in quotes, hidden and preformatted parts the reader stands."""

    lines: list[str] = field(default_factory=list)
    now: list[str] = field(default_factory=list)
    depth: dict[str, int] = field(default_factory=dict)
    effects: list[_Effect] = field(default_factory=list)
    quotes: int = 0
    hidden: int = 0
    plain: int = 0

    def add(self, quoted: int, hidden: int, plain: int) -> None:
        self.quotes += quoted
        self.hidden += hidden
        self.plain += plain

    def say(self, text: str) -> None:
        if self.hidden:
            return
        if self.plain:
            first, *others = text.split("\n")
            self.now.append(first)
            for other in others:
                self.end_line()
                self.now.append(other)
        else:
            text = _BLANKS.sub(" ", text)
            if text != " " or (self.now and not self.now[-1].endswith(" ")):
                self.now.append(text)

    def end_line(self, *, force: bool = False) -> None:
        text = "".join(self.now)
        self.now.clear()
        text = text.rstrip() if self.plain else text.strip()
        if text or force:
            self.lines.append("> " * min(self.quotes, 20) + text if self.quotes else text)

    def blank(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def write(self, line: str) -> None:
        self.end_line()
        self.lines.append(line)


def text_of_html(html: str) -> str:
    """The visible text, one line a block. `> ` stands before quoted lines, a separator before a mail that is enclosed below."""
    html = _without_comments(html[:MOST_HTML])
    page = _Page()
    position = 0
    skip_until = ""
    lowered = ""
    never_closed: set[str] = set()
    for found in _TAG.finditer(html):
        if found.start() < position:
            continue
        if found.start() > position and not skip_until:
            text = html[position:found.start()]
            page.say(unescape(text) if "&" in text else text)
        position = found.end()
        named = found if found["name"] else _NAME.match(found[0])
        if named is None:
            continue
        closes, name, rest = named[1] == "/", named[2].lower(), named[3]
        if skip_until:
            if closes and name == skip_until:
                skip_until = ""
            continue
        if name in _UNSEEN and not closes and not rest.endswith("/"):
            lowered = lowered or html.lower()
            if name not in never_closed and lowered.find(f"</{name}", position) >= 0:
                skip_until = name
            else:
                never_closed.add(name)
            continue
        if closes:
            _closed(page, name)
        else:
            _opened(page, name, rest)
    if not skip_until:
        page.say(unescape(html[position:]))
    page.end_line()
    return "\n".join(page.lines)


def _without_comments(html: str) -> str:
    if "<!--" not in html:
        return html
    out: list[str] = []
    position = 0
    while (begin := html.find("<!--", position)) >= 0:
        end = html.find("-->", begin + 4)
        if end < 0:
            break
        out.append(html[position:begin])
        position = end + 3
    out.append(html[position:])
    return "".join(out)


def _opened(page: _Page, name: str, rest: str) -> None:
    if name == "br":
        page.end_line(force=True)
        return
    if name == "hr":
        page.write(MADE_SEPARATOR if "stopspelling" in rest.lower() else "________________")
        return
    if name in _BLOCK:
        page.end_line()
        if name in _SPACED:
            page.blank()
    elif name in {"td", "th"}:
        page.now.append(" ")
    if name == "li":
        page.now.append("- ")
    if name in _TRACKED:
        _tracked(page, name, rest)


@lru_cache(maxsize=4_096)
def _meaning(is_quote_tag: bool, rest: str) -> tuple[int, int, str]:
    """What the attributes of an element say: 1 if it quotes, 1 if it is hidden, and a line to write where it begins."""
    if not _TELLING.search(rest):
        return int(is_quote_tag), 0, ""
    said = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(rest)}
    marks, style = f"{said.get('class', '')} {said.get('id', '')}", said.get("style", "")
    hidden = int(bool(_HIDDEN.search(style)))
    if _AFTER_HERE.search(marks) or (not is_quote_tag and _LINE_ABOVE.search(style)):
        return 0, hidden, MADE_SEPARATOR
    if is_quote_tag:
        return int(not _INDENT.search(style)), hidden, ""
    if _QUOTING.search(marks):
        return 1, hidden, ""
    if any(_SIGNATURE.search(said.get(key, "")) for key in ("class", "id")):
        return 0, hidden, _SIGNATURE_MARK
    return 0, hidden, ""


def _tracked(page: _Page, name: str, rest: str) -> None:
    """Remember an element that holds quoted or hidden text, until it closes."""
    depth = page.depth.get(name, 0) + 1
    page.depth[name] = depth
    plain = int(name == "pre")
    quoted, hidden, writes = _meaning(name == "blockquote", rest) if len(rest) < _LONGEST_ATTRIBUTES else (0, 0, "")
    if writes and not (page.quotes and writes == _SIGNATURE_MARK):
        page.write(writes)
    if (quoted or hidden or plain) and len(page.effects) < _MOST_EFFECTS:
        page.end_line()
        page.effects.append(_Effect(name, depth, page.depth.get("div", 0), quoted, hidden, plain))
        page.add(quoted, hidden, plain)


def _closed(page: _Page, name: str) -> None:
    if name in _BLOCK:
        page.end_line()
        if name in _SPACED:
            page.blank()
    depth = page.depth.get(name, 0)
    if not depth:
        return
    page.depth[name] = depth - 1
    if not page.effects:
        return
    keep = len(page.effects)
    for back in range(len(page.effects) - 1, -1, -1):
        effect = page.effects[back]
        if (effect.name == name and effect.depth == depth) or (name == "div" and effect.within > depth - 1 and effect.name != "div"):
            keep = back
    for effect in page.effects[keep:]:
        page.add(-effect.quoted, -effect.hidden, -effect.plain)
    if keep < len(page.effects):
        del page.effects[keep:]
        if name == "blockquote":
            _answered_below(page)


def _answered_below(page: _Page) -> None:
    """What stands after a closed quote inside the mail program's own quote wrapper is an answer between the quotes."""
    for effect in page.effects:
        if effect.name != "blockquote" and effect.quoted:
            effect.quoted = 0
            page.quotes -= 1
