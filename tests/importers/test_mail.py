"""One mail to events: who, to whom, when, how many words, what is asked, and what is left out and why."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.letter import NOW, file_reading, letter, messages, reading_of

from evenwicht.importers import mail, maildir, mbox, msg
from evenwicht.importers.letters import bodies, dates, headers
from evenwicht.importers.letters.headers import addresses, message_ids, parameter, read_headers, text_of
from evenwicht.importers.letters.message import Intake
from evenwicht.importers.letters.subjects import normalised, reference_of
from evenwicht.importers.source import Exclusions, Head, Reading, Source
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.people import is_of_people, same_people

NAMES = (mail, mbox, maildir, msg)


def event_of(*mails, **options):
    return reading_of(*mails, **options).events[0]


# who speaks to whom


def test_each_other_organisation_is_spoken_to_once():
    reading = reading_of(letter(To="Piet <piet@acme.com>, ans@sales.acme.com", Cc="els@birch.nl, x@willow.co.uk"))
    assert messages(reading) == ["birch.nl>acme.com 2.0", "birch.nl>willow.co.uk 2.0"]
    assert reading.events[0].person == "p-jan"
    assert reading.events[0].counter_person == "p-ans p-piet"
    assert reading.events[0].shared
    assert reading.mentions == [Mention(("acme.com",)), Mention(("birch.nl",)), Mention(("willow.co.uk",))]


def test_a_free_mail_address_is_a_person_of_its_own():
    assert messages(reading_of(letter(To="a@gmail.com, b@gmail.com"))) == ["birch.nl>a@gmail.com 2.0", "birch.nl>b@gmail.com 2.0"]


def test_without_a_key_nobody_is_named():
    reading = file_reading_without_key(letter())
    assert reading.person is None
    assert reading.counter_person is None


def file_reading_without_key(data):
    reading = Reading()
    Intake(Source(None, "mail", NOW), reading).take(data, "1")
    return reading.events[0]


def test_the_blind_copy_is_not_read():
    assert messages(reading_of(letter(Bcc="x@willow.nl"))) == ["birch.nl>acme.com 2.0"]


def test_mail_inside_one_organisation_is_counted_and_told_to_the_tally():
    reading = reading_of(letter(To="els@birch.nl"))
    assert (reading.events, reading.problems, reading.counted["internal"]) == ([], [], 1)
    assert reading.mail.by == {"jan@birch.nl": 1}
    assert reading.mail.present == {"jan@birch.nl": 1, "els@birch.nl": 1}


def test_a_mail_to_more_than_ten_organisations_is_a_circular():
    ten = ", ".join(f"a@org{number}.nl" for number in range(10))
    assert len(messages(reading_of(letter(To=ten)))) == 10
    reading = reading_of(letter(To=ten + ", a@org10.nl"))
    assert messages(reading) == []
    assert len(messages(reading, "automatic")) == 11
    assert {(event.amount, event.unit) for event in reading.events} == {(0.0, "words")}
    assert reading.mail.messages == 0


@pytest.mark.parametrize("changed", [
    {"From": None}, {"From": "Jan"}, {"From": "jan@localhost"}, {"From": "support@birch.zendesk.com"}, {"To": None},
    {"To": "undisclosed-recipients:;"}, {"To": "piet"},
])
def test_a_mail_without_a_usable_side_is_a_problem(changed):
    reading = reading_of(letter(**changed))
    assert reading.events == []
    assert len(reading.problems) == 1
    assert reading.mail.messages == 0


@pytest.mark.parametrize(("changed", "giver"), [
    ({"From": "support@acme.zendesk.com", "Reply-To": "kees@willow.nl"}, "willow.nl"),
    ({"From": "no-reply@acme.com", "Reply-To": "kees@willow.nl"}, "willow.nl"),
    ({"From": "jan@birch.nl", "Reply-To": "kees@willow.nl"}, "birch.nl"),
    ({"From": "=?utf-8?q?Jan?= <>", "Sender": "els@birch.nl"}, "birch.nl"),
    ({"From": '"kees@willow.nl" <jan@birch.nl>'}, "birch.nl"),
    ({"From": "jan@birch.nl, kees@willow.nl"}, "birch.nl"),
    ({"From": "jan at birch.nl (Jan Smit)"}, "birch.nl"),
    ({"From": "jan@mail.birch.co.uk"}, "birch.co.uk"),
])
def test_the_author_is_who_really_writes(changed, giver):
    assert event_of(letter(**changed)).giver == giver


@pytest.mark.parametrize(("raw", "found"), [
    (b"Jansen, Jan <a@b.nl>, c@d.nl", ("a@b.nl", "c@d.nl")),
    (b'"x, (y) <z@z.nl>" <A@B.nl>', ("a@b.nl",)),
    (b"a@b.nl (comment (nested) c@d.nl), e@f.nl", ("a@b.nl", "e@f.nl")),
    (b"Team: a@b.nl, c@d.nl;, e@f.nl", ("a@b.nl", "c@d.nl", "e@f.nl")),
    (b"<@x.nl,@y.nl:a@b.nl>", ("a@b.nl",)),
    (b"a@b.nl,\n\tc@d.nl", ("a@b.nl", "c@d.nl")),
    (b"a@b.nl, A@B.NL", ("a@b.nl",)),
    (b"mailto:a@b.nl", ("a@b.nl",)),
    (b"a@b.nl c@d.nl", ("a@b.nl",)),
    ("Zoë <zoë@bérch.nl>".encode(), ("zoë@bérch.nl",)),
    (b"undisclosed-recipients:;", ()), (b"", ()), (b"<>", ()), (b"((((((", ()), (b"@", ()), (b"a@", ()), (b'"', ()),
])
def test_addresses_are_read_without_their_names(raw, found):
    assert addresses([raw]) == found


@given(st.lists(st.emails(), min_size=1, max_size=5))
def test_ordinary_addresses_are_all_found(emails):
    plain = [each.lower() for each in emails if not set(each) & set("\"'(),:;<>[]\\=?&|{}~`^#$%!*/+ ")]
    assert set(plain) <= set(addresses([", ".join(f'"Naam, {number}" <{each}>' for number, each in enumerate(plain)).encode()]))


# threads, questions, ids


@pytest.mark.parametrize(("changed", "answers", "thread"), [
    ({}, None, "m@birch.nl"),
    ({"In-Reply-To": "<p@acme.com>"}, "p@acme.com", "p@acme.com"),
    ({"References": "<a@acme.com> <b@acme.com>"}, "b@acme.com", "a@acme.com"),
    ({"In-Reply-To": "Your message <p@acme.com> of today", "References": "<a@acme.com>\n <b@acme.com>"}, "p@acme.com", "a@acme.com"),
    ({"In-Reply-To": "p@acme.com"}, "p@acme.com", "p@acme.com"),
    ({"In-Reply-To": "<m@birch.nl>"}, None, "m@birch.nl"),
])
def test_the_parent_and_the_thread(changed, answers, thread):
    event = event_of(letter(**changed))
    assert (event.id, event.answers, event.thread) == ("m@birch.nl", answers, thread)


@pytest.mark.parametrize(("body", "reply", "asked"), [
    ("Dag.", None, True), ("Dag.", "<p@acme.com>", False), ("Kan dat?", "<p@acme.com>", True),
    ("Ja.\n\n> Kan dat?\n", "<p@acme.com>", False), ("Zie https://acme.com/?a=b\n", "<p@acme.com>", False),
])
def test_a_question_is_one_that_asks_or_opens(body, reply, asked):
    reading = reading_of(letter(body, In_Reply_To=reply))
    questions = [event for event in reading.events if event.kind == "question"]
    assert len(questions) == asked
    for question in questions:
        assert (question.id, question.amount, question.unit, question.answers) == ("m@birch.nl#q", 1.0, "count", None)


def test_the_end_of_a_huge_list_of_references_is_read():
    ids = message_ids(b" ".join(b"<%d@birch.nl>" % number for number in range(9_000)))
    assert (ids[0], ids[-1]) == ("0@birch.nl", "8999@birch.nl")


def test_without_an_id_one_is_made_of_what_both_sides_see():
    one, two = event_of(letter(Message_ID=None)), event_of(letter(Message_ID=None, X_Mailer="other"))
    said = "Jan <jan@birch.nl>\npiet@acme.com\nMon, 2 Mar 2026 10:00:00 +0100\nOfferte"
    assert one.id == two.id == f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"
    assert event_of(letter(Message_ID=None, Subject="Anders")).id != one.id


@pytest.mark.parametrize("subject", ["Re: Offerte 12", "FW: RE:  offerte  12", "Antw: Offerte 12", "AW: WG: Offerte 12", "Re[2]: OFFERTE 12",
                                     "Betreft: Offerte 12", "Sv: Offerte 12", "RV: Offerte 12", "TR: Offerte 12", "Ref: Offerte 12",
                                     "回复：Offerte 12", "=?utf-8?Q?Re=3A_Offerte_12?=", "Offerte\n 12"])
def test_replies_and_forwards_share_a_subject(subject):
    digest = hashlib.sha256(b"offerte 12").hexdigest()[:16]
    assert event_of(letter(Subject=subject)).references == (f"subject:{digest}",)


def test_a_subject_that_says_nothing_is_no_reference():
    assert event_of(letter(Subject="Re: ")).references == ()
    assert event_of(letter(Subject=None)).references == ()
    assert reference_of("Reactie: x") != reference_of("x")


@pytest.mark.parametrize(("body", "amount", "kept"), [
    ("Eén twee drie.\n", 3.0, ()),
    ("Eén twee.\n\n> drie vier\n", 2.0, ("words:2/4",)),
    ("Eén twee.\n\nSent from my iPhone\n", 2.0, ("words:6/6",)),
    ("Eén.\n\nVerzonden vanaf mijn iPad\n\n-----Oorspronkelijk bericht-----\nTwee drie\n", 1.0, ("words:5/9",)),
    ("> alles oud\n", 0.0, ("words:0/2",)),
])
def test_the_wider_counts_are_kept_where_words_were_cut(body, amount, kept):
    message, question = reading_of(letter(body)).events
    assert message.amount == amount
    assert message.references[1:] == kept
    assert question.references == ()


HEADER_PIECES = ["From: a@b.nl", "To: c@d.nl", "X-Mailer: x", "Subject : y", " folded", "\tfolded", "no header", "", " ", "From jan Mon", "A" * 230 + ": x",
                 "Received: one", "References: <a@b>", ">From x", ": empty name", "From"]


@given(st.lists(st.sampled_from(HEADER_PIECES), max_size=9), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_an_ordinary_header_block_is_read_like_any_other(lines, end, inside):
    data = end.join(lines).encode() + 2 * end.encode() + b"Body: text\n\nmore\n"
    fast = read_headers(data, inside=inside)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(headers, "_read_plain", lambda *_given: False)
        slow = read_headers(data, inside=inside)
    assert fast == slow


@given(st.text(max_size=60))
def test_normalising_a_subject_twice_changes_nothing(subject):
    assert normalised(normalised(subject)) == normalised(subject)


# words


@pytest.mark.parametrize(("data", "amount", "unit"), [
    (letter(""), None, ""),
    (letter("\n \n"), None, ""),
    (letter("> alles oud\n"), 0.0, "words"),
    (letter(Content_Type="multipart/mixed; boundary=b", body="--b\nContent-Type: application/pdf\n\nx\n--b--\n"), 0.0, "words"),
    (letter("x", Content_Type='multipart/encrypted; boundary="b"'), None, "words"),
    (letter("-----BEGIN PGP MESSAGE-----\n\nabc\n"), None, "words"),
    (letter("MIIB", Content_Type="application/pkcs7-mime; smime-type=enveloped-data"), None, "words"),
    (letter("x", Content_Type="application/ms-tnef; name=winmail.dat"), None, "words"),
    (letter("Eén twee drie\n".encode("cp1252"), Content_Type="text/plain; charset=utf-8"), 3.0, "words"),
    (letter("Eén twee drie\n".encode("cp1252"), Content_Type="text/plain; charset=x-onbekend"), 3.0, "words"),
    (letter("een twee", Content_Type="text/plain; charset=rot13"), 2.0, "words"),
    (letter("een twee", Content_Type="text/plain; charset=undefined"), 2.0, "words"),
    (letter("ZWVuIHR3ZWUgZHJpZQ", Content_Transfer_Encoding="base64"), 3.0, "words"),
    (letter("een=20twee=\ndrie", Content_Transfer_Encoding="Quoted-Printable"), 2.0, "words"),
    (letter("<p>een<br>twee</p>", Content_Type="text/html"), 2.0, "words"),
    (letter("een twee", Content_Type="text"), 2.0, "words"),
    (letter("een twee", Content_Type="multipart/mixed"), 2.0, "words"),
])
def test_the_amount_of_a_mail(data, amount, unit):
    event = event_of(data)
    assert (event.kind, event.amount, event.unit) == ("message", amount, unit)


def parts(kind, *sections, boundary="b"):
    body = "".join(f"--{boundary}\n{section}\n" for section in sections) + f"--{boundary}--\n"
    return letter(body, Content_Type=f'multipart/{kind}; boundary="{boundary}"')


PLAIN = "Content-Type: text/plain\n\n{}"
HTML = "Content-Type: text/html\n\n<p>{}</p>"


@pytest.mark.parametrize(("data", "amount"), [
    (parts("alternative", PLAIN.format("een"), HTML.format("een twee")), 1),
    (parts("alternative", PLAIN.format(" "), HTML.format("een twee")), 2),
    (parts("alternative", HTML.format("een twee"), PLAIN.format("een")), 1),
    (parts("mixed", PLAIN.format("een"), "Content-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\ntwee drie"), 1),
    (parts("mixed", PLAIN.format("een"), "Content-Type: message/rfc822\n\nFrom: x@y.nl\nTo: z@z.nl\n\ntwee"), 1),
    (parts("mixed", PLAIN.format("een"), PLAIN.format("twee")), 2),
    (parts("digest", "\nFrom: x@y.nl\n\ntwee"), 0),
    (parts("mixed", "\neen twee"), 2),
    (letter("--b\n\neen twee\n", Content_Type="multipart/mixed; boundary=b"), 2),
    (letter("--=_x y\n\neen\n--=_x y--\nna het einde", Content_Type="multipart/mixed; boundary*0*=us-ascii''%3D_x;\n boundary*1*=%20y"), 1),
])
def test_the_text_of_a_mail_of_several_parts(data, amount):
    assert event_of(data).amount == amount


def test_limits_are_told_and_keep_the_mail():
    deep = b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(150))
    many = b"--b\n\nx\n" * 3_000
    for body, boundary in ((deep, "b0"), (many, "b")):
        reading = reading_of(letter(body, Content_Type=f"multipart/mixed; boundary={boundary}"))
        assert len(messages(reading)) == 1
        assert [problem.severity for problem in reading.problems] == ["warning"]
    assert reading.events[0].amount == bodies.MOST_PARTS


def test_the_parts_are_those_that_the_standard_library_finds(shared):
    if shared is None:
        return
    folder, different = shared / "fixtures" / "eml", []
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        if path.name == "SOURCES.tsv" or data.startswith(b"\xd0\xcf"):
            continue
        theirs = [
            "".join((part.get_payload(decode=True) or b"").decode("latin-1").split())
            for part in _leaves(message_from_bytes(data, policy=compat32))
            if part.get_content_type() in {"text/plain", "text/html"} and "attachment" not in str(part.get("content-disposition")).lower()
        ]
        if _texts(data) != theirs:
            different.append(path.name)
    # Broken on purpose, and read further here: a date in HTML, headers broken off, an empty file, no boundary.
    assert len(different) <= 10, different


def _leaves(message):
    if message.get_content_maintype() == "message":
        return
    if message.is_multipart():
        for part in message.get_payload():
            yield from _leaves(part)
    else:
        yield message


def _texts(data):
    found = []

    def seen(head, content, *rest):
        kind = bodies.type_of(head.raw(b"content-type"))
        if kind in {"text/plain", "text/html"} and not bodies._is_file(head, 1):
            found.append("".join(bodies._payload(head, content).decode("latin-1").split()))
        return original(head, content, *rest)

    original = bodies._read_part
    bodies._read_part = seen
    try:
        bodies.read_body(read_headers(data), data)
    finally:
        bodies._read_part = original
    return found


# automatic


@pytest.mark.parametrize("changed", [
    {"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"Precedence": "List"}, {"List-Id": "<x.acme.com>"},
    {"List-Unsubscribe": "<mailto:x@acme.com>"}, {"Return-Path": "<>"}, {"X-Autoreply": "yes"}, {"From": "no-reply@birch.nl"},
    {"From": "MAILER-DAEMON@birch.nl"}, {"X-Auto-Response-Suppress": "All", "Subject": "Automatisch antwoord: Offerte"},
    {"Content-Type": "multipart/report; report-type=disposition-notification; boundary=b"},
])
def test_what_a_machine_sends_is_automatic(changed):
    reading = reading_of(letter("Kan dat?\n", **changed))
    assert [(event.kind, event.amount, event.unit) for event in reading.events] == [("automatic", 0.0, "words")]
    tally = reading.mail
    assert (tally.messages, tally.by, tally.to, tally.present) == (0, {}, {}, {})
    assert tally.ids == {"m@birch.nl"}


@pytest.mark.parametrize("changed", [
    {"Auto-Submitted": "no"}, {"Precedence": "normal"}, {"Return-Path": "<jan@birch.nl>"}, {"X-Auto-Response-Suppress": "All"},
])
def test_what_a_person_sends_is_not(changed):
    assert event_of(letter(**changed)).kind == "message"


# invitations

CALENDAR = """BEGIN:VCALENDAR
METHOD:{}
BEGIN:VEVENT
UID:u1
DTSTART:20260310T090000Z
DTEND:20260310T100000Z
ORGANIZER:mailto:jan@birch.nl
ATTENDEE;PARTSTAT=ACCEPTED:mailto:piet@acme.com
SUMMARY:x
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation_is_read_once_and_without_words_the_mail_is_automatic():
    calendar = "Content-Type: text/calendar; method=REQUEST\n\n" + CALENDAR.format("REQUEST")
    attached = "Content-Type: application/ics; name=invite.ics\nContent-Disposition: attachment; filename=invite.ics\n\n" + CALENDAR.format("REQUEST")
    reading = reading_of(parts("mixed", calendar, attached))
    assert messages(reading) == []
    assert messages(reading, "automatic") == ["birch.nl>acme.com 0.0"]
    assert messages(reading, "meeting") == ["birch.nl>acme.com 60.0"]
    assert reading.counted["invitation"] == 1
    assert messages(reading_of(parts("mixed", PLAIN.format("Kom je?"), calendar))) == ["birch.nl>acme.com 2.0"]


@pytest.mark.parametrize(("first", "second", "count", "meetings"), [
    ("REQUEST", "", 1, ["birch.nl>acme.com 60.0"]),  # the attached copy often says nothing of what it is
    ("REQUEST", "CANCEL", 2, ["birch.nl>acme.com 0.0"]),
    ("CANCEL", "REQUEST", 2, ["birch.nl>acme.com 0.0"]),
    ("REQUEST", "REPLY", 2, ["birch.nl>acme.com 60.0"]),
])
def test_what_two_calendars_of_one_mail_say_of_a_meeting_is_brought_together(first, second, count, meetings):
    both = [f"Content-Type: text/calendar\n\n{CALENDAR.format(method)}" for method in (first, second)]
    reading = reading_of(parts("mixed", *both))
    assert reading.counted["invitation"] == count
    assert messages(reading, "meeting") == meetings


def test_two_dates_of_one_series_in_one_mail_are_two_meetings():
    dates = [CALENDAR.format("REQUEST").replace("UID:u1", f"UID:u1\nRECURRENCE-ID:202603{day}T090000Z") for day in (10, 17)]
    reading = reading_of(parts("mixed", *(f"Content-Type: text/calendar\n\n{one}" for one in dates)))
    assert {one.id for one in reading.events if one.kind == "meeting"} == {"u1/20260310T090000Z", "u1/20260317T090000Z"}


# time


@pytest.mark.parametrize(("text", "moment"), [
    ("Mon, 2 Mar 2026 10:00:00 +0100", "2026-03-02T09:00"), ("2 Mar 26 10:00 CET", "2026-03-02T09:00"),
    ("Mon, 02 Mar 2026 10:00:00 -0000 (UTC)", "2026-03-02T10:00"), ("Mon Mar  2 10:00:00 2026", "2026-03-02T10:00"),
    ("2026-03-02T10:00:00+01:00", "2026-03-02T09:00"), ("Mon, 2 Mar 99 10:00:00 EST", "1999-03-02T15:00"),
    ("Mon, 2 Mar 126 10:00:00 GMT", "2026-03-02T10:00"), ("2 March 2026 10:00 PM +0000", "2026-03-02T22:00"),
    ("Mon, 2 Mar 2026 10:00:00 +0100 (Midden-Europese Standaardtijd)", "2026-03-02T09:00"), ("Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59"),
])
def test_dates_as_mail_programs_write_them(text, moment):
    assert dates.moment(text) == datetime.fromisoformat(moment).replace(tzinfo=UTC, second=dates.moment(text).second)


@pytest.mark.parametrize("text", ["", "gisteren", "Mon, 31 Feb 2026 10:00:00 +0100", "Mon, 2 Mar 2026 25:61:61 +0100", "2 Mar 2026 10:00 +9999",
                                  "1772442000", "Fri, 31 Dec 9999 23:59:59 -1200"])
def test_what_is_no_date_is_none(text):
    assert dates.believed(dates.moment(text), NOW) is None


@pytest.mark.parametrize(("date", "believed"), [
    ("Mon, 1 Jan 1990 00:00:00 +0000", True), ("Sun, 31 Dec 1989 23:59:59 +0000", False), ("Fri, 3 Jul 2026 00:00:00 +0000", True),
    ("Fri, 3 Jul 2026 00:00:01 +0000", False), ("Thu, 1 Jan 0001 00:00:00 +0000", False),
])
def test_dates_are_believed_from_1990_to_two_days_after_the_reading(date, believed):
    reading = reading_of(letter(Date=date))
    assert bool(reading.events) is believed
    assert bool(reading.problems) is not believed


def test_each_fallback_for_the_date_is_noted():
    received = "from a by b; Tue, 3 Mar 2026 10:00:05 +0100\nReceived: from c by a; Tue, 3 Mar 2026 10:00:01 +0100"
    reading = reading_of(letter(Date="onlangs", Received=received))
    assert reading.events[0].at == datetime(2026, 3, 3, 9, 0, 1, tzinfo=UTC)
    assert [problem.severity for problem in reading.problems] == ["note"]
    reading = reading_of(b"From jan@birch.nl Wed Mar  4 10:00:00 2026\n" + letter(Date=None))
    assert reading.events[0].at == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert [problem.severity for problem in reading.problems] == ["note"]


def test_only_the_wanted_time_is_read_and_the_undated_are_told_once():
    mails = [letter(Date=f"Mon, {day} Mar 2026 10:00:00 +0000", Message_ID=f"<{day}@birch.nl>") for day in (2, 3)] + [letter(Date=None)]
    cut = datetime(2026, 3, 3, 10, tzinfo=UTC)
    newer, older = reading_of(*mails, since=cut), reading_of(*mails, before=cut)
    assert [event.id for event in newer.events if event.kind == "message"] == ["3@birch.nl"]
    assert [event.id for event in older.events if event.kind == "message"] == ["2@birch.nl"]
    assert (len(newer.problems), len(older.problems)) == (0, 1)


def test_a_server_may_know_when_it_came_and_in_which_folder_it_lies():
    reading = Reading()
    source = Source(None, "imap", NOW, exclude=Exclusions(labels=frozenset({"privé"})))
    intake = Intake(source, reading)
    intake.take(letter(Date=None), "INBOX/7", labels=("INBOX",), arrived=datetime(2026, 3, 5, tzinfo=UTC))
    intake.take(letter(Message_ID="<n@birch.nl>"), "Privé/8", labels=("Privé",))
    assert [event.at.day for event in reading.events if event.kind == "message"] == [5]
    assert [problem.severity for problem in reading.problems] == ["note"]
    assert reading.counted["excluded"] == 1


# headers


@pytest.mark.parametrize(("raw", "text"), [
    (b"=?utf-8?Q?Zo=C3=AB?=", "Zoë"), (b"=?utf-8?B?Wm/Dqw?= x", "Zoë x"), (b"=?utf-8?q?a?=\n =?utf-8?q?b?=", "ab"),
    (b"=?utf-8?b?4oI=?= =?utf-8?b?rA==?=", "€"), ("Zoë".encode(), "Zoë"), ("Zoë".encode("cp1252"), "Zoë"), (b"=?x-none?q?a?=", "a"),
    (b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"), (b"=?utf-8?q?x=0D=0ABcc:_y?=", "x  Bcc: y"), (b"=?utf-8?q?open", "=?utf-8?q?open"),
])
def test_header_values_are_repaired_and_decoded(raw, text):
    assert text_of(raw) == text


@given(st.binary(max_size=200))
def test_no_control_character_survives_in_a_header(raw):
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in text_of(b"=?utf-8?q?" + raw + b"?= " + raw))


@pytest.mark.parametrize(("raw", "name", "value"), [
    (b'multipart/mixed; boundary="a b"', "boundary", "a b"), (b"multipart/mixed;\n boundary=abc; x=y", "boundary", "abc"),
    (b"text/plain; CHARSET = utf-8", "charset", "utf-8"), (b"text/plain", "charset", ""), (None, "charset", ""),
    (b"x/y; name*=utf-8''a%20b.ics", "name", "utf-8''a%20b.ics"),
])
def test_parameters(raw, name, value):
    assert parameter(raw, name) == value


@given(st.binary(max_size=400))
def test_no_bytes_can_break_the_reading(data):
    reading = reading_of(data, b"From: a@b.nl\nTo: c@d.nl\nDate: Mon, 2 Mar 2026 10:00:00 +0100\n" + data)
    assert reading.counted["mail"] == 2
    assert reading.events or reading.problems or reading.counted["internal"] or reading.counted["automatic"]


# exclusions and the tally


@pytest.mark.parametrize(("exclude", "data"), [
    (Exclusions(parties=frozenset({"acme.com"})), letter()),
    (Exclusions(parties=frozenset({"Piet@acme.com"})), letter()),
    (Exclusions(parties=frozenset({"acme.com"})), letter(To="x@willow.nl", Cc="a@sales.acme.com")),
    (Exclusions(parties=frozenset({"acme.com"})), letter(To="x@willow.nl", Bcc="a@acme.com")),
    (Exclusions(threads=frozenset({"<m@birch.nl>"})), letter()),
    (Exclusions(threads=frozenset({"a@acme.com"})), letter(References="<a@acme.com> <b@acme.com>")),
    (Exclusions(labels=frozenset({"Privé"})), letter(X_Gmail_Labels="=?UTF-8?Q?Inbox,Priv=C3=A9?=")),
    (Exclusions(labels=frozenset({"privé"})), letter(Keywords="werk, Privé")),
    (Exclusions(parties=frozenset({"acme.com"})), letter(Date="nooit")),
])
def test_what_is_excluded_leaves_nothing_but_a_count(exclude, data):
    reading = reading_of(data, exclude=exclude)
    assert (reading.events, reading.problems, reading.mentions) == ([], [], [])
    assert reading.counted["excluded"] == 1
    assert (reading.mail.ids, reading.mail.present, reading.mail.first) == (set(), {}, None)


def test_what_is_not_excluded_stays():
    exclude = Exclusions(parties=frozenset({"cme.com", "els@acme.com"}), threads=frozenset({"x"}), labels=frozenset({"werk"}))
    assert len(messages(reading_of(letter(), exclude=exclude))) == 1


def test_a_draft_was_never_sent():
    reading = reading_of(letter(X_Gmail_Labels="Concepten"))
    assert (reading.events, reading.counted["draft"]) == ([], 1)


def test_the_tally_counts_addresses_once_a_mail():
    reading = reading_of(
        letter(To="piet@acme.com, Piet <piet@acme.com>", Cc="piet@acme.com, els@birch.nl", Delivered_To="piet@acme.com", X_Original_To="piet@acme.com"),
        letter(From="piet@acme.com", To="jan@birch.nl", Message_ID="<r@acme.com>", In_Reply_To="<m@birch.nl>", Date="Tue, 3 Mar 2026 10:00:00 +0000"),
        letter(From="piet@acme.com", To="jan@birch.nl", Message_ID="<r@acme.com>", In_Reply_To="<m@birch.nl>", Date="Tue, 3 Mar 2026 10:00:00 +0000"),
    )
    tally = reading.mail
    assert tally.messages == 2
    assert tally.by == {"jan@birch.nl": 1, "piet@acme.com": 1}
    assert tally.to == {"piet@acme.com": 1, "els@birch.nl": 1, "jan@birch.nl": 1}
    assert tally.present == {"jan@birch.nl": 2, "piet@acme.com": 2, "els@birch.nl": 1}
    assert tally.delivered == {"piet@acme.com": 1}
    assert tally.ids == {"m@birch.nl", "r@acme.com"}
    assert tally.answered == [("piet@acme.com", "m@birch.nl")]
    assert (tally.first, tally.last) == (datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC))


# the file


@pytest.mark.parametrize(("start", "name"), [
    (letter(), "mail"), (b"\xef\xbb\xbf" + letter(), "mail"), (b"\n\n" + letter(), "mail"), (b"Received: from x\n\tby y\nX-A: b\n", "mail"),
    (b"From - Mon Mar 02 10:00:00 2026\n" + letter(), "mbox"), (b"\xef\xbb\xbfFrom -\n" + letter(), "mbox"),
    (b"From jan@birch.nl Mon Mar  2 10:00:00 2026\r\nReceived: x\r\n", "mbox"), (b"From \n" + letter(), "mbox"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "__substg1.0_".encode("utf-16le"), "msg"),
])
def test_mail_is_recognised_by_what_it_says(tmp_path, start, name):
    head = Head(tmp_path / "x", len(start), start)
    assert [member.NAME for member in NAMES if member.identify(head)] == [name]


@pytest.mark.parametrize("start", [
    b"", b"Datum,Bedrag\n1,2\n", b"WEBVTT\n\n00:01 --> 00:02\n", b"BEGIN:VCALENDAR\nVERSION:2.0\n", b"BEGIN:VCARD\nN:Smit\n", b"{\"a\": 1}",
    b"<?xml version='1.0'?><a/>", b":20:STMT\n:25:NL01\n", b"PK\x03\x04", b"%PDF-1.7", b"From Russia with love\nhello", b"Subject: just this\n\ntext",
    b"Dear Jan: hello\nTo: be or not\n", b"From: here\nthere\n", b"http://birch.nl\nDate: x\n", b"Name: Jan\nDate: 2026\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xls",
    b"To: do\n- bread\n",
])
def test_other_files_are_left_to_others(tmp_path, start):
    head = Head(tmp_path / "x", len(start), start)
    assert [member.NAME for member in NAMES if member.identify(head)] == []


def test_an_outlook_file_is_named_for_what_it_is(tmp_path):
    reading = file_reading(tmp_path / "a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    assert ".msg" in str(reading.problems[0].what_phrase)
    assert reading.events == []


def test_a_file_is_dealt_with_to_its_last_byte(tmp_path):
    path, steps = tmp_path / "a.eml", []
    path.write_bytes(letter())
    reading = mail.read(Source(path, "in/a.eml", NOW, advance=steps.append))
    assert sum(steps) == path.stat().st_size
    assert reading.events[0].evidence == ("in/a.eml#1",)


def test_a_huge_mail_counts_without_its_words(tmp_path, monkeypatch):
    monkeypatch.setattr(mail, "MOST_BYTES", 1_000)
    reading = file_reading(tmp_path / "a.eml", letter("woord " * 1_000))
    assert [(event.amount, event.unit) for event in reading.events if event.kind == "message"] == [(None, "words")]
    assert [problem.severity for problem in reading.problems] == ["warning"]


def test_every_shared_mail_is_read(shared):
    if shared is None:
        return
    read = 0
    for path in sorted((shared / "fixtures" / "eml").iterdir()):
        if path.name == "SOURCES.tsv" or not path.stat().st_size:
            continue
        head = Head.of(path)
        (member,) = [each for each in NAMES if each.identify(head)]
        reading = member.read(Source(path, path.name, NOW))
        assert reading.counted["mail"] >= 1
        assert reading.events or reading.problems or reading.counted["internal"] or reading.counted["automatic"], path.name
        assert all(event.at.tzinfo is UTC and event.giver != event.receiver for event in reading.events)
        read += 1
    assert read == 311


def test_no_attack_takes_time_or_raises(shared):
    if shared is None:
        return
    for path in sorted((shared / "fixtures" / "security").glob("eml_*")):
        began = time.process_time()
        reading = mail.read(Source(path, path.name, NOW))
        assert time.process_time() - began < 10, path.name
        assert reading.counted["mail"] == 1
        assert all(event.at.year == 2026 for event in reading.events)


@pytest.mark.parametrize(("subject", "body", "questions"), [
    ("Re: Offerte", "Akkoord.", 0), ("Antw: Offerte", "Wanneer komt het?", 1), ("Fwd: Offerte", "Zie onder.", 1), ("Offerte", "Hierbij.", 1)])
def test_a_reply_whose_parent_is_lost_opens_nothing(tmp_path: Path, subject: str, body: str, questions: int) -> None:
    path = tmp_path / "m.eml"
    path.write_text(f"From: a@acme.example\nTo: b@birch.example\nDate: Mon, 02 Mar 2026 09:00:00 +0000\nMessage-ID: <1@x>\nSubject: {subject}\n\n{body}\n", "utf-8")
    found = mail.read(Source(path=path, label="m.eml", now=datetime(2026, 6, 1, tzinfo=UTC)))
    rows = [event for event in found.events if event.kind == "question"]
    assert len(rows) == questions
    assert [event.references for event in rows] == [("asks",) if "?" in body else ()] * questions


# who went to another firm


def people_of(*written):
    """Mentions of people in mails with these `From`; a pseudonym here is the address or face itself."""
    found = Reading()
    intake = Intake(Source(None, "mail", NOW, pseudonym=str), found)
    for number, name in enumerate(written):
        intake.take(letter(From=name, Message_ID=f"<{number}@x>"), str(number))
    intake.close()
    return [one for one in found.mentions if is_of_people(one)]


@pytest.mark.parametrize("other", [
    "Jan de Vries <jan@willow.nl>", "\"Vries, Jan de\" <jan@willow.nl>", "jan@willow.nl (Jan de Vries)", "=?utf-8?q?Jan_de_Vries?= <JAN@willow.nl>"])
def test_one_name_and_holder_at_two_firms_is_one_person(other):
    people = same_people(people_of("Jan de Vries <jan@birch.nl>", other))
    assert people["jan@birch.nl"] == people["jan@willow.nl"]


@pytest.mark.parametrize("other", [
    "Jan Bos <jan@willow.nl>", "Jan de Vries <j@willow.nl>", "jan@willow.nl", "Jan de Vries <jan@gmail.com>",
    "Jan de Vries <jan@willow.nl>, Els <els@willow.nl>"])
def test_what_does_not_tell_a_person_joins_nobody(other):
    people = same_people(people_of("Jan de Vries <jan@birch.nl>", other))
    assert len([one for one, first in people.items() if first == people["jan@birch.nl"] and "@" in one]) == 1


def test_the_order_of_mails_makes_no_difference_to_who_is_one_person():
    written = ["jan@birch.nl", "Jan de Vries <jan@birch.nl>", "Jan de Vries <jan@willow.nl>"]
    assert people_of(*written) == people_of(*reversed(written))
    assert sorted({one for part in written for one in people_of(part)}) == people_of(*written)
