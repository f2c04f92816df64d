"""Many mails in one file: where one ends and the next begins, streamed, and the newest time alone."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.letter import NOW, letter

from evenwicht.importers import mbox
from evenwicht.importers.source import Head, Source

FROM = b"From - Mon Mar 02 10:00:00 2026\n"


def split(data):
    return [mail for mail, _size in mbox.split(io.BytesIO(data))]


def read(tmp_path, data, **options):
    path = tmp_path / "post.mbox"
    path.write_bytes(data)
    return mbox.read(Source(path, path.name, NOW, **options))


@pytest.mark.parametrize("line", [
    b"From - Mon Mar 02 10:00:00 2026", b"From jan@birch.nl Mon Mar  2 10:00:00 2026", b"From jan at birch.nl  Mon Mar  2 10:00:00 2026",
    b"From 1234@xxx Mon Mar 02 10:00:00 +0000 2026", b"From -", b"From ", b"From", b"From jan@birch.nl 2026-03-02T10:00:00",
    b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011", b"From luc\xe9a@birch.nl Mon Mar  2 10:00:00 2026",
])
@pytest.mark.parametrize("before", [b"", b"\n", b"\r\n"])
def test_a_line_that_begins_a_mail(line, before):
    second = line + b"\n" + letter()
    assert split(FROM + letter() + before + second) == [FROM + letter() + before, second]


@pytest.mark.parametrize("text", [
    b"From Russia with love\nhttp: no", b"From 10:00 to 11:00 we meet\nAgenda: x", b"From 2024 on we deliver\nhttps://birch.nl", b"From \nthis",
    b" From - Mon Mar 02 10:00:00 2026\nTo: x", b"> From - Mon Mar 02 10:00:00 2026\nTo: x", b"Fromage\nTo: x", b"From Mon Mar 2 2026\nplain",
])
def test_a_line_of_text_that_begins_none(text):
    assert len(split(FROM + letter(b"Dag.\n" + text + b"\n"))) == 1


@given(st.lists(st.text(alphabet="ab >\n", max_size=80), min_size=1, max_size=6), st.sampled_from([7, 64, 1 << 20]))
def test_the_pieces_are_the_whole_whatever_the_block(bodies, block):
    mails = [FROM + letter(body + "\n") for body in bodies]
    before, mbox.BLOCK = mbox.BLOCK, block
    try:
        found = list(mbox.split(io.BytesIO(b"".join(mails))))
    finally:
        mbox.BLOCK = before
    assert [mail for mail, _size in found] == mails
    assert [size for _mail, size in found] == [len(mail) for mail in mails]


def test_a_huge_mail_is_streamed_past_and_the_next_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(mbox, "MOST_BYTES", 400_000)
    monkeypatch.setattr(mbox, "BLOCK", 50_000)
    huge = FROM + letter("woord woord\n" * 100_000)
    steps = []
    reading = read(tmp_path, FROM + letter() + huge + FROM + letter(Message_ID="<last@birch.nl>"), advance=steps.append)
    assert reading.counted["mail"] == 3
    assert [event.amount for event in reading.events if event.kind == "message"] == [2.0, None, 2.0]
    assert sum(steps) == (tmp_path / "post.mbox").stat().st_size
    assert all(len(mail) < 500_000 for mail, _size in mbox.split(io.BytesIO(huge)))


def test_escaped_from_lines_are_given_back(tmp_path):
    reading = read(tmp_path, FROM + letter("Een.\n\n>From hier verder.\n"))
    assert reading.events[0].amount == 4.0


def mailbox(days):
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    return b"".join(
        FROM + letter(Date=format_datetime(start + timedelta(days=day)), Message_ID=f"<{day}@birch.nl>") + b"\n" for day in days)


def test_two_halves_of_the_time_are_the_whole(tmp_path):
    data = mailbox([5, 1, 90, 40, 2, 60]) + FROM.replace(b"2026", b"1970") + letter(Date=None)
    cut = datetime(2026, 2, 1, tzinfo=UTC)
    whole, newer, older = read(tmp_path, data), read(tmp_path, data, since=cut), read(tmp_path, data, before=cut)
    assert sorted(event.id for event in newer.events + older.events) == sorted(event.id for event in whole.events)
    assert {event.evidence for event in newer.events} == {("post.mbox#3",), ("post.mbox#4",), ("post.mbox#6",)}
    assert newer.counted + older.counted == whole.counted
    assert len(newer.problems) + len(older.problems) == len(whole.problems) == 1
    newer.mail.add(older.mail)
    assert newer.mail == whole.mail


def test_the_newest_mail(tmp_path):
    path = tmp_path / "post.mbox"
    path.write_bytes(mailbox([5, 90, 40]) + FROM + letter(Date="Fri, 1 Jan 2100 00:00:00 +0000", Received="x; Thu, 2 Apr 2026 10:00:00 +0000"))
    assert mbox.newest(path, NOW) == datetime(2026, 4, 2, 10, tzinfo=UTC)
    path.write_bytes(mailbox([5, 90, 40]))
    assert mbox.newest(path) == datetime(2026, 4, 1, 12, tzinfo=UTC)
    path.write_bytes(b"")
    assert mbox.newest(path) is None


def test_passing_over_is_much_faster_than_reading(tmp_path):
    path = tmp_path / "post.mbox"
    path.write_bytes(mailbox([0]) * 4_000)
    began = time.process_time()
    mbox.read(Source(path, "x", NOW, before=datetime(2020, 1, 1, tzinfo=UTC)))
    passed = time.process_time() - began
    began = time.process_time()
    mbox.read(Source(path, "x", NOW))
    assert passed < (time.process_time() - began) / 3


def test_the_counts_of_the_shared_files_are_right(shared):
    if shared is None:
        return
    expected = {
        "MimeKit__simple.mbox.txt": 3, "MimeKit__unmunged.mbox.txt": 2, "grimoirelab-perceval__hyperkitty_2016_april.mbox": 3,
        "grimoirelab-perceval__mbox_iso8859_encoding.mbox": 1, "grimoirelab-perceval__mbox_multipart.mbox": 2,
        "grimoirelab-perceval__mbox_no_fields.mbox": 6, "grimoirelab-perceval__mbox_single.mbox": 1,
        "grimoirelab-perceval__pipermail_2015_november.mbox": 4, "thunderbird-desktop__mbox_modern": 2,
        "thunderbird-desktop__mbox_unquoted": 2, "thunderbird-desktop__movemailspool": 3,
    }
    for name, mails in expected.items():
        path = shared / "fixtures" / "mbox" / name
        assert mbox.identify(Head.of(path)), name
        assert mbox.read(Source(path, name, NOW)).counted["mail"] == mails, name
