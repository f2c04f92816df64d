"""Lines such as "On Monday Jan wrote:", in the languages of Europe and the larger ones of Asia."""

from __future__ import annotations

import re

from evenwicht.importers.late import late

_WROTE = (
    # English, Dutch, German
    r"wrote|writes|schreef|schreven|geschreven|schrijft|schrieb(?:en)?|schreibt|geschrieben|"
    # French, Spanish, Catalan, Portuguese, Italian, Romanian
    r"a[ \u00a0]+[ée]crit|[ée]crivait|[ée]crit|escribi[óo]|ha escrito|va escriure|escreveu|ha scritto|scrisse|scriveva|a scris|"
    # Swedish, Danish, Norwegian, Finnish, Icelandic, Estonian
    r"skrev|skrifaði|kirjoitti|kirjutas|"
    # Polish, Czech, Slovak, Slovene, Croatian
    r"napisana przez|napisał(?:a)?(?:\((?:a|\s*a\s*)\))?|pisze|napsal(?:a)?(?:\(a\))?|napísal(?:a)?(?:\(a\))?|je napisal(?:a)?|napisao(?:/la)?|napisala|"
    # Russian, Ukrainian, Bulgarian, Greek
    r"написал(?:а)?(?:\(а\))?|пишет|писал(?:а)?|написав|написала|пише|написа|έγραψε|"
    # Hungarian, Turkish, Latvian, Lithuanian
    r"(?:ezt |a következőt )?írta|(?:şunu |şunları )?yazdı|rakstīja|rašė|"
    # Vietnamese, Indonesian, Hebrew, Arabic, Persian
    r"đã viết|menulis|כתב(?:/ה|ה)?|كتب(?:ت)?|نوشت|"
    # Chinese, Japanese, Korean
    r"写道|寫道|写到|のメール|が書き込みました|が書きました|は書きました|さんは書きました|님이 (?:작성|쓴 ?글)|작성|썼습니다"
)
_ANY = late(rf"(?:(?<=[\s>\"')\]*\d])|^)(?:{_WROTE})(?![^\W\d_(])|写道|寫道|のメール|書きました|작성|썼습니다", re.IGNORECASE)
_STEMS = (
    "wrote", "schre", "schri", "writes", "skrev", "crit", "escri", "escre", "scritto", "scrisse", "scriveva", "scris", "napis", "napís",
    "napsal", "pisze", "skrifa", "kirj", "напис", "писа", "пише", "έγραψε", "írta", "yazd", "rakst", "rašė", "đã viết", "menulis", "כתב",
    "كتب", "نوشت", "写道", "寫道", "写到", "のメール", "書き", "작성", "님이", "썼습니다",
)
"""Parts of these words: what holds none of them holds no such word."""
_USUAL = (" wrote:", " schreef:", " geschreven:", " schrieb:", " a écrit :", " escribió:", " ha scritto:", " escreveu:", " skrev:")
"""How nearly all such sentences end."""
_LEAD = late(
    r"^\W*(?:on|at|op|am|på|às|wiadomość|le|el|il|em|na|den|d\.|dne|dňa|dnia|w dniu|pe|la|în data|in data|v|в|во|от|у|на|vào|pada|στις|στη|dana|je|"
    r"ב-?|في|بتاريخ|在|於|于|date|quoting|zitat von|citeren|"
    r"mon|tue|wed|thu|fri|sat|sun|ma|di|wo|do|vr|za|zo|mo|mi|lun|mar|mer|jeu|ven|sam|dim|"
    r"\w*day|\w*dag|\w*tag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|"
    r"domingo|luned[ìi]|marted[ìi]|mercoled[ìi]|gioved[ìi]|venerd[ìi]|sabato|domenica|понедельник|вторник|среда|четверг|пятница|"
    r"суббота|воскресенье|poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|\d{1,4}[-./ \u5e74\ub144])(?:\b|[,.\s\d])", re.IGNORECASE)
_NAMED = re.compile(r"^\W*[^\n<>]{1,80}<[^<>\s]+@[^<>\s]+>", re.UNICODE)
_THEN_DATE = late(
    rf"(?:{_WROTE})\s+(?:on|at|op|am|le|el|em|il|den|d\.|pe|dne|dňa|w dniu|dnia|kl)\b[^\n]{{0,80}}\d|kirjoitti \d{{1,2}}\.\d{{1,2}}\.", re.IGNORECASE)
_AS = late(r"^\W*(?:as|like|zoals|gelijk|wie|comme|como|come|jak|jako|som|kuten|как|ahogy|όπως)\s", re.IGNORECASE)
"""How authors begin when they name what somebody wrote and go on themselves: no mail program does."""
_DASHED = late(rf"(?:{_WROTE}) ?-{{2,20}}$", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+|<\s*$|^[^<>]*>")
_DATED = re.compile(r"\d{1,4}[-/.]\d{1,2}|\d{1,2}[:.]\d{2}|\b(?:19|20)\d\d\b|\d年")
_DATE_FIRST = re.compile(r"^\W*\d{2,4}[-/.]\d{1,2}[-/.]\d{1,4}\b[^\n]{0,160}<[^<>\n]*@[^<>\n]*>\s*:?\s*$")
_TIMED_SENDER = re.compile(r"\d{1,2}[:.]\d{2}[^\n]{0,160}<[^<>\s]+@[^<>\s]+>\s?[:：]\s*$")
_TO_US = re.compile(r"^\W*(?:in (?:article|message|reply to)|quoting|zitat von|citeren)\b", re.IGNORECASE)
LONGEST = 4
"""Most lines over which one such sentence is broken."""


def may_end(line: str) -> str:
    """The sign with which such a sentence can end here, "" where it cannot: a cheap test before the dear one.

    One that ends with dashes (`-`) begins with them too: most lines of dashes stand above a signature.
    """
    text = line.rstrip(" \t*_")
    return text[-1:] if text.endswith((":", "：", ">", "--")) else ""


def length_at(lines: list[str], start: int, follows: list[bool]) -> int:
    """How many lines from `start` are a "X wrote:" sentence, 0 when they are none.

    `lines` are without quote marks. `follows[i]` says that the first line with text from i on is quoted: right before
    a quote less proof is asked.
    """
    joined = ""
    for count in range(1, LONGEST + 1):
        if start + count > len(lines):
            return 0
        line = lines[start + count - 1].strip()
        if not line or len(line) > 300:  # noqa: PLR2004  a paragraph, not such a sentence
            return 0
        joined = f"{joined} {line}" if joined else line
        if count == 1 and not _may_begin(joined) and not may_end(joined):
            return 0
        if _is_attribution(joined, quoted_next=follows[start + count]):
            return count
    return 0


def _may_begin(text: str) -> bool:
    return "<" in text or "@" in text or bool(_DATED.search(text) or _TO_US.match(text) or _LEAD.match(text))


def _may_say_wrote(text: str) -> bool:
    """A cheap test before the dear one."""
    lowered = text.lower()
    for stem in _STEMS:  # noqa: SIM110  a generator would take three times as long
        if stem in lowered:
            return True
    return False


def _says_wrote(text: str) -> bool:
    return text.endswith(_USUAL) or (_may_say_wrote(text) and _ANY.search(text) is not None)


def _is_dashed(text: str) -> bool:
    """`---- On Monday Jan wrote ----`, as Zoho writes it."""
    return text.endswith("--") and _may_say_wrote(text) and _DASHED.search(text) is not None


def _is_attribution(text: str, *, quoted_next: bool) -> bool:
    if len(text) > 500:  # noqa: PLR2004
        return False
    if "<" in text and "@" in text and (_DATE_FIRST.match(text) or _TIMED_SENDER.search(text)):
        return True
    ends = text.rstrip("* _\t").endswith((":", "：")) or (text[0] == "-" and _is_dashed(text.rstrip()))
    if not ends and not quoted_next:
        return False
    if ends and _TO_US.match(text) and ("@" in text or len(text) <= 80):  # noqa: PLR2004
        return True
    wrote = _says_wrote(text)
    if not wrote and not (ends and quoted_next):
        return False
    addressed = ("@" in text or "<" in text or ">" in text) and _ADDRESS.search(text) is not None
    dated = _DATED.search(text) is not None
    if not wrote:
        return ends and quoted_next and (addressed or dated) and len(text) <= 200  # noqa: PLR2004
    if not addressed and not dated:
        return ends and quoted_next
    if not addressed and not quoted_next and _AS.match(text):
        return False
    return bool(
        _LEAD.match(text) or _NAMED.match(text) or quoted_next or (addressed and dated) or _THEN_DATE.search(text))
