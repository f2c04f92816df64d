"""What Evenwicht says about a relation: whole sentences, in English and Dutch, with both sides in them.

The voice: names and verbs of giving and receiving, one fact a sentence, figures with unit, number and certainty.
Nobody is "we" or "they". Exchanging the sides of a result exchanges the names in its sentences, and nothing else;
`chair` only decides who is named first. Everything here is a pure function of one relation or axis, a mapping in the
shape of `assess --format json`. Functions about one axis want the two sides beside it: take it from `axes_of(relation)`
or from a row of `found.axes`. `names` maps party keys to names; a key without a name is said as it is.

    label.py      single words: verdicts, axes, groups, verbs
    sides.py      one axis as two sides, the chair's first
    facts.py      what each side gave, per axis
    verdicts.py   the verdict in a line, its grounds, certainty, needs
    influence.py  which events carry a verdict
    causes.py     what may have caused an imbalance
    turns.py      whose turn it is
    loops.py      what is open on each side
    headlines.py  the opening of a relation's page: headline, leads, pattern, speed, why it asks for attention
"""

from evenwicht.reports.words.causes import cause_sentences, move_sentences
from evenwicht.reports.words.facts import axis_fact
from evenwicht.reports.words.headlines import (
    Headline,
    attention_reason,
    headline,
    pattern_sentence,
    robustness_sentence,
    speed_sentence,
)
from evenwicht.reports.words.influence import explained, influence_lines
from evenwicht.reports.words.label import (
    axis_name,
    giving_verb,
    group_name,
    receiving_verb,
    verdict_word,
)
from evenwicht.reports.words.loops import loop_name, loop_words
from evenwicht.reports.words.sides import Side, axes_of, keys_in_order, name_of, sides
from evenwicht.reports.words.turns import turn_sentence, turn_waits, turn_word
from evenwicht.reports.words.verdicts import (
    axis_basis,
    axis_sentence,
    back_of,
    certainty,
    chance,
    need,
    needs_sentence,
    since_words,
    verdict_line,
    wrong_sentence,
)

__all__ = [
    "Headline",
    "Side",
    "attention_reason",
    "axes_of",
    "axis_basis",
    "axis_fact",
    "axis_name",
    "axis_sentence",
    "back_of",
    "cause_sentences",
    "certainty",
    "chance",
    "explained",
    "giving_verb",
    "group_name",
    "headline",
    "influence_lines",
    "keys_in_order",
    "loop_name",
    "loop_words",
    "move_sentences",
    "name_of",
    "need",
    "needs_sentence",
    "pattern_sentence",
    "receiving_verb",
    "robustness_sentence",
    "sides",
    "since_words",
    "speed_sentence",
    "turn_sentence",
    "turn_waits",
    "turn_word",
    "verdict_line",
    "verdict_word",
    "wrong_sentence",
]
