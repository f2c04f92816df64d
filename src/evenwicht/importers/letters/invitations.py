"""The invitations of one mail: many hold the same one as a part and again as an attachment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenwicht.importers.letters.bodies import Body

_UID = re.compile(rb"^UID[^:\r\n]{0,200}:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)


def invitations_of(body: Body) -> list[bytes]:
    """The calendars in a mail, each event once."""
    if len(body.calendars) < 2:  # noqa: PLR2004
        return body.calendars
    kept: list[bytes] = []
    known: set[bytes] = set()
    for calendar in body.calendars:
        uids = {b"".join(uid.split()) for uid in _UID.findall(calendar)}
        if uids and uids <= known:
            continue
        known |= uids
        kept.append(calendar)
    return kept
