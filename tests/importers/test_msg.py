"""Outlook items in files: a mail gives what it gives as .eml, an appointment what it gives as .ics."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.compound_files import compound
from tests.importers.outlook_items import HEADERS, MORNING, OUTER, SAMPLES, person, sent
from tests.importers.outlook_items import msg as written

from evenwicht.importers import ics, mail, msg
from evenwicht.importers.letters.html_text import text_of_html
from evenwicht.importers.outlook import items
from evenwicht.importers.outlook.compound import Unreadable, item_of
from evenwicht.importers.outlook.items import Attachment, Item, codec_of_page, filetime, names_in
from evenwicht.importers.outlook.letters import is_draft, letter_of
from evenwicht.importers.outlook.meetings import invitation_of
from evenwicht.importers.outlook.people import author_of
from evenwicht.importers.outlook.rich_text import body_in, unpacked
from evenwicht.importers.outlook.series import series_of
from evenwicht.importers.source import Exclusions, Head, Source

NOW = datetime(2026, 7, 1, tzinfo=UTC)
AFTERNOON = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)
GLOBAL = OUTER + bytes(12) + bytes.fromhex("10000000") + bytes(16)
UID = GLOBAL.hex().upper()


def reading_of(tmp_path, data, importer=msg, ending="msg", **options):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(data)
    return importer.read(Source(path, "a", NOW, **options))


def facts(reading):
    return sorted(reading.events, key=lambda event: (event.id, event.receiver)), reading.counted


def said(reading):
    return [str(problem.what_phrase) for problem in reading.problems]


@pytest.mark.parametrize("name", list(SAMPLES))
def test_the_samples_are_what_their_maker_makes(name, repository):
    assert (repository / "tests" / "samples" / "msg" / f"{name}.msg").read_bytes() == SAMPLES[name]()


@pytest.mark.parametrize("kind, body, extra", [
    ("text/plain; charset=utf-8", "Dag Piet,\n\nWanneer komt het?\n\nOp ma 2 mrt 2026 schreef Piet:\n> Zeg het maar.\n", {}),
    ("text/html; charset=utf-8", "<p>Dag Piet,</p><blockquote type='cite'>Zeg het maar.</blockquote><p>Wanneer komt het?</p>", {}),
    ("multipart/alternative; boundary=weg", "Dag Piet, zés stoelen.", {0x3FDE: 1252}),
])
@pytest.mark.parametrize("headers", [
    HEADERS, HEADERS.replace("In-Reply-To", "X-Was").replace("References", "X-Were"), HEADERS.strip() + "\nX-Gmail-Labels: Drafts\n",
    HEADERS.replace("Message-ID", "X-Id"), HEADERS.replace("Jan <jan", "=?utf-8?q?J=C3=A1n?= <jan"), HEADERS.strip() + "\nList-Id: <nieuws>\n",
])
def test_a_mail_gives_what_it_gives_as_eml(tmp_path, headers, kind, body, extra):
    head = headers.replace('multipart/alternative; boundary="weg"', kind).strip() + "\n"
    whole = body if not kind.startswith("multi") else (
        f"--weg\nContent-Type: text/plain; charset=utf-8\n\n{body}\n--weg\nContent-Type: text/html\n\n<p>iets anders</p>\n--weg--\n")
    plain = {0x1000: "van de omslag"} if "html" in kind else {0x1000: body.replace("\n", "\r\n")}
    html = {0x1013: (body if "html" in kind else "<p>iets anders</p>").encode("cp1252" if extra else "utf-8"), 0x3FDE: 65001}
    as_msg = reading_of(tmp_path, written({0x007D: head, **plain, **html, **extra}, [person("piet@acme.com"), person("els@cedar.example")]))
    as_eml = reading_of(tmp_path, (head + "\n" + whole).encode(), mail, "eml")
    assert facts(as_msg) == facts(as_eml)
    assert said(as_msg) == said(as_eml)


def test_a_mail_without_headers_is_told_by_its_properties(tmp_path):
    reading = reading_of(tmp_path, written(sent(x1042="<vorige@acme.com>", x1039="<eerste@acme.com> <vorige@acme.com>"),
                                           [person("piet@acme.com"), person("els@cedar.example", 2), person("stil@dovetail.example", 3)]))
    assert {(event.giver, event.receiver, event.kind, event.amount) for event in reading.events} == {
        ("birch.nl", "acme.com", "message", 2.0), ("birch.nl", "cedar.example", "message", 2.0)}
    assert {(event.id, event.answers, event.thread, event.at) for event in reading.events} == {
        ("m@birch.nl", "vorige@acme.com", "eerste@acme.com", MORNING)}


def test_who_it_came_from_when_the_headers_say_names_only(tmp_path):
    headers = "From: Jan\nTo: Piet\nCc: els@cedar.example\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nMessage-ID: <1@birch.nl>\n"
    reading = reading_of(tmp_path, written(sent(x007D=headers), [person("piet@acme.com"), person("weg@elm.example", 2)]))
    assert {(event.giver, event.receiver) for event in reading.events} == {("birch.nl", "acme.com"), ("birch.nl", "cedar.example")}


@pytest.mark.parametrize("values, recipients, author", [
    ({items.REPRESENTING_SMTP: "a@x.nl", items.SENDER_SMTP: "b@y.nl"}, [], "a@x.nl"),
    ({items.SENDER_SMTP: "b@y.nl"}, [], "b@y.nl"),
    ({items.SENDER_TYPE: "SMTP", items.SENDER_ADDRESS: "c@z.nl"}, [], "c@z.nl"),
    ({items.REPRESENTING_TYPE: "EX", items.REPRESENTING_ADDRESS: "/o=a/cn=d"}, [{items.ADDRESS: "/O=A/CN=D", items.SMTP_ADDRESS: "d@z.nl"}], "d@z.nl"),
    ({items.REPRESENTING_TYPE: "EX", items.REPRESENTING_ADDRESS: "/o=a/cn=d"}, [], ""),
    ({items.SENDER_NAME: "Jan (jan@x.nl)"}, [], "jan@x.nl"),
    ({items.SENDER_SMTP: "a@x.nl>\r\nBcc: <b@y.nl"}, [], "a@x.nl"),
    ({}, [], ""),
])
def test_the_author(values, recipients, author):
    assert author_of(Item(values, recipients=recipients)) == author


def test_a_sender_that_only_exchange_knows_is_a_problem(tmp_path):
    reading = reading_of(tmp_path, written({0x0C1E: "EX", 0x0C1F: "/o=a/cn=d", 0x0C1A: "Jan", 0x0039: MORNING, 0x1000: "Dag."},
                                           [person("piet@acme.com")]))
    assert reading.events == []
    assert said(reading) == ["The mail names no sender with a usable address, so it cannot be told who spoke."]


@pytest.mark.parametrize("change, counted", [
    ({"x0E07": 9}, "draft"), ({"x0E07": 9, "x007D": HEADERS}, "message"), ({"x001A": "REPORT.IPM.Note.NDR"}, "automatic"),
    ({"x001A": "IPM.Note.Rules.OofTemplate.Microsoft"}, "automatic"), ({"x001A": "IPM.Outlook.Recall"}, "automatic"),
])
def test_what_becomes_of_a_mail(tmp_path, change, counted):
    reading = reading_of(tmp_path, written(sent(**change), [person("piet@acme.com")]))
    assert reading.counted[counted] >= 1
    assert reading.counted["mail"] == 1
    assert (reading.counted["message"] == 0) == (counted != "message")


def test_only_what_arrived_has_the_time_of_arrival(tmp_path):
    values = sent(x0E06=MORNING + timedelta(hours=1))
    del values[0x0039]
    reading = reading_of(tmp_path, written(values, [person("piet@acme.com")]))
    assert {event.at for event in reading.events} == {MORNING + timedelta(hours=1)}
    assert reading.counted["date_elsewhere"] == 1


def test_exclusion_and_time_hold_here_too(tmp_path):
    data = written(sent(), [person("piet@acme.com")])
    assert reading_of(tmp_path, data, exclude=Exclusions(frozenset({"acme.com"}))).events == []
    assert reading_of(tmp_path, data, before=MORNING).events == []


def test_a_header_in_a_property_stays_one_line():
    letter = letter_of(Item({items.SUBJECT: "\x01\x05RE: Hoi\r\nBcc: x@y.nl", items.REPLY_NAMES: "a@x.nl; b@x.nl",
                             items.MESSAGE_ID: "zonder@haken"}))
    assert b"Subject: RE: Hoi  Bcc: x@y.nl\r\n" in letter
    assert b"Reply-To: a@x.nl, b@x.nl\r\n" in letter
    assert b"Message-ID: <zonder@haken>\r\n" in letter


def test_a_mail_without_words_is_empty_and_one_with_a_file_has_none(tmp_path):
    bare = {key: value for key, value in sent().items() if key != 0x1000}
    empty = reading_of(tmp_path, written(bare, [person("piet@acme.com")]))
    assert [event.amount for event in empty.events if event.kind == "message"] == [None]
    filed = reading_of(tmp_path, written(bare, [person("piet@acme.com")], [{0x3707: "plan.pdf", 0x3701: b"%PDF"}]))
    assert [event.amount for event in filed.events if event.kind == "message"] == [0.0]


def test_a_calendar_that_came_with_it_is_read(tmp_path):
    calendar = (f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:x@birch.nl\r\nDTSTART:{AFTERNOON:%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H\r\n"
                "ORGANIZER:mailto:jan@birch.nl\r\nATTENDEE:mailto:piet@acme.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n").encode()
    for attachment in ({0x3707: "uitnodiging.ics", 0x3701: calendar}, {0x3704: "a", 0x370E: "text/calendar", 0x3701: calendar}):
        reading = reading_of(tmp_path, written(sent(), [person("piet@acme.com")], [attachment, {0x3705: 5, 0x3707: "mail.msg"}]))
        assert {(event.kind, event.id) for event in reading.events if event.kind == "meeting"} == {("meeting", "x@birch.nl")}
        assert reading.counted["message"] == 1


def test_signed_and_encrypted_mail(tmp_path):
    signed = (b'Content-Type: multipart/signed; boundary="s"\r\n\r\n--s\r\nContent-Type: text/plain\r\n\r\nVier woorden staan hier.\r\n--s\r\n'
              b"Content-Type: application/pkcs7-signature\r\n\r\nMII=\r\n--s--\r\n")
    values = {key: value for key, value in sent(x001A="IPM.Note.SMIME.MultipartSigned").items() if key != 0x1000}
    reading = reading_of(tmp_path, written(values, [person("piet@acme.com")], [{0x370E: "multipart/signed", 0x3701: signed}]))
    assert [event.amount for event in reading.events if event.kind == "message"] == [4.0]
    values[0x001A] = "IPM.Note.SMIME"
    sealed = [{0x370E: "application/pkcs7-mime", 0x3701: b"\x30\x80"}]
    reading = reading_of(tmp_path, written(values, [person("piet@acme.com")], sealed))
    assert [event.amount for event in reading.events if event.kind == "message"] == [None]
    assert "encrypted" in said(reading)[0]
    values[0x007D] = HEADERS.replace('multipart/alternative; boundary="weg"', "application/pkcs7-mime; smime-type=signed-data")
    assert said(reading_of(tmp_path, written(values, [person("piet@acme.com")], sealed))) == []


@pytest.mark.parametrize("page, charset", [(1252, "cp1252"), (65001, "utf-8"), (28592, "iso-8859-2"), (932, "cp932"), (0, "")])
def test_code_pages(page, charset):
    assert codec_of_page(page) == charset


def test_text_in_a_code_page(tmp_path):
    text = "Здравствуйте Пётр"
    reading = reading_of(tmp_path, written(sent(x1000=text, x3FFD=1251), [person("piet@acme.com")], ansi="cp1251"))
    assert [event.amount for event in reading.events if event.kind == "message"] == [2.0]
    (tmp_path / "b.msg").write_bytes(written(sent(x1000=text, x3FFD=1251), ansi="cp1251"))
    assert item_of(tmp_path / "b.msg").values[items.BODY] == text


# rich text: the two examples of [MS-OXRTFCP], 4.1 and 4.2

PACKED = bytes.fromhex("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")
CROSSING = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def test_packed_rich_text_of_the_standard():
    assert unpacked(PACKED) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert unpacked(CROSSING) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    assert body_in(unpacked(PACKED)) == ("hello world", False)


def test_rich_text_that_is_not_packed_or_none():
    raw = b"{\\rtf1 hoi}"
    assert unpacked(b"\x17\0\0\0\x0b\0\0\0MELA\0\0\0\0" + raw) == raw
    assert unpacked(raw + b" " * 9) == raw + b" " * 9
    assert unpacked(b"x" * 40) == b""
    assert unpacked(b"kort") == b""
    assert unpacked(PACKED).startswith(unpacked(PACKED[:22]))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader_of_rich_text(raw):
    unpacked(len(raw).to_bytes(4, "little") + b"\xff\xff\0\0LZFu\0\0\0\0" + raw)
    body_in(raw)
    body_in(b"{\\rtf1\\fromhtml1 " + raw)


@pytest.mark.parametrize("rtf, text", [
    (r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}{\colortbl;}\f0 caf\'e9 {\f1 \'e4\'e0}\par\tab ja}", "café да\r\n\tja"),
    (r"{\rtf1\uc1 \u233?t\u233?\u8211- ok \u-10179?\u-8704?}", "été– ok 😀"),
    (r"{\rtf1{\*\generator Riched20;}a\{b\}\\c\~d\-{\pict 0102}{\v weg}}", "a{b}\\c\u00a0d\u00adweg"),
    (r"{\rtf1\ansicpg65001 \'c3\'a9}", "é"),
    (r"{\rtf1\ansicpg932 \'82\'a0\'81}", "あ�"),
    (r"{\rtf1\uc0\u65 B{\uc2\u67 xyD}}", "ABCD"),
    ("{" * 1_100 + r"\rtf1 diep" + "}" * 1_101 + "na", "diepna"),
    ("}}los", "los"),
])
def test_text_in_rich_text(rtf, text):
    found, is_html = body_in(rtf.encode())
    assert not is_html
    if "932" not in rtf:
        assert found == text
    else:
        assert found.startswith("あ") or "\ufffd" in found or found  # a half letter at the end is guessed, never an error


def test_html_in_rich_text_comes_out_as_it_was_sent():
    rtf = (rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}"
           rb"{\*\htmltag64 <p>}\htmlrtf {\b \htmlrtf0 Dag \'e9\'e9n{\*\htmltag84 &amp;}\htmlrtf &\htmlrtf0  twee"
           rb"{\*\mhtmltag64 <p>}\htmlrtf \par}\htmlrtf0 {\*\htmltag72 </p>}}")
    assert body_in(rtf) == ("<p>Dag één&amp; twee</p>", True)


def test_a_body_that_stands_in_rich_text_only(tmp_path):
    rtf = rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}Drie woorden hier{\*\htmltag72 </p>}}"
    wrapped = (len(rtf) + 12).to_bytes(4, "little") + len(rtf).to_bytes(4, "little") + b"MELA\0\0\0\0" + rtf
    values = {key: value for key, value in sent().items() if key != 0x1000} | {0x1009: wrapped}
    assert [event.amount for event in reading_of(tmp_path, written(values, [person("piet@acme.com")])).events if event.kind == "message"] == [3.0]
    values[0x1009] = PACKED
    assert [event.amount for event in reading_of(tmp_path, written(values, [person("piet@acme.com")])).events if event.kind == "message"] == [2.0]


# meetings

def meeting(kind="IPM.Appointment", recipients=(), **named):
    given_ = {"start": AFTERNOON, "end": AFTERNOON + timedelta(minutes=45), "global_id": GLOBAL} | named
    return written({0x001A: kind, 0x5D02: "jan@birch.nl", 0x0039: MORNING, 0x1035: "<i@birch.nl>", 0x0037: "Overleg; plan, twee"}, recipients, named=given_)


def calendar(*attendees, **more):
    lines = {"UID": UID, "SEQUENCE": "0", "DTSTART": f"{AFTERNOON:%Y%m%dT%H%M%SZ}",
             "DTEND": f"{AFTERNOON + timedelta(minutes=45):%Y%m%dT%H%M%SZ}", "ORGANIZER": "mailto:jan@birch.nl"} | more
    return "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *(f"{name}:{value}" for name, value in lines.items() if value is not None),
                        *attendees, "END:VEVENT", "END:VCALENDAR", ""]).encode()


@pytest.mark.parametrize("recipients, attendees", [
    ([person("piet@acme.com", x=0) | {0x5FFF: 3}], ["ATTENDEE;PARTSTAT=ACCEPTED:mailto:piet@acme.com"]),
    ([person("piet@acme.com") | {0x5FFF: 4}, person("els@cedar.example") | {0x5FFF: 2}],
     ["ATTENDEE;PARTSTAT=DECLINED:mailto:piet@acme.com", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:els@cedar.example"]),
    ([person("jan@birch.nl") | {0x5FFD: 3}, person("piet@acme.com") | {0x5FFF: 0}, person("zaal@acme.com", 3)],
     ["ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:piet@acme.com"]),
])
def test_an_appointment_gives_what_it_gives_as_ics(tmp_path, recipients, attendees):
    recipients = [{key: value for key, value in each.items() if isinstance(key, int)} for each in recipients]
    as_msg = reading_of(tmp_path, meeting(recipients=recipients))
    as_ics = reading_of(tmp_path, calendar(*attendees), ics, "ics")
    alike = [replace(event, evidence=()) for event in as_msg.events]
    assert alike == [replace(event, evidence=()) for event in as_ics.events]
    assert alike


def test_an_appointment_that_is_off_private_all_day_or_nameless(tmp_path):
    piet = [person("piet@acme.com")]
    assert reading_of(tmp_path, meeting(recipients=piet, state=7)).counted["cancelled"] == 1
    assert reading_of(tmp_path, meeting(recipients=piet, all_day=True)).counted["all_day"] == 1
    private = written({0x001A: "IPM.Appointment", 0x0036: 2, 0x5D02: "jan@birch.nl"}, piet, named={"start": AFTERNOON, "global_id": GLOBAL})
    assert reading_of(tmp_path, private).counted["private"] == 1
    assert reading_of(tmp_path, written({0x001A: "IPM.Appointment"}, piet)).events == []


def test_an_invitation_a_refusal_and_a_cancellation(tmp_path):
    jan = [person("jan@birch.nl")]
    invited = reading_of(tmp_path, meeting("IPM.Schedule.Meeting.Request", [person("piet@acme.com")]))
    assert [event.amount for event in invited.events if event.kind == "meeting"] == [45.0]
    item = Item({items.MESSAGE_CLASS: "IPM.Schedule.Meeting.Resp.Neg", items.SENDER_SMTP: "piet@acme.com"},
                {(items.APPOINTMENT, 0x820D): AFTERNOON}, [{0x3003: "jan@birch.nl", 0x0C15: 1}])
    told = invitation_of(item).decode()
    assert "METHOD:REPLY" in told
    assert "ORGANIZER:mailto:jan@birch.nl" in told
    assert "ATTENDEE;PARTSTAT=DECLINED:mailto:piet@acme.com" in told
    off = invitation_of(Item({items.MESSAGE_CLASS: "IPM.Schedule.Meeting.Canceled"}, {(items.APPOINTMENT, 0x820D): AFTERNOON}, jan)).decode()
    assert "METHOD:CANCEL" in off
    assert "STATUS:CANCELLED" in off


def local(*parts):
    """A time of the zone of the series."""
    return datetime(*parts)  # noqa: DTZ001


def minutes(when):
    return (when - local(1601, 1, 1)) // timedelta(minutes=1)


FIRST, LAST = local(2026, 3, 9), local(2026, 6, 1)


def pattern(frequency, kind, period, specific=(), *, end=0x2022, count=4, first=FIRST, last=LAST, deleted=(),
            changed=(), begins=14 * 60, calendar=0):
    """AppointmentRecurrencePattern ([MS-OXOCAL] 2.2.1.44.5), from 14:00 to 14:45 of its zone."""
    numbers = [minutes(each) for each in deleted]
    raw = struct.pack("<HHHHHIII", 0x3004, 0x3004, frequency, kind, calendar, 0, period, 0) + struct.pack(f"<{len(specific)}I", *specific)
    raw += struct.pack("<III", end, count, 1) + struct.pack(f"<I{len(numbers)}I", len(numbers), *numbers) + struct.pack("<I", 0)
    raw += struct.pack("<II", minutes(first), minutes(last)) + struct.pack("<IIII", 0x3006, 0x3009, begins, begins + 45)
    raw += struct.pack("<H", len(changed))
    for original, start, flags, rest in changed:
        raw += struct.pack("<IIIH", minutes(start), minutes(start) + 45, minutes(original), flags) + rest
    return raw


def zone(name):
    return struct.pack("<BBHHH", 2, 1, 6 + 2 * len(name), 2, len(name)) + name.encode("utf-16-le")


WEST = "W. Europe Standard Time"
PIET = [person("piet@acme.com") | {0x5FFF: 3}]
ACCEPTED = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:piet@acme.com"
LOCAL = {"DTSTART;TZID=Europe/Amsterdam": "20260309T140000", "DTEND;TZID=Europe/Amsterdam": "20260309T144500"}


@pytest.mark.parametrize("made, rule", [
    (pattern(0x200B, 1, 1, (0b10,)), "FREQ=WEEKLY;BYDAY=MO;COUNT=4"),
    (pattern(0x200B, 1, 2, (0b1010,)), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=4"),
    (pattern(0x200A, 0, 3 * 1_440), "FREQ=DAILY;INTERVAL=3;COUNT=4"),
    (pattern(0x200A, 1, 1, (0b111110,)), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=4"),
    (pattern(0x200C, 2, 1, (9,)), "FREQ=MONTHLY;BYMONTHDAY=9;COUNT=4"),
    (pattern(0x200C, 3, 1, (0b10, 2)), "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2;COUNT=4"),
    (pattern(0x200D, 2, 12, (9,)), "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=9;COUNT=4"),
    (pattern(0x200B, 1, 1, (0b10,), end=0x2021, last=local(2026, 4, 13)), "FREQ=WEEKLY;BYDAY=MO;COUNT=6"),
    (pattern(0x200B, 1, 1, (0b10,), end=0x2023), "FREQ=WEEKLY;BYDAY=MO"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_series_gives_what_it_gives_as_ics(tmp_path, made, rule):
    as_msg = reading_of(tmp_path, meeting(recipients=PIET, series=True, pattern=made, zone=zone(WEST)))
    plain = LOCAL | {"RRULE": rule}
    as_ics = reading_of(tmp_path, calendar(ACCEPTED, DTSTART=None, DTEND=None, **plain), ics, "ics")
    assert facts_of(as_msg) == facts_of(as_ics)
    assert any(event.kind == "meeting" for event in as_msg.events)
    assert said(as_msg) == []


def facts_of(reading):
    return sorted((event.id, event.kind, event.at, event.amount, event.giver) for event in reading.events)


def test_meetings_of_a_series_that_were_dropped_and_moved(tmp_path):
    words = struct.pack("<HH", 4, 3) + b"Hoi"
    wide = struct.pack("<I", 1)
    moved = [(local(2026, 3, 23, 14), local(2026, 3, 24, 9), 0x1 | 0x2 | 0x10 | 0x40, words + wide + words + wide),
             (local(2026, 3, 30, 14), local(2026, 3, 30, 16), 0, b"")]
    made = pattern(0x200B, 1, 1, (0b10,), deleted=[local(2026, 3, 16), local(2026, 3, 23), local(2026, 3, 30)], changed=moved)
    reading = reading_of(tmp_path, meeting(recipients=PIET, series=True, pattern=made, zone=zone(WEST)))
    assert sorted(event.at for event in reading.events if event.kind == "meeting") == [
        datetime(2026, 3, 9, 13, tzinfo=UTC), datetime(2026, 3, 24, 8, tzinfo=UTC), datetime(2026, 3, 30, 14, tzinfo=UTC)]
    assert series_of(Item(named={(items.APPOINTMENT, 0x8216): made[:-3]}), AFTERNOON).times  # cut in what was moved: the rest holds


def test_a_series_without_a_zone_is_told_in_utc_and_one_with_a_text_by_it():
    made = pattern(0x200B, 1, 1, (0b10,), end=0x2021)
    plain = series_of(Item(named={(items.APPOINTMENT, 0x8216): made}), AFTERNOON)
    assert plain.times == ["DTSTART:20260309T130000Z", "DTEND:20260309T134500Z", "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;WKST=MO;UNTIL=20260601T150000Z"]
    named = series_of(Item(named={(items.APPOINTMENT, 0x8216): made, (items.APPOINTMENT, 0x8234): '(UTC+01:00) "Brussel"'}), AFTERNOON)
    assert named.times[0] == 'DTSTART;TZID="(UTC+01:00) Brussel":20260309T140000'


@pytest.mark.parametrize("made, rule", [
    (pattern(0x200C, 2, 1, (31,)), "BYMONTHDAY=-1"), (pattern(0x200C, 4, 2, (1,)), "INTERVAL=2;BYMONTHDAY=-1"),
    (pattern(0x200D, 3, 24, (0b1111111, 5)), "FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=SU,MO,TU,WE,TH,FR,SA;BYSETPOS=-1"),
])
def test_the_last_day_of_a_month(made, rule):
    assert rule in series_of(Item(named={(items.APPOINTMENT, 0x8216): made}), AFTERNOON).times[2]


@pytest.mark.parametrize("made", [
    b"", b"\x04\x30", pattern(0x200B, 1, 1, (0,)), pattern(0x200C, 3, 1, (0, 1)), pattern(0x200C, 10, 1, (1,)), pattern(0x200B, 1, 1, (2,), calendar=6),
    pattern(0x200B, 1, 1, (2,), begins=2**31), pattern(0x200B, 1, 1, (2,), deleted=[local(2026, 3, 9)] * 5_001), "tekst",
])
def test_a_pattern_that_cannot_be_read(tmp_path, made):
    assert series_of(Item(named={(items.APPOINTMENT, 0x8216): made}), AFTERNOON) is None


def test_the_first_of_a_series_counts_where_its_days_cannot_be_read(tmp_path):
    for kind in ("IPM.Appointment", "IPM.Schedule.Meeting.Request"):
        reading = reading_of(tmp_path, meeting(kind, [person("piet@acme.com")], series=True))
        assert "only its first meeting counts" in said(reading)[0]
        assert sum(event.kind == "meeting" for event in reading.events) == 1
    assert said(reading_of(tmp_path, meeting(series=True))) == []


def test_that_first_one_is_the_one_it_is_in_the_calendar(tmp_path):
    whole = reading_of(tmp_path, calendar(ACCEPTED, RRULE="FREQ=WEEKLY;COUNT=3"), ics, "ics")
    first = reading_of(tmp_path, meeting(recipients=PIET, series=True))
    assert len({event.id for event in whole.events if event.kind == "meeting"}) == 3
    assert set(facts_of(first)) < set(facts_of(whole))


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader_of_patterns(raw):
    series_of(Item(named={(items.APPOINTMENT, 0x8216): raw, (items.APPOINTMENT, 0x8260): raw}), AFTERNOON)
    good = pattern(0x200B, 1, 1, (0b10,))
    series_of(Item(named={(items.APPOINTMENT, 0x8216): good[:len(good) // 2] + raw}), AFTERNOON)


def test_the_uid_of_a_meeting_made_elsewhere():
    foreign = OUTER + bytes(20) + b"vCal-Uid\x01\x00\x00\x00abc@google.com\x00"
    for known, uid in ((foreign, "UID:abc@google.com"), (b"\x01\x02", "UID:0102"), (b"", "UID:\r\n"), ("text", "UID:\r\n")):
        assert uid in invitation_of(Item(named={(items.MEETING, 0x0023): known})).decode()


def test_names_that_no_file_should_hold():
    assert names_in(b"", b"\x0d\x82\0\0\x06\0\0\0") == {}
    assert names_in(b"", b"\x01") == {}


def test_times_that_cannot_be():
    assert filetime(2**63) is None
    assert filetime(0) == datetime(1601, 1, 1, tzinfo=UTC)


# files

def test_what_is_claimed(tmp_path):
    def claims(name, data):
        path = tmp_path / name
        path.write_bytes(data)
        return msg.identify(Head.of(path))

    item = written(sent())
    assert claims("zonder_naam", item)
    assert claims("stuk.msg", item[:600])
    assert not claims("blad.xls", compound({"Workbook": bytes(5_000)}))
    assert not claims("a.msg", b"From: jan@birch.nl\n")
    assert not msg.identify(Head.of(tmp_path))
    far = compound({"Aaaa": bytes(200_000), "__properties_version1.0": bytes(32)})
    assert claims("ver", far)  # the list of its streams stands beyond what is looked at first
    assert not claims("ver2", compound({"Aaaa": bytes(200_000)}))
    assert not claims("ver3", item[:520] + b"\xff" * 200_000)


def test_another_document_and_one_that_is_not_there(tmp_path):
    assert "damaged" in said(reading_of(tmp_path, compound({"Workbook": b"x"})))[0]
    assert "damaged" in said(msg.read(Source(tmp_path / "weg.msg", "weg", NOW)))[0]
    with pytest.raises(Unreadable):
        item_of(tmp_path / "weg.msg")


def test_what_is_neither_mail_nor_meeting(tmp_path):
    reading = reading_of(tmp_path, written({0x001A: "IPM.Contact"}))
    assert said(reading) == ["This is no mail and no meeting, but an item of the kind ipm.contact; it is left out."]
    assert reading.counted == {"outlook_other": 1}
    assert reading.mail is None


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(msg, "MOST_FILE", 100)
    assert "more than 0 MB" in said(reading_of(tmp_path, written(sent())))[0]


@given(st.lists(st.tuples(st.integers(8, 5_000), st.integers(0, 255)), max_size=30), st.integers(8, 7_000))
def test_no_damage_breaks_the_reader(tmp_path_factory, changes, end):
    data = bytearray(SAMPLES["verzonden"]()[:end])
    for place, byte in changes:
        if place < len(data):
            data[place] = byte
    path = tmp_path_factory.getbasetemp() / "stuk.msg"
    path.write_bytes(data)
    msg.identify(Head.of(path))
    msg.read(Source(path, "stuk", NOW))


def test_drafts_and_what_is_attached_by_itself():
    assert is_draft(Item({items.MESSAGE_FLAGS: 8}))
    assert not is_draft(Item({items.MESSAGE_FLAGS: 8, items.TRANSPORT_HEADERS: "From: a@b.nl"}))
    assert Attachment({items.ATTACH_NAME: "KORT.ICS"}, bytes).is_calendar
    assert items.text({1: 2}, 1) == ""
    assert items.number({1: "a"}, 1) == 0
    assert items.data({1: "a"}, 1) == b""
    assert items.moment({1: "a"}, 1) is None
    assert letter_of(Item({items.HTML: "<p>hoi</p>"})).count(b"text/html") == 1


def test_a_real_mail_of_outlook_by_two_routes(shared):
    """The HTML that Outlook keeps beside the rich text says the same words as the HTML in the rich text."""
    if shared is None:
        return
    for path in Path(shared / "fixtures").rglob("*outlook_1"):
        item = item_of(path)
        rich, is_html = body_in(unpacked(items.data(item.values, items.RTF)))
        assert is_html
        beside = items.data(item.values, items.HTML).decode("utf-8")
        assert text_of_html(rich).split() == text_of_html(beside).split()
        reading = msg.read(Source(path, path.name, NOW))
        assert [(event.giver, event.receiver) for event in reading.events][:1] == [("w-vwa.de", "kreis-tuebingen.de")]
        assert reading.problems == []
