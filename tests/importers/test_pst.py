"""Stores of Outlook. The library that opens them is stood in for by one that says what the test wants; of a store of its own the
project has none, since nothing free writes them."""

from __future__ import annotations

import struct
import sys
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from tests.importers.outlook_items import MORNING, person, sent

from evenwicht.importers import pst
from evenwicht.importers.outlook import store
from evenwicht.importers.outlook.items import APPOINTMENT
from evenwicht.importers.source import Exclusions, Head, Source

NOW = datetime(2026, 7, 1, tzinfo=UTC)


class Entry:
    def __init__(self, name, value, charset=None):
        self.entry_type, self.value = name, value
        if isinstance(value, bool):
            self.value_type, raw = 0x000B, bytes([value])
        elif isinstance(value, int):
            self.value_type, raw = 0x0003, struct.pack("<i", value)
        elif isinstance(value, datetime):
            ticks = (value - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10
            self.value_type, raw = 0x0040, struct.pack("<Q", ticks)
        elif isinstance(value, str):
            self.value_type, raw = (0x001E, value.encode(charset)) if charset else (0x001F, (value + "\0").encode("utf-16-le"))
        else:
            self.value_type, raw = (0x0102 if value else 0x0048), value
        self.raw = raw

    @property
    def data(self):
        if self.value == b"stuk":
            raise OSError("unable to read")
        return self.raw


class Records:
    def __init__(self, values, charset=None):
        self.entries = [Entry(name, value, charset) for name, value in values.items()]
        self.number_of_entries = len(self.entries)

    def get_entry(self, number):
        return self.entries[number]


class Recipients:
    def __init__(self, people):
        self.record_sets = [Records(each) for each in people]


class Attached:
    def __init__(self, values, content=b""):
        self.record_sets, self.content, self.size = [Records(values)], content, len(content or b"")

    def read_buffer(self, size):
        if self.content == b"stuk":
            raise OSError("unable to read")
        return self.content[:size]


class Message:
    def __init__(self, values, recipients=None, attachments=(), charset=None):
        self.record_sets = [Records({0x001A: "IPM.Note"} | values, charset)]
        self.recipients = None if recipients is None else Recipients(recipients)
        self.attachments, self.number_of_attachments = attachments, len(attachments)
        self.identifier = 2_097_188

    def get_attachment(self, number):
        if self.attachments[number] is None:
            raise OSError("unable to read")
        return self.attachments[number]


class Folder:
    def __init__(self, name, messages=(), folders=(), identifier=None):
        self.name, self.messages, self.folders = name, messages, folders
        self.number_of_sub_messages, self.number_of_sub_folders = len(messages), len(folders)
        self.identifier = identifier or id(self)

    def get_sub_message(self, number):
        if self.messages[number] is None:
            raise OSError("unable to read")
        return self.messages[number]

    def get_sub_folder(self, number):
        if self.folders[number] is None:
            raise OSError("unable to read")
        return self.folders[number]


class Names:
    def __init__(self):
        entries = struct.pack("<IHH", 0x820D, 3 << 1, 0) + struct.pack("<IHH", 0x820E, 3 << 1, 1) + struct.pack("<IHH", 0x8223, 3 << 1, 2)
        self.record_sets = [Records({2: uuid.UUID(APPOINTMENT).bytes_le, 3: entries, 0x1000: b"x"})]


@pytest.fixture
def reading(tmp_path, monkeypatch):
    """Reads a store with this root folder."""
    def read(root, names=None, **options):
        class File:
            def open(self, _path):
                if root == "stuk":
                    raise OSError("unable to open")

            def get_root_folder(self):
                return root

            def get_name_to_id_map(self):
                return names

            def close(self):
                pass

        monkeypatch.setattr(store.pypff, "file", File)
        path = tmp_path / "a.pst"
        path.write_bytes(b"!BDN")
        return pst.read(Source(path, "a.pst", NOW, **options))

    return read


def said(reading):
    return [str(problem.what_phrase) for problem in reading.problems]


def test_what_is_claimed(tmp_path):
    (tmp_path / "a").write_bytes(b"!BDN1234")
    (tmp_path / "b.pst").write_bytes(b"From jan")
    assert pst.identify(Head.of(tmp_path / "a"))
    assert not pst.identify(Head.of(tmp_path / "b.pst"))
    assert not pst.identify(Head.of(tmp_path))


def test_all_folders_are_read_and_a_place_is_the_number_of_the_item(reading):
    piet = [person("piet@acme.com")]
    found = reading(Folder("", (), (Folder("Inbox", (Message(sent(), piet),), (Folder("Dieper", (Message(sent(x1035="<2@birch.nl>"), piet),)),)),)))
    assert {event.id for event in found.events if event.kind == "message"} == {"m@birch.nl", "2@birch.nl"}
    assert {event.evidence for event in found.events} == {("a.pst#2097188",)}
    assert found.mail is not None
    assert found.mail.messages == 2
    assert said(found) == []


def test_a_folder_may_be_excluded_by_its_name_or_that_of_one_above(reading):
    root = Folder("", (), (Folder("Privé", (), (Folder("Diep", (Message(sent(), [person("piet@acme.com")]),)),)),))
    assert reading(root, exclude=Exclusions(labels=frozenset({"privé"}))).events == []
    assert reading(root, exclude=Exclusions(labels=frozenset({"anders"}))).events


def test_appointments_and_other_items(reading):
    meeting = {0x001A: "IPM.Appointment", 0x5D02: "jan@birch.nl", 0x8000: MORNING, 0x8001: MORNING + timedelta(hours=1), 0x8002: False}
    root = Folder("", (Message(meeting, [person("piet@acme.com") | {0x5FFF: 3}]), Message({0x001A: "IPM.Contact"}), Message({0x001A: "IPM.Task"})))
    found = reading(root, Names())
    assert [event.amount for event in found.events if event.kind == "meeting"] == [60.0]
    assert said(found) == ["2 items are no mail and no meeting (contacts, tasks, notes); they are left out."]
    assert found.counted["outlook_other"] == 2
    assert [(entry.party, entry.kinds, entry.start, entry.end) for entry in found.coverage] == [
        (None, ("meeting", "attendance"), MORNING, MORNING)]  # one meeting does not tell whose calendar it is
    assert not [event for event in reading(root).events if event.kind == "meeting"]  # without names nothing says when it is


def test_the_calendar_covers_its_owner_and_the_time_asked_for_holds(reading):
    def meeting(days, other):
        return Message({0x001A: "IPM.Appointment", 0x5D02: "jan@birch.nl", 0x8000: MORNING + timedelta(days=days),
                        0x8001: MORNING + timedelta(days=days, hours=1)}, [person(other) | {0x5FFF: 3}])

    root = Folder("", (meeting(0, "piet@acme.com"), meeting(7, "els@cedar.example"), meeting(3, "piet@acme.com")))
    found = reading(root, Names())
    assert [(entry.party, entry.start, entry.end) for entry in found.coverage] == [("birch.nl", MORNING, MORNING + timedelta(days=7))]
    assert any(mention.own and mention.identifiers == ("birch.nl",) for mention in found.mentions)
    later = reading(root, Names(), since=MORNING + timedelta(days=2))
    assert {event.at for event in later.events} == {MORNING + timedelta(days=3), MORNING + timedelta(days=7)}
    assert later.counted["outside_time"] == 2
    alone = Message({0x001A: "IPM.Appointment", 0x5D02: "jan@gmail.com", 0x8000: MORNING}, [person("piet@gmail.com")])
    assert not any(mention.own for mention in reading(Folder("", (alone,)), Names()).mentions)


def test_what_is_damaged_is_a_problem_and_the_rest_is_read(reading):
    loop = Folder("Rond")
    loop.folders, loop.number_of_sub_folders = (loop,), 1
    root = Folder("Top", (None, Message(sent(x0C1A=b"stuk"), [person("piet@acme.com")], [None])), (None, loop))
    found = reading(root)
    assert [problem.place for problem in found.problems] == ["Top/1", "Top/1"]
    assert sum(event.kind == "message" for event in found.events) == 1
    assert said(reading("stuk")) == ["The store of Outlook is damaged, or cannot be opened."]
    assert reading(None).events == []


def test_attachments_that_are_calendars_and_text_in_a_code_page(reading):
    calendar = (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART:20260309T130000Z\r\nDURATION:PT1H\r\nORGANIZER:mailto:jan@birch.nl\r\n"
                b"ATTENDEE:mailto:piet@acme.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    files = [Attached({0x3707: "a.ics"}, calendar), Attached({0x3707: "b.ics"}, b"stuk"), Attached({0x3707: "c.pdf"}, b"%PDF")]
    found = reading(Folder("", (Message(sent(), [person("piet@acme.com")], files),)))
    assert sum(event.kind == "meeting" for event in found.events) == 1
    text = sent(x1000="Здравствуйте Пётр", x3FFD=1251, x7FFF=b"")
    found = reading(Folder("", (Message(text, [person("piet@acme.com")], charset="cp1251"),)))
    assert [event.amount for event in found.events if event.kind == "message"] == [2.0]


def test_properties_of_no_use_are_passed_over(reading):
    odd = sent(x0037=b"")
    message = Message(odd, [person("piet@acme.com")])
    message.record_sets[0].entries[0].raw = None
    assert sum(event.kind == "message" for event in reading(Folder("", (message,))).events) == 1


def test_without_the_library_the_file_is_a_problem_that_says_how_to_go_on(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypff", None)
    monkeypatch.delitem(sys.modules, "evenwicht.importers.outlook.store")
    (tmp_path / "a.pst").write_bytes(b"!BDN")
    found = pst.read(Source(tmp_path / "a.pst", "a.pst", NOW))
    assert "not installed" in said(found)[0]
    assert "evenwicht[outlook]" in str(found.problems[0].remedy_phrase)
    assert found.mail is None
