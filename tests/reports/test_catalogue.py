"""Every text has its Dutch, with the same places; none is said that nobody translated."""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests import templates

from evenwicht.errors import WrongCall
from evenwicht.phrase import Phrase
from evenwicht.reports import catalogue

FOUND = templates.collect()


def places(text: str) -> list[str]:
    """The `{name}` places of a template with their format, sorted; a place that stands twice counts twice."""
    return sorted(f"{name}:{spec}" for _, name, spec, _ in string.Formatter().parse(text) if name is not None)


def test_every_text_has_its_dutch() -> None:
    dutch = catalogue.texts("nl")
    missing = {text: spots[0] for text, spots in FOUND.templates.items() if text and text not in dutch}
    listed = "\n".join(f"  {spot}: {text}" for text, spot in sorted(missing.items(), key=lambda item: item[1]))
    assert not missing, f"{len(missing)} texts without Dutch; “python tests/templates.py” prints entries to fill in:\n{listed}"


def test_every_text_can_be_collected() -> None:
    assert not FOUND.unclear, "write the text itself in these places, or mark it with template(…):\n" + \
        "\n".join(f"  {place}" for place in FOUND.unclear)


def test_translations_have_the_places_of_the_original() -> None:
    for text, dutch in catalogue.texts("nl").items():
        assert set(places(dutch)) == set(places(text)), (text, dutch)


def test_translations_end_like_the_original() -> None:
    """A sentence stays a sentence, and a part of one stays a part."""
    for text, dutch in catalogue.texts("nl").items():
        for end in (".", "?", ":"):
            assert text.endswith(end) == dutch.endswith(end), (text, dutch)
        assert dutch == dutch.strip()


def test_dutch_quotes_are_dutch_and_nobody_is_addressed() -> None:
    for text, dutch in catalogue.texts("nl").items():
        assert not set(dutch) & set("“”"), dutch
        said = {word.lower() for word in re.findall(r"[^\W\d_]+", dutch)}
        assert not said & {"wij", "ons", "onze", "jullie", "jouw", "uw"}, (text, dutch)


def test_nothing_stands_in_the_catalogue_twice() -> None:
    file = Path(catalogue.__file__).parent.parent / "locale" / "nl" / "LC_MESSAGES" / "evenwicht.po"
    keys = re.findall(r'^msgid (".+(?:\n".*)*)', file.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(keys) == len(set(keys))


# the lookup ----------------------------------------------------------------------------------------------------------


def test_english_is_said_as_it_is_written() -> None:
    assert catalogue.translator("en")("Balanced") == "Balanced"
    assert catalogue.translator("nl")("Balanced") == "In balans"


def test_a_text_without_dutch_is_said_in_english() -> None:
    assert catalogue.say("nl", "Nobody translated {this}.", this="that") == "Nobody translated that."


def test_braces_in_a_value_are_not_places() -> None:
    assert catalogue.say("nl", "since {day}", day="{x}") == "sinds {x}"


def test_an_unknown_language_is_a_wrong_call() -> None:
    with pytest.raises(WrongCall, match="fr"):
        catalogue.translator("fr")


def test_phrases_are_said_with_their_values() -> None:
    inner = Phrase("sent mail of {party}", {"party": "Acme"})
    outer = Phrase("Missing: {needs}.", {"needs": inner})
    assert catalogue.spoken(outer, "nl") == "Ontbreekt: verzonden mail van Acme."
    assert catalogue.spoken(Phrase("since {day}", {"day": date(2026, 2, 9)}), "nl") == "sinds 9\u00a0februari 2026"
    assert catalogue.spoken(Phrase("since {day}", {"day": date(2026, 2, 9)}), "en") == "since 9\u00a0February 2026"


def test_words_among_the_values_are_said_too_and_names_are_not() -> None:
    phrase = Phrase("In “{line}” {wanted} was expected where {word} stands.",
                    {"line": "a unit", "wanted": "a unit", "word": "the end of the line"})
    assert catalogue.spoken(phrase, "nl") == "In ‘a unit’ werd een eenheid verwacht waar het einde van de regel staat."
    named = Phrase("sent mail of {party}", {"party": "order"})
    assert catalogue.spoken(named, "nl") == "verzonden mail van order"


def test_values_out_of_files_cannot_steer_a_terminal() -> None:
    phrase = Phrase("{cell} under {head} is no date that can be read.", {"cell": "\x1b[2J9\n9", "head": Path("a\u202eb")})
    assert catalogue.spoken(phrase, "en") == "[2J9 9 under ab is no date that can be read."


def test_moments_among_the_values() -> None:
    phrase = Phrase("since {day}", {"day": datetime(2026, 2, 9, 14, 5, tzinfo=UTC)})
    assert catalogue.spoken(phrase, "nl") == "sinds 9\u00a0februari 2026 14:05 UTC"


def test_stored_sentences_are_recognised() -> None:
    assert catalogue.recognised("sent mail of birch.nl", "nl") == "verzonden mail van birch.nl"
    assert catalogue.recognised("sent mail of birch.nl", "en") == "sent mail of birch.nl"
    assert catalogue.recognised("mail of Acme after 2026-05-31", "nl") == "mail van Acme na 31\u00a0mei 2026"
    assert catalogue.recognised("bank statements of mail of x after 2026-05-31", "nl") == \
        "bankafschriften van mail of x na 31\u00a0mei 2026"
    assert catalogue.recognised("something else altogether", "nl") == "something else altogether"
    assert catalogue.recognised("sent mail of " + "x" * 100_000, "nl").startswith("sent mail of x")


# the collector -------------------------------------------------------------------------------------------------------

PROBLEMS = '''
class Reading:
    def problem(self, place, what, remedy, severity="error", **values):
        self.problems.append(Problem(self.label, place, what, remedy, severity, dict(values)))
'''

CODE = '''
from evenwicht.errors import WrongCall
WHAT = "a constant"
TABLE = {"x": template("from a table")}

class Worse(WrongCall):
    """A leaf of the tree."""

def refuse(reading, what, remedy):
    reading.problem("", what, remedy)

def walk(reading, flag, place):
    reading.problem(place, "what {n}", "remedy", "warning", n=1)
    reading.problem(place, "one" if flag else "other", WHAT)
    Problem("file", place, "in a problem", remedy="as a keyword")
    refuse(reading, "through a helper", "its remedy")
    raise Worse("from a leaf {x}", x=1)

def sift(reading):
    checks = {"a": (1, "from a loop"), "b": (2, "and another")}
    for number, what in checks.values():
        reading.problem("", what, "fine")

def unclear(reading, text):
    reading.problem("", f"made {text}", "fine")
    "Text".translate({1: 2})
'''


def test_the_collector_sees_every_way_to_say_something(tmp_path: Path) -> None:
    (tmp_path / "errors.py").write_text("class EvenwichtError(Exception): ...\nclass WrongCall(EvenwichtError): ...\n")
    (tmp_path / "problems.py").write_text(PROBLEMS)
    (tmp_path / "code.py").write_text(CODE)
    (tmp_path / "speaking.py").write_text("def say(text, /, **values):\n    print(spoken(Phrase(text, values), LANGUAGE))\n")
    (tmp_path / "telling.py").write_text("from evenwicht.speaking import say\nsay('from another room')\n")
    found = templates.collect(tmp_path)
    assert set(found.templates) == {
        "a constant", "from a table", "what {n}", "remedy", "one", "other", "in a problem", "as a keyword",
        "through a helper", "its remedy", "from a leaf {x}", "fine", "from a loop", "and another",
        "from another room",
    }
    assert len(found.unclear) == 1
    assert "code.py:25" in found.unclear[0]
