"""Mails that nobody wrote to anybody: bounces, receipts, out-of-office replies, circulars."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenwicht.importers.letters.headers import Headers

_BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_PRESENT = frozenset({b"list-id", b"list-unsubscribe", b"x-autoreply", b"x-autorespond", b"x-failed-recipients"})
_AWAY = re.compile(
    r"^\W*(?:auto(?:matic|mated)?[- ]?(?:reply|response|antwort)|automatisch(?:e)? (?:antwoord|antwort|beantwoording)|out of (?:the )?office|"
    r"afwezig|abwesenheit|abwesend|réponse automatique|absence|respuesta autom[áa]tica|risposta automatica|fuori sede|resposta autom[áa]tica|"
    r"autosvar|automatiskt svar|automatisk svar|automaattinen vastaus|automatyczna odpowiedź|automatická odpověď|автоматический ответ|"
    r"自动回复|自動回覆|自動応答|자동 회신)", re.IGNORECASE)
_ROBOT = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply[-_.+].*|.*[-_.]noreply|geen[-_.]?antwoord|niet[-_.]?beantwoorden|nicht[-_.]?antworten|"
    r"ne[-_.]?pas[-_.]?repondre|no[-_.]?responder|non[-_.]?rispondere|mailer-daemon|mail-daemon|postmaster|bounces?(?:[-+=].*)?|"
    r"auto-?confirm|notifications?)$")


@lru_cache(maxsize=4_096)
def is_robot(address: str) -> bool:
    """Whether nobody reads what is sent to this address: no-reply, mailer-daemon, bounces."""
    return bool(_ROBOT.match(address.partition("@")[0]))


def is_automatic(head: Headers, author: str | None) -> bool:
    """Whether the headers say that the mail was made by a machine or sent to many at once.

    RFC 3834 (Auto-Submitted), RFC 2919 and 2369 (List-Id, List-Unsubscribe), RFC 5321 4.5.5 (empty return path),
    Precedence as it is in use. X-Auto-Response-Suppress stands on ordinary mail too: it counts together with a subject
    or a sender of an automatic reply.
    """
    if not _PRESENT.isdisjoint(head.values):
        return True
    submitted = head.raw(b"auto-submitted")
    if submitted and head.text(b"auto-submitted").partition(";")[0].strip().lower() not in {"", "no"}:
        return True
    if b"precedence" in head.values and head.text(b"precedence").strip().lower() in _BULK:
        return True
    path = head.raw(b"return-path")
    if path is not None and path.strip() == b"<>":
        return True
    if author is not None and is_robot(author):
        return True
    return b"x-auto-response-suppress" in head.values and bool(_AWAY.match(head.text(b"subject")))
