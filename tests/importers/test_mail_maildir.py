"""A folder of mails: its rooms, its sub-folders, flags after `:2,` or `;2,`, and nothing changed."""

from __future__ import annotations

import pytest
from tests.importers.letter import NOW, letter, messages

from evenwicht.importers import mail, maildir, mbox
from evenwicht.importers.source import Exclusions, Head, Source


@pytest.fixture
def box(tmp_path):
    """A Maildir with one read mail."""
    for room in ("cur", "new", "tmp"):
        (tmp_path / "box" / room).mkdir(parents=True)
    put(tmp_path / "box" / "cur" / "1.host:2,S", "1")
    return tmp_path / "box"


def put(path, name, **changed):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(letter(Message_ID=f"<{name}@birch.nl>", **changed))


def read(box, **options):
    return maildir.read(Source(box, "box", NOW, **options))


def ids(reading):
    return [event.id for event in reading.events if event.kind == "message"]


def test_a_folder_is_known_by_its_rooms(box, tmp_path):
    assert [member.NAME for member in (mail, mbox, maildir) if member.identify(Head.of(box))] == ["maildir"]
    assert not maildir.identify(Head.of(tmp_path))
    assert not maildir.identify(Head.of(box / "cur"))
    assert not maildir.identify(Head.of(box / "cur" / "1.host:2,S"))


def test_both_rooms_are_read_and_the_place_is_without_flags(box):
    put(box / "new" / "2.host", "2")
    put(box / "cur" / "3.host;2,RS", "3")
    put(box / "tmp" / "4.host", "4")
    reading = read(box)
    assert ids(reading) == ["1@birch.nl", "3@birch.nl", "2@birch.nl"]
    assert {event.evidence for event in reading.events} == {("box#cur/1.host",), ("box#cur/3.host",), ("box#new/2.host",)}


def test_sub_folders_are_read_and_may_be_excluded_by_name(box):
    for folder in (".Sent", ".Werk.Priv&AOk-", "Archief"):
        put(box / folder / "cur" / "1.host:2,S", folder.strip(".&-"))
        (box / folder / "new").mkdir()
    assert len(ids(read(box))) == 4
    for label in ("Sent", "werk.privé", "Privé", "Werk/Privé", ".Werk.Priv&AOk-"):
        reading = read(box, exclude=Exclusions(labels=frozenset({label})))
        assert (len(ids(reading)), reading.counted["excluded"]) == (3, 1), label
    assert len(ids(read(box, exclude=Exclusions(labels=frozenset({"Inbox"}))))) == 3


@pytest.mark.parametrize(("name", "drafts"), [("2.host:2,D", 1), ("2.host;2,DS", 1), ("2.host:2,ST", 0), ("2.host,S=100:2,", 0), ("2.host,D", 0)])
def test_a_draft_was_never_sent(box, name, drafts):
    put(box / "cur" / name, "2")
    reading = read(box)
    assert (reading.counted["draft"], len(ids(reading))) == (drafts, 2 - drafts)


def test_nothing_is_changed_and_links_are_not_followed(box):
    (box / ".Rond").symlink_to(box, target_is_directory=True)
    (box / "cur" / "9.host:2,S").symlink_to(box / "cur" / "1.host:2,S")
    before = sorted((path.name, path.lstat().st_mtime_ns) for path in box.rglob("*"))
    assert ids(read(box)) == ["1@birch.nl"]
    assert sorted((path.name, path.lstat().st_mtime_ns) for path in box.rglob("*")) == before


def test_a_mail_without_headers_is_a_problem_and_the_others_are_read(box):
    (box / "cur" / "0.host").write_bytes(b"a\n")
    steps = []
    reading = read(box, advance=steps.append)
    assert messages(reading) == ["birch.nl>acme.com 2.0"]
    assert [problem.place for problem in reading.problems] == ["cur/0.host"]
    assert sum(steps) == sum(path.stat().st_size for path in (box / "cur").iterdir())


def test_a_mail_that_went_away_meanwhile_is_a_problem(box, monkeypatch):
    monkeypatch.setattr(maildir, "_files", lambda room: [room / "weg"] if room.name == "new" else [])
    reading = read(box)
    assert [problem.place for problem in reading.problems] == ["new/weg"]


def test_the_shared_folder_gives_six_mails_without_headers(shared):
    if shared is None:
        return
    reading = maildir.read(Source(shared / "fixtures" / "maildir" / "stalwart", "stalwart", NOW))
    assert reading.counted["mail"] == len(reading.problems) == 6
