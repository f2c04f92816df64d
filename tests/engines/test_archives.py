"""Archives: what is in them comes out as it would unpacked, and nothing in them can do harm."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import struct
import tarfile
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.letter import NOW, letter

from evenwicht import registry
from evenwicht.engines import archives, containers
from evenwicht.engines.archives import Archives
from evenwicht.engines.reading import IMPORTERS
from evenwicht.importers.source import Head, Source

DAY = 1_770_000_000


@pytest.fixture
def opened(tmp_path):
    """Unpacks bytes as an archive: its files by name, and what was said."""
    with Archives() as room:
        def unpack(data, name="a.zip"):
            path = tmp_path / name
            path.write_bytes(data)
            os.utime(path, (DAY, DAY))
            found = room.opened(path, name)
            if found is None:
                return None
            folder, problems = found
            return files(folder), [f"{problem.place}: {problem.what_phrase}" for problem in problems]

        yield unpack


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    """A ZIP of (name or ZipInfo, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def tarred(*members, mode="w"):
    """A tar of (name or TarInfo, content)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def marked(name, **fields):
    info = zipfile.ZipInfo(name)
    for field, value in fields.items():
        setattr(info, field, value)
    return info


MEMBERS = (("map/a.eml", b"een"), ("b.txt", b"twee" * 1_000))
UNPACKED = {"map/a.eml": b"een", "b.txt": b"twee" * 1_000}


@pytest.mark.parametrize("data", [
    zipped(*MEMBERS), zipped(*MEMBERS, method=zipfile.ZIP_STORED), zipped(*MEMBERS, method=zipfile.ZIP_BZIP2), tarred(*MEMBERS),
    tarred(*MEMBERS, mode="w:gz"), tarred(*MEMBERS, mode="w:bz2"),
])
def test_every_kind_of_archive_gives_its_files(opened, data):
    assert opened(data, "zonder naam") == (UNPACKED, [])


@pytest.mark.parametrize("name, inside", [("lijst.mbox.gz", "lijst.mbox"), ("2026-03.txt.GZ", "2026-03.txt"), ("zonder", "zonder")])
def test_one_packed_file_is_that_file(opened, name, inside):
    assert opened(gzip.compress(b"From jan"), name) == ({inside: b"From jan"}, [])
    assert opened(bz2.compress(b"From jan"), "b.bz2") == ({"b": b"From jan"}, [])


@pytest.mark.parametrize("data", [
    b"", b"From jan", b"PK nee", b"\0" * 2_000, b"\x1f\x8b\x07" + bytes(50), b"x" * 600,
    zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"")), zipped(("xl/workbook.xml", b""), ("[Content_Types].xml", b"")),
    zipped(("mimetype", b"application/vnd.oasis.opendocument.text")), zipped(("META-INF/MANIFEST.MF", b"")), zipped(("META-INF/reportPackage.json", b"{}")),
])
def test_what_is_no_archive_and_documents_that_are_a_zip_inside(opened, data):
    assert opened(data) is None


def test_a_document_that_is_cut_off_is_still_that_document(opened):
    whole = zipped(("[Content_Types].xml", b"<Types/>" * 100), ("xl/workbook.xml", b""))
    assert opened(whole[:60]) is None


@pytest.mark.parametrize("data", [b"7z\xbc\xaf\x27\x1c\0\4", b"Rar!\x1a\x07\x01\0", b"\xfd7zXZ\0\0"])
def test_archives_of_other_kinds_are_named(opened, data):
    assert opened(data)[1] == [": This is a 7-Zip, RAR or XZ archive, which is not opened here."]


def test_archives_in_an_archive_become_folders(opened):
    inner = zipped(("c.xml", b"drie"))
    data = zipped(("in.zip", inner), ("m.mbox.gz", gzip.compress(b"From")), ("t.tgz", tarred(("d", b"vier"), mode="w:gz")), ("x.xlsx", zipped(("[Content_Types].xml", b""))))
    found, said = opened(data)
    assert {name: content for name, content in found.items() if name != "x.xlsx"} == {"in.zip/c.xml": b"drie", "m.mbox.gz/m.mbox": b"From", "t.tgz/d": b"vier"}
    assert "x.xlsx" in found
    assert said == []


def test_archives_within_each_other_have_an_end(opened):
    data = zipped(("diep", b"x"))
    for number in range(4):
        data = zipped((f"{number}.zip", data))
    found, said = opened(data)
    assert found == {}
    assert said == ["3.zip/2.zip/1.zip: More than 2 archives within each other are not opened: 3.zip/2.zip/1.zip."]


def test_a_damaged_archive_in_an_archive_takes_nothing_with_it(opened):
    found, said = opened(zipped(("stuk.zip", zipped(("a", b"x" * 99))[:60]), ("goed", b"g")))
    assert found == {"goed": b"g"}
    assert said == ["stuk.zip/: The archive is damaged or cut off; what could be unpacked of it was read."]


@pytest.mark.parametrize("name", ["../weg", "a/../../weg", "/abs/weg", "C:\\weg", "c:/weg", "\\\\server\\weg", "a\\..\\..\\weg", "a/.. /weg"])
def test_names_that_lead_outside_are_refused(opened, tmp_path, name):
    for found, said in (opened(zipped((marked(name), b"x"), ("goed", b"g"))), opened(tarred((name, b"x"), ("goed", b"g")))):
        assert found == {"goed": b"g"}
        assert len(said) == 1
        assert "lead outside the archive" in said[0]
    assert not list(tmp_path.parent.glob("**/weg"))


def test_a_bad_name_is_told_once_with_how_many(opened):
    _found, said = opened(zipped(*((f"../{number}", b"x") for number in range(9))))
    assert said == ["../0: These names lead outside the archive, so the files were left out: ../0, ../1, ../2, … (9)."]


@pytest.mark.parametrize("name, safe", [
    ("map\\a.eml", "map/a.eml"), ("./a//b", "a/b"), ("vraag?<1>.eml", "vraag__1_.eml"), ("1.host:2,S", "1.host;2,S"), ("eind. .", "eind"),
    ("d" * 300 + ".eml", None), ("/".join("d" * 60), None), ("é" * 150, None), ("regel\nbreuk", "regel_breuk"), ("...", "_"),
])
def test_names_become_safe_and_stay_apart(opened, name, safe):
    found, said = opened(zipped((marked(name), b"x")))
    assert said == []
    (unpacked,) = found
    if safe is not None:
        assert unpacked == safe
    assert all(len(part.encode()) <= 200 for part in unpacked.split("/"))
    assert unpacked.count("/") < archives.MOST_PARTS
    if name.endswith(".eml"):
        assert unpacked.endswith(".eml")


def test_names_in_every_charset(opened):
    assert set(opened(zipped(("één.eml", b"x")))[0]) == {"één.eml"}
    undeclared = zipped(("aXXn.eml", b"x")).replace(b"aXXn", "aé".encode() + b"n")
    assert set(opened(undeclared)[0]) == {"aén.eml"}
    old = zipped(("aXn.eml", b"x")).replace(b"aXn", b"a\x82n")  # code page 437
    assert set(opened(old)[0]) == {"aén.eml"}
    info = marked("a.eml")
    raw = "één.eml".encode()
    info.extra = struct.pack("<HH", 0x9999, 0) + struct.pack("<HHBI", 0x7075, len(raw) + 5, 1, zipfile.crc32(b"a.eml")) + raw
    assert set(opened(zipped((info, b"x")))[0]) == {"één.eml"}
    info.extra = info.extra[:-len(raw) - 4] + bytes(4) + raw  # of another name: not believed
    assert set(opened(zipped((info, b"x")))[0]) == {"a.eml"}


def test_two_files_of_one_name_are_both_there(opened):
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(("a.eml", b"1"), ("a.eml", b"2"), ("A.eml", b"3"), ("a.eml/b", b"4"))
    found, said = opened(data)
    assert sorted(found.values()) == [b"1", b"2", b"3"]
    assert set(found) == {"a.eml", "a (2).eml", "A (3).eml"} or set(found) == {"a.eml", "a (2).eml", "A (2).eml"}
    assert said == ["a.eml/b: These files could not be written to the temporary folder, and were left out: a.eml/b."]


def test_what_macos_and_windows_leave_is_passed_over(opened):
    found, said = opened(zipped(("__MACOSX/._a", b"x"), (".DS_Store", b"x"), ("b/Thumbs.db", b"x"), ("b/._c", b"x"), ("b/c", b"c")))
    assert (found, said) == ({"b/c": b"c"}, [])


def test_folders_are_made_even_when_they_are_empty(tmp_path):
    """A Maildir is known by its folders."""
    (tmp_path / "m.zip").write_bytes(zipped(("m/cur/", b""), ("m/new/", b""), ("m/cur/1:2,S", letter())))
    with Archives() as room:
        folder, problems = room.opened(tmp_path / "m.zip", "m.zip")
        assert problems == []
        assert registry.members(IMPORTERS)["maildir"].identify(Head.of(folder / "m"))


def test_files_have_the_time_of_their_archive(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped(("b", b"x")))
    os.utime(tmp_path / "a.zip", (DAY, DAY))
    with Archives() as room:
        folder, _problems = room.opened(tmp_path / "a.zip", "a.zip")
        assert (folder / "b").stat().st_mtime == DAY
        assert folder.exists()
    assert not folder.exists()


def test_links_and_devices_are_not_followed(opened):
    link = marked("link", create_system=3, external_attr=0o120777 << 16)
    found, said = opened(zipped((link, b"/etc/passwd"), ("goed", b"g")))
    assert found == {"goed": b"g"}
    assert said == ["link: Links and devices in an archive are not followed: link."]
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
        info = tarfile.TarInfo("link")
        info.type, info.linkname = kind, "/etc/passwd"
        found, said = opened(tarred((info, b""), ("goed", b"g")))
        assert found == {"goed": b"g"}
        assert len(said) == 1


def test_locked_files_say_what_to_do(tmp_path):
    data = bytearray(zipped(("geheim", b"x" * 50)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    with Archives() as room:
        _folder, problems = room.opened(tmp_path / "a.zip", "a.zip")
    assert [str(problem.what_phrase) for problem in problems] == ["Locked with a password, and left out: geheim."]
    assert "with its password" in str(problems[0].remedy_phrase)


@pytest.mark.parametrize("method", [9, 14, 93, 99])
def test_other_ways_of_packing_are_a_problem(opened, method):
    data = bytearray(zipped(("a", b"x"), ("goed", b"g")))
    data[8] = method
    data[data.index(b"PK\x01\x02") + 10] = method
    found, said = opened(bytes(data))
    assert found == {"goed": b"g"}
    assert said == ["a: Packed in a way that is not opened here, and left out: a."]


def test_a_file_with_a_wrong_check_sum_is_left_out_and_the_others_come_through(opened):
    data = zipped(("a", b"appel"), ("b", b"bes"), method=zipfile.ZIP_STORED).replace(b"appel", b"appul")
    assert opened(data) == ({"b": b"bes"}, ["a: Damaged inside the archive, and left out: a."])
    data = zipped(("a", b"appel" * 99)).replace(zipped(("a", b"appel" * 99))[31:36], b"\xff" * 5, 1)
    assert opened(data)[0] == {}
    other = zipped(("a", b"appel"), ("b", b"bes")).replace(b"a", b"c", 1)  # the two names of one file differ
    assert set(opened(other)[0]) == {"b"}


@pytest.mark.parametrize("cut", [25, 70, 150])
def test_an_archive_that_is_cut_off_is_a_problem(opened, cut):
    assert opened(zipped(*MEMBERS)[:cut])[1] == [": The archive is damaged or cut off; what could be unpacked of it was read."]


def test_what_of_a_cut_tar_or_gz_came_before_the_cut(opened):
    noise = os.urandom(40_000)
    data = tarred(("a", b"een"), ("b", noise), mode="w:gz")
    found, said = opened(data[:20_000])
    assert found == {"a": b"een"}
    assert any("Damaged inside" in each or "cut off" in each for each in said)
    assert opened(gzip.compress(noise)[:20_000], "c.gz") == ({}, ["c: Damaged inside the archive, and left out: c."])


def test_an_empty_archive_says_so(opened):
    assert opened(zipped()) == ({}, [": There is nothing in this archive."])


# bombs

def test_a_file_that_unpacks_to_far_too_much(opened):
    found, said = opened(zipped(("bom.xml", bytes(30_000_000)), ("goed", b"g")))
    assert found == {"goed": b"g"}
    assert said == ["bom.xml: These files unpack to more than 200 times their size, as an attack does, and were left out: bom.xml."]
    assert opened(gzip.compress(bytes(30_000_000)), "a.gz")[0] == {}


def test_many_dense_files_together_have_a_limit(opened):
    found, said = opened(zipped(*((str(number), bytes(4_000_000)) for number in range(9))))
    assert 0 < len(found) < 9
    assert "more than 200 times its size" in said[0]
    assert "more than 200 times its size" in opened(tarred(("a", bytes(30_000_000)), mode="w:gz"), "a.tgz")[1][0]


def test_a_tar_that_is_sought_through_has_a_limit(opened):
    hole = tarfile.TarInfo("gat")
    hole.type = tarfile.FIFOTYPE
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.GNU_FORMAT) as archive:
        info = tarfile.TarInfo("../weg")
        info.size = 40_000_000
        archive.addfile(info, io.BytesIO(bytes(40_000_000)))
        archive.addfile(tarfile.TarInfo("na"), io.BytesIO())
    found, said = opened(out.getvalue(), "a.tgz")
    assert found == {}
    assert any("damaged" in each for each in said)


def test_a_tar_with_a_false_length_of_a_header_asks_for_no_memory(opened):
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 8_000_000_000
    found, said = opened(info.tobuf(tarfile.GNU_FORMAT) + bytes(1_024))
    assert found == {}
    assert "damaged" in said[0]


def test_members_that_claim_the_same_bytes(opened):
    """The bytes of one file under a thousand names: only the first is unpacked."""
    data = zipped(("a", b"x" * 100))
    begin, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[begin:end]
    entries = entry + entry.replace(b"a", b"b") + entry.replace(b"a", b"c")
    tail = data[end:end + 8] + struct.pack("<HHII", 3, 3, len(entries), begin) + b"\0\0"
    found, said = opened(data[:begin] + entries + tail)
    assert found == {"a": b"x" * 100}
    assert said == ["b: These files claim the bytes of another file in the archive, and were left out: b, c."]


def test_too_many_files_and_too_little_room(opened, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    found, said = opened(zipped(*((str(number), b"x") for number in range(9))))
    assert len(found) == 3
    assert said == [": The archive holds more than 3 files; the rest was not unpacked."]
    monkeypatch.setattr(archives, "MOST_BYTES", 5)
    assert "more than there is room for" in opened(zipped(("a", b"x" * 9)))[1][0]


def test_a_table_of_contents_that_is_too_large(opened, monkeypatch):
    monkeypatch.setattr(containers, "MOST_DIRECTORY", 50)
    assert "damaged" in opened(zipped(*((str(number), b"x") for number in range(9))))[1][0]
    wide = b"PK\x03\x04" + bytes(60) + b"PK\x06\x06" + bytes(36) + struct.pack("<Q", 2**40) + bytes(8) + b"PK\x05\x06" + b"\xff" * 16 + b"\0\0"
    assert "damaged" in opened(wide)[1][0]


def test_a_disk_that_is_full(opened, monkeypatch):
    real = Path.open

    class Full:
        def __init__(self, file):
            self.file = file

        def write(self, _data):
            raise OSError(28, "No space left on device")

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

    monkeypatch.setattr(Path, "open", lambda self, mode="r", *rest: Full(real(self, mode, *rest)) if mode == "xb" else real(self, mode, *rest))
    assert opened(zipped(("a", b"x"))) == ({}, ["a: These files could not be written to the temporary folder, and were left out: a."])


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 255)), max_size=20), st.sampled_from(["zip", "tar", "gz"]), st.integers(4, 20_000))
def test_no_damage_breaks_anything(changes, kind, end):
    data = bytearray({"zip": zipped(*MEMBERS, ("c.zip", zipped(("d", b"x")))), "tar": tarred(*MEMBERS), "gz": tarred(*MEMBERS, mode="w:gz")}[kind][:end])
    for place, byte in changes:
        if place < len(data):
            data[place] = byte
    with tempfile.TemporaryDirectory() as folder, Archives() as room:
        path = Path(folder) / "a"
        path.write_bytes(data)
        room.opened(path, "a")
        assert [each.name for each in Path(folder).iterdir()] == ["a"]


# what is read from an archive is what is read from its files

def facts(path, label):
    """Events and problems of every file under a path, by importer; evidence and problems without the names of the files."""
    found = []
    for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if each.is_file():
            for module in registry.members(IMPORTERS).values():
                if module.identify(Head.of(each)):
                    reading = module.read(Source(each, label, NOW))
                    found.append((module.NAME, [replace(event, evidence=()) for event in reading.events], [str(p.what_phrase) for p in reading.problems]))
    return sorted(found, key=str)


def test_samples_in_an_archive_give_what_they_give_beside_it(repository, tmp_path):
    samples = repository / "tests" / "samples"
    wanted = [path for name in ("mail", "mbox", "ics", "ubl", "camt", "mt940", "msg") for path in sorted((samples / name).iterdir())
              if path.is_file() and path.suffix != ".ledger"]
    plain = sorted((fact for path in wanted for fact in facts(path, "x")), key=str)
    assert plain
    members = [(f"Takeout/{path.parent.name}/{path.name}", path.read_bytes()) for path in wanted]
    for data in (zipped(*members), tarred(*members, mode="w:gz"), zipped(("Takeout-001.zip", zipped(*members)))):
        (tmp_path / "a").write_bytes(data)
        with Archives() as room:
            folder, problems = room.opened(tmp_path / "a", "a")
            assert problems == []
            assert facts(folder, "x") == plain


def test_archives_from_elsewhere(shared):
    if shared is None:
        return
    with Archives() as room:
        for path in sorted((shared / "fixtures").rglob("*")):
            if not path.is_file() or path.stat().st_size > 5_000_000:
                continue
            found = room.opened(path, path.name)
            if path.suffix == ".zip":
                assert found is not None
                folder, problems = found
                said = " ".join(str(problem.what_phrase) for problem in problems)
                assert said == "" or path.parent.name == "security"
                if "bomb" in path.name:
                    assert "200 times" in said
                    assert files(folder) == {}
                elif "slip" in path.name:
                    assert "lead outside" in said
                elif "many" not in path.name:
                    assert facts(folder, "x")
            elif found is not None:
                assert path.parent.name == "security", path
