"""What importers of calendars and transcripts leave in `references` for joins of the whole ledger: pseudonyms, never names.

    heads:VERSION:STAMP:MINUTES:P,P    minutes of the meeting and the heads of this side, as one version had them
    off:VERSION:STAMP                  this version calls the meeting off
    who:P                              pseudonym of the name of somebody of this side who was invited
    took:SECONDS                       how long a recording is
    time:HOW                           how the start of a recording is known: TIMES
    changed:MOMENT                     when the file of a recording was last changed

STAMP and MOMENT are `20260302T090000Z`, "" where not known; P are pseudonyms (`ledger.persons`).
"""

from __future__ import annotations

HEADS, OFF, WHO = "heads:", "off:", "who:"
TOOK, TIME, CHANGED = "took:", "time:", "changed:"

REPLY = "reply"
"""Kind of a row that says whether one person comes. `ledger.replies` takes it out of the ledger again."""

SPEECH = "speech"
"""Kind of a row that says how long one speaker spoke whose organisation, or whose meeting, is not known yet."""

SPEAKER, MEETING = "speaker:", "meeting:"
"""What stands before the pseudonym of a speaker's name, and before the recording, where a speech has no parties."""

EXACT, DAY, NONE = "exact", "day", "none"
TIMES = (EXACT, DAY, NONE)
"""The start of a recording: to the second (list, file, or its name), its day only, or not at all."""
