"""Writes compound files ([MS-CFB], version 3) for tests, from a tree of names: bytes are streams, dicts are storages."""

from __future__ import annotations

import struct

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def compound(tree):
    """The bytes of a compound file with `tree` in it."""
    entries, contents = [], []
    _walk("Root Entry", tree, 5, entries, contents)
    mini, mini_fat, chains = bytearray(), [], []
    for number, content in contents:
        if len(content) < CUTOFF:
            entries[number]["start"] = len(mini) // MINI if content else END
            count = -(-len(content) // MINI)
            first = len(mini_fat)
            mini_fat += [*range(first + 1, first + count), END] if count else []
            mini += content.ljust(count * MINI, b"\0")
        else:
            chains.append((number, content))
    chains.append((0, bytes(mini)))
    sectors, fat = bytearray(), []

    def place(content):
        count = -(-len(content) // SECTOR)
        first = len(fat)
        fat.extend([*range(first + 1, first + count), END] if count else [])
        sectors.extend(content.ljust(count * SECTOR, b"\0"))
        return first if count else END

    for number, content in chains:
        entries[number]["start"] = place(content)
    entries[0]["size"] = len(mini)
    mini_first = place(struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(-(-len(mini_fat) * 4 // SECTOR) * SECTOR, b"\xff"))
    blank = {"name": "", "kind": 0, "left": FREE, "right": FREE, "child": FREE, "start": 0, "size": 0}
    while len(entries) % 4:
        entries.append(dict(blank))
    directory_first = place(b"".join(map(_entry, entries)))
    count = 1
    while count * 128 < len(fat) + count:
        count += 1
    fat_first = len(fat)
    fat += [FAT] * count
    assert count <= 109
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(count * SECTOR, b"\xff")
    header = MAGIC + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory_first, 0, CUTOFF, mini_first,
        -(-len(mini_fat) * 4 // SECTOR), END, 0, fat_first)
    difat = b"".join(struct.pack("<I", fat_first + number if number < count else FREE) for number in range(1, 109))
    return header + difat + bytes(sectors) + table


def _walk(name, node, kind, entries, contents):
    number = len(entries)
    entry = {"name": name, "kind": kind, "left": FREE, "right": FREE, "child": FREE, "start": 0, "size": 0}
    entries.append(entry)
    if isinstance(node, bytes):
        entry["size"] = len(node)
        contents.append((number, node))
        return number
    names = sorted(node, key=lambda each: (len(each), each.upper()))
    numbers = [_walk(each, node[each], 2 if isinstance(node[each], bytes) else 1, entries, contents) for each in names]
    entry["child"] = _tree(numbers, entries)
    return number


def _tree(numbers, entries):
    if not numbers:
        return FREE
    middle = len(numbers) // 2
    entries[numbers[middle]]["left"] = _tree(numbers[:middle], entries)
    entries[numbers[middle]]["right"] = _tree(numbers[middle + 1:], entries)
    return numbers[middle]


def _entry(entry):
    name = entry["name"].encode("utf-16-le")
    length = len(name) + 2 if entry["name"] else 0
    return name.ljust(64, b"\0") + struct.pack(
        "<HBBIII16xI8x8xIQ", length, entry["kind"], 1, entry["left"], entry["right"], entry["child"], 0, entry["start"], entry["size"])
