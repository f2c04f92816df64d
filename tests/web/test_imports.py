"""Bringing files: what is taken, what is refused, progress, problems, undo, double clicks, a worker that died."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.application import Cast, send

from evenwicht.web.books import acts, queries, shelves, tasks, waiting
from evenwicht.web.books.rows import FAILED, READ, READING, UNDONE, WAITING, Book, Import, Trouble

Later = list[tuple[str, tuple[Any, ...]]]

EVENTS = 6
"""Three mails that ask something: a message and a question each."""

MAIL = b"""From: Olga <olga@berk.example>
To: Ann <ann@acme.example>
Date: Mon, 2 Mar 2026 09:14:00 +0000
Message-ID: <%d@berk.example>
Subject: hello

Could you tell me when the boxes arrive?
"""


def mails(count: int = 3) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(count):
            archive.writestr(f"mail/{number}.eml", MAIL % number)
        archive.writestr("mail/broken.xml", "<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'>")
    return file.getvalue()


def bring(client: Client, name: str = "mail.zip", content: bytes | None = None, *, ticket: str = "t" * 32, **more: Any) -> Any:
    return client.post(reverse("bring"), {"ticket": ticket, "files": [SimpleUploadedFile(name, mails() if content is None else content)], **more})


def brought(cast: Cast, later: Later, **given: Any) -> Import:
    """An import that was read."""
    answer = bring(cast.client("member"), **given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    name, (number,) = later.pop()
    assert name == "read_import"
    tasks.read_import.call(number)
    return Import.objects.get(pk=number)


def test_an_import_is_read_and_added(cast: Cast, later: Later) -> None:
    book = Book.objects.get(pk=cast.organisation.pk)
    before = book.snapshot
    one = brought(cast, later)
    assert one.state == READ
    assert one.events == EVENTS
    assert {file["label"]: file["events"] for file in one.files}["mail.zip/mail/0.eml"] == 2
    book.refresh_from_db()
    assert book.snapshot != before
    assert book.built == book.generation == 2
    assert book.snapshot.events == before.events + EVENTS  # type: ignore[union-attr]
    assert not shelves.upload(one.pk).exists()
    page = cast.client("reader").get(reverse("import", args=[one.pk])).content.decode()
    assert "To the relations" in page
    assert "hx-get" not in page


def test_problems_stand_together_by_what_to_do(cast: Cast, later: Later) -> None:
    one = brought(cast, later)
    assert one.problems == Trouble.objects.filter(brought=one).count() > 0
    page = cast.client("reader").get(reverse("import", args=[one.pk]) + "?lang=nl").content.decode()
    assert "broken.xml" in page
    assert "problem" in page


def test_the_same_file_again_adds_nothing(cast: Cast, later: Later) -> None:
    brought(cast, later)
    events = Book.objects.get(pk=cast.organisation.pk).snapshot.events
    brought(cast, later, ticket="u" * 32)
    assert Book.objects.get(pk=cast.organisation.pk).snapshot.events == events


def test_undo_takes_away_what_only_this_import_brought(cast: Cast, later: Later) -> None:
    events = Book.objects.get(pk=cast.organisation.pk).snapshot.events
    first, second = brought(cast, later), brought(cast, later, ticket="u" * 32)
    for one, left in ((second, events + EVENTS), (first, events)):
        assert send(cast.client("member"), reverse("undo", args=[one.pk])).status_code == 302
        name, (number,) = later.pop()
        assert name == "build"
        tasks.build.call(number)
        assert Book.objects.get(pk=cast.organisation.pk).snapshot.events == left
        assert not shelves.ledger(cast.organisation.pk, one.pk).exists()
    send(cast.client("member"), reverse("undo", args=[first.pk]))
    assert not [one for one in later if one[0] == "build"]  # a second click does nothing
    assert "is gone" in cast.client("reader").get(reverse("import", args=[first.pk])).content.decode()


def test_undoing_everything_leaves_an_empty_book(cast: Cast, later: Later) -> None:
    send(cast.client("owner"), reverse("undo", args=[cast.imports["owner"].pk]))
    tasks.build.call(cast.organisation.pk)
    page = cast.client("reader").get("/").content.decode()
    assert "Nothing has been weighed yet" in page
    assert cast.client("reader").get(reverse("take-along", args=["csv"])).status_code == 404


def test_sending_a_form_twice_is_one_import(cast: Cast, later: Later) -> None:
    first, second = bring(cast.client("member")), bring(cast.client("member"))
    assert first.headers["Location"] == second.headers["Location"]
    assert Import.objects.filter(book=cast.organisation.pk, ticket="t" * 32).count() == 1
    for _, (number,) in later:
        tasks.read_import.call(number)  # both in the queue, done once
    assert Book.objects.get(pk=cast.organisation.pk).generation == 2


def test_nothing_is_read_before_the_three_confirmations(cast: Cast, later: Later) -> None:
    Book.objects.filter(pk=cast.organisation.pk).update(confirmed={"informed": 1})
    answer = bring(cast.client("member"))
    assert answer.status_code == 400
    assert "three points" in answer.content.decode()
    assert not later
    assert 'type="file"' not in cast.client("member").get(reverse("imports")).content.decode()
    send(cast.client("member"), reverse("terms"), informed=1, council=1, exclusions_set=1, exclusions="private.example, label:HR")
    book = Book.objects.get(pk=cast.organisation.pk)
    assert book.exclusions == ["private.example", "label:HR"]
    assert book.confirmed["council"]["by"] == cast.seats["member"].person_id
    assert 'type="file"' in cast.client("member").get(reverse("imports")).content.decode()


def test_exclusions_that_cannot_be_get_a_sentence(cast: Cast, later: Later) -> None:
    answer = send(cast.client("member"), reverse("terms"), informed=1, exclusions="what is this")
    assert answer.status_code == 400
    assert "is not a domain" in answer.content.decode()


def test_what_is_excluded_leaves_no_trace(cast: Cast, later: Later) -> None:
    Book.objects.filter(pk=cast.organisation.pk).update(exclusions=["acme.example"])
    one = brought(cast, later)
    assert one.events == 0


def test_a_form_without_files_gets_a_sentence(cast: Cast, later: Later) -> None:
    answer = cast.client("member").post(reverse("bring"), {"ticket": "t" * 32})
    assert answer.status_code == 400
    assert "No file came" in answer.content.decode()


def test_files_that_hold_nothing_say_so_and_can_be_tried_again(cast: Cast, later: Later) -> None:
    one = brought(cast, later, name="notes.txt", content=b"no mail, no invoice")
    assert one.state == FAILED
    page = cast.client("member").get(reverse("import", args=[one.pk])).content.decode()
    assert "Nothing was read" in page
    assert "Try again" in page
    send(cast.client("member"), reverse("again", args=[one.pk]))
    assert Import.objects.get(pk=one.pk).state == WAITING
    assert later[-1] == ("read_import", (one.pk,))
    assert Book.objects.get(pk=cast.organisation.pk).generation == 1


@pytest.mark.parametrize(("named", "stands"), [
    ("../../etc/passwd", "etc/passwd"), ("/etc/passwd", "etc/passwd"), ("C:\\mail\\a.eml", "C_/mail/a.eml"), ("..", "file"), ("", "file"),
    (".hidden/.x", "hidden/x"), ("a/b/c.eml", "a/b/c.eml"), ("x\x00y.eml", "x_y.eml"), ("con:.eml", "con_.eml"), ("./a", "a"),
])
def test_names_of_uploads_stay_inside(tmp_path: Path, named: str, stands: str) -> None:
    assert shelves.within(tmp_path, named) == tmp_path / stands


def test_long_names_are_cut_and_keep_their_ending(tmp_path: Path) -> None:
    place = shelves.within(tmp_path, "/".join(["d" * 300] * 30) + "/" + "n" * 300 + ".eml")
    assert place.suffix == ".eml"
    assert len(place.name) <= 120
    assert len(place.relative_to(tmp_path).parts) <= 12


def test_two_files_of_one_name_are_two(cast: Cast, later: Later) -> None:
    files = [SimpleUploadedFile("a.eml", MAIL % 1), SimpleUploadedFile("a.eml", MAIL % 2)]
    cast.client("member").post(reverse("bring"), {"ticket": "t" * 32, "files": files, "names": ["x/a.eml", "x/a.eml"]})
    _, (number,) = later.pop()
    assert sorted(path.name for path in (shelves.upload(number) / "x").iterdir()) == ["a-2.eml", "a.eml"]
    tasks.read_import.call(number)
    assert Import.objects.get(pk=number).events == 4


def test_a_stranger_cannot_fill_the_disk(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert bring(client).status_code == 403
    assert not list(shelves.arriving().iterdir())


def test_what_is_too_large_is_refused_before_it_is_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "LARGEST_UPLOAD", 100)
    assert bring(cast.client("member")).status_code == 400
    assert not list(shelves.arriving().iterdir())


def test_progress_is_told_and_asks_for_itself(cast: Cast, later: Later) -> None:
    bring(cast.client("member"))
    _, (number,) = later.pop()
    Import.objects.filter(pk=number).update(state=READING, done=50, size=100, beat=timezone.now(), label="mail/1.eml")
    page = cast.client("reader").get(reverse("import", args=[number]))
    assert 'hx-trigger="every 1s"' in page.content.decode()
    part = cast.client("reader").get(reverse("import", args=[number]), headers={"HX-Request": "true", "HX-Target": "progress"}).content.decode()
    assert part.startswith("<div")
    assert "50%" in part
    state = cast.client("reader").get(reverse("imports"), headers={"HX-Request": "true", "HX-Target": "state"}).content.decode()
    assert state.startswith("<div")
    assert "mail.zip" in state


def test_a_dead_worker_is_noticed_and_its_work_taken_up(cast: Cast, later: Later) -> None:
    bring(cast.client("member"))
    _, (number,) = later.pop()
    Import.objects.filter(pk=number).update(state=READING, beat=timezone.now() - timedelta(minutes=5))
    page = cast.client("member").get(reverse("import", args=[number])).content.decode()
    assert "no sign of life" in page
    assert waiting.pick_up() == 1
    assert later.pop() == ("read_import", (number,))
    tasks.read_import.call(number)
    assert Import.objects.get(pk=number).state == READ


def test_work_that_is_going_on_is_not_taken_from_whoever_does_it(cast: Cast, later: Later) -> None:
    bring(cast.client("member"))
    _, (number,) = later.pop()
    Import.objects.filter(pk=number).update(state=READING, beat=timezone.now())
    assert waiting.pick_up() == 0
    tasks.read_import.call(number)
    assert Import.objects.get(pk=number).state == READING


def test_a_result_that_was_not_made_is_made_by_the_next_worker(cast: Cast, later: Later) -> None:
    Book.objects.filter(pk=cast.organisation.pk).update(generation=7, beat=timezone.now() - timedelta(minutes=5))
    assert waiting.pick_up() == 1
    assert later == [("build", (cast.organisation.pk,))]


def test_an_import_that_is_undone_while_it_is_read_stops(cast: Cast, later: Later, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(cast.client("member"))
    _, (number,) = later.pop()
    monkeypatch.setattr(tasks, "EVERY", 0.0)
    real = acts.beat

    def undone_meanwhile(one: Import, done: int, label: str) -> bool:
        acts.undo(Import.objects.get(pk=number))
        return real(one, done, label)

    monkeypatch.setattr(acts, "beat", undone_meanwhile)
    tasks.read_import.call(number)
    assert Import.objects.get(pk=number).state == UNDONE
    assert not shelves.ledger(cast.organisation.pk, number).exists()


def test_a_mistake_of_ours_is_told_and_nothing_is_lost(cast: Cast, later: Later, monkeypatch: pytest.MonkeyPatch) -> None:
    from evenwicht.web import bridge

    bring(cast.client("member"))
    _, (number,) = later.pop()

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(bridge, "read_files", broken)
    with pytest.raises(ZeroDivisionError):
        tasks.read_import.call(number)
    page = cast.client("member").get(reverse("import", args=[number])).content.decode()
    assert "Evenwicht made a mistake" in page
    assert shelves.upload(number).is_dir()
    monkeypatch.setattr(bridge, "combined", broken)
    Book.objects.filter(pk=cast.organisation.pk).update(generation=9)
    with pytest.raises(ZeroDivisionError):
        tasks.build.call(cast.organisation.pk)
    assert "Evenwicht made a mistake" in cast.client("reader").get("/").content.decode()


def test_an_older_result_never_replaces_a_newer_one(cast: Cast) -> None:
    book = queries.book_of(cast.organisation)
    Book.objects.filter(pk=book.pk).update(built=5)
    assert acts.keep(book, None, 4) is None
    assert Book.objects.get(pk=book.pk).snapshot is not None


def test_what_is_kept_of_earlier_results_is_the_one_before(cast: Cast, later: Later) -> None:
    from evenwicht.web.books.rows import Detail, Relation, Snapshot

    for round_ in range(3):
        Book.objects.filter(pk=cast.organisation.pk).update(generation=2 + round_)
        tasks.build.call(cast.organisation.pk)
    kept = Snapshot.objects.filter(book=cast.organisation.pk)
    assert kept.count() == 2
    assert set(Relation.objects.filter(snapshot__book=cast.organisation.pk).values_list("snapshot", flat=True)) == {one.pk for one in kept}
    assert Detail.objects.filter(snapshot__book=cast.organisation.pk).count() == 6


def test_many_files_of_one_folder_are_told_together(cast: Cast) -> None:
    one = cast.imports["owner"]
    files = [{"label": f"mail/{number}.eml", "size": 1_500_000_000, "events": 1, "problems": int(number == 3)} for number in range(20)]
    told = {"importers": {"mail": 20}, "internal": 4, "between_others": 5, "people": 6}
    Import.objects.filter(pk=one.pk).update(files=[*files, {"label": "bank.xml", "size": 12, "events": 2, "problems": 0}], told=told)
    page = cast.client("reader").get(reverse("import", args=[one.pk])).content.decode()
    assert "mail: 20 files" in page
    assert "mail/3.eml" in page
    assert "mail/4.eml" not in page
    assert "30\u00a0GB" in page
    assert "12\u00a0B" in page
    assert "4 within one organisation, 5 between two others and 6 private persons" in page


def test_who_may_only_read_sees_no_buttons(cast: Cast) -> None:
    for address in (reverse("imports"), reverse("import", args=[cast.imports["owner"].pk])):
        assert "<form" not in cast.client("reader").get(address).content.decode()
        assert "<form" in cast.client("member").get(address).content.decode()


def test_while_a_result_is_made_the_one_before_is_shown_and_said_so(cast: Cast) -> None:
    Book.objects.filter(pk=cast.organisation.pk).update(generation=2)
    assert "This is how they stood before" in cast.client("reader").get("/").content.decode()
    assert "being worked out" in cast.client("reader").get(reverse("imports")).content.decode()
    page = cast.client("reader").get(reverse("import", args=[cast.imports["owner"].pk])).content.decode()
    assert "Read. The relations are being worked out." in page
    Book.objects.filter(pk=cast.organisation.pk).update(snapshot=None)
    assert "The relations appear here by themselves" in cast.client("reader").get("/").content.decode()


def test_a_result_that_could_not_be_made_is_told(cast: Cast) -> None:
    Book.objects.filter(pk=cast.organisation.pk).update(generation=2, fault={"template": "{role} is not a role. Choose owner, member or reader.", "values": {"role": "x"}})
    assert "x is not a role" in cast.client("reader").get("/").content.decode()
    assert "x is not a role" in cast.client("reader").get(reverse("import", args=[cast.imports["owner"].pk])).content.decode()


def test_reading_that_is_refused_is_told(cast: Cast, later: Later) -> None:
    """A setting that no longer holds is a sentence on the page, not a mistake in the log."""
    Book.objects.filter(pk=cast.organisation.pk).update(exclusions=["not an exclusion at all"])
    bring(cast.client("member"))
    _, (number,) = later.pop()
    tasks.read_import.call(number)
    assert "is not a domain" in cast.client("member").get(reverse("import", args=[number])).content.decode()
