"""Do the tests of the measures notice a mistake? One small mistake at a time is made in a copy, and its tests are run.

    python -m benchmarks.mutants                      # a sample of every file
    python -m benchmarks.mutants verdict axes/money --each 40 --seed 2

A mistake that no test notices has survived: it is either no mistake (another way to write the same) or a hole in the tests.
Every survivor is printed as the two lines that differ, so that it can be read. The same seed makes the same sample for as
long as the file is the same.

Each mutant runs in a process that is forked from one with the libraries loaded: what is paid is the tests, not the imports.
Files with kernels are not here: in `filter`, `smooth` and the like a mistake costs a compilation each, and the laws and the
slow twins of `tests/measures` speak of them.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOM = Path("src/evenwicht/measures")

TARGETS: dict[str, tuple[str, ...]] = {name: (name,) for name in (
    "verdict", "patterns", "speed", "agreements", "commitments", "observations", "relations", "needs", "coverage", "calendars",
    "weeks", "contacts", "influence", "facts", "axis_table", "found", "codes",
)} | {f"axes/{name}": ("axes",) for name in ("initiative", "money", "promises", "response", "words")} | {
    f"axes/{name}": ("favours_and_time",) for name in ("favours", "time")}
"""File → names of its tests: `tests/measures/test_NAME*.py`."""

PLAIN = frozenset({"verdict", "patterns", "relations", "agreements", "commitments", "observations", "facts", "codes", "weeks", "contacts"})
"""Files whose tests go through no kernel: they run without the compiler, which is quicker. Those of the others need its compiled copies."""

SECONDS = 60.0
"""After this a mutant counts as stopped by the clock: an endless loop would be noticed."""

COMPARED = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
}
COUNTED = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"), ast.FloorDiv: ("//", "*"), ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"), ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&"),
}
JOINED = {ast.And: ("and", "or"), ast.Or: ("or", "and")}
CALLED = (("min", "max"), ("minimum", "maximum"), ("min_horizontal", "max_horizontal"), ("any", "all"), ("any_of", "of"), ("cum_sum", "sum"))
SAID = (
    ("giver", "receiver"), ("given", "received"), ("debtor", "creditor"), ("person", "counter_person"), ("first", "last"), ("a", "b"),
    ("low", "high"), ("inner", "left"), ("anti", "semi"), ("structural", "temporary"), ("undecided", "balanced"), ("message", "talk"),
    ("king", "lackey"), ("speaking_listening", "giving_taking"), ("promises", "money"), ("t", "due_t"), ("right", "left"),
    ("invoice", "payment"), ("order", "delivery"), ("words", "count"),
)


def _swaps(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {second: first for first, second in pairs} | dict(pairs)


NAMES, WORDS = _swaps(CALLED), _swaps(SAID)


@dataclass(frozen=True, order=True)
class Mutant:
    """Text that stands from `start` to `end` (places in the source), and what is put there."""

    start: int
    end: int
    text: str

    def into(self, source: str) -> str:
        """The source with the mistake in it."""
        return source[:self.start] + self.text + source[self.end:]


class _Places:
    """Places of nodes as places in the text; ast counts bytes within a line."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = source.splitlines(keepends=True)
        self.before = [0]
        for line in self.lines:
            self.before.append(self.before[-1] + len(line))

    def at(self, line: int, column: int) -> int:
        return self.before[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def of(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def text(self, node: ast.expr) -> str:
        return self.source[slice(*self.of(node))]

    def between(self, left: ast.expr, right: ast.expr, words: tuple[str, str]) -> Iterator[Mutant]:
        """An operator between two operands becomes the other one; brackets and comments may stand beside it."""
        start, end = self.of(left)[1], self.of(right)[0]
        pattern = r"(?<![\w<>=!*/])" + r"\s+".join(re.escape(part) for part in words[0].split()) + r"(?![\w<>=*/])"
        found = re.search(pattern, re.sub(r"#[^\n]*", lambda comment: " " * len(comment[0]), self.source[start:end]))
        if found:
            yield Mutant(start + found.start(), start + found.end(), words[1])


def _number(value: complex) -> tuple[str, ...]:
    return tuple(repr(changed) for changed in (value + 1, value - 1, value * 2) if changed != value)


def _mutants_of(node: ast.AST, places: _Places) -> Iterator[Mutant]:
    """Mistakes in one node itself, not in what is within it."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for one, op, other in zip([left, *others], ops, others, strict=False):
                yield from places.between(one, other, COMPARED[type(op)])
        case ast.BinOp(left=left, op=op, right=right) if type(op) in COUNTED:
            yield from places.between(left, right, COUNTED[type(op)])
        case ast.BoolOp(op=op, values=values):
            for one, other in pairwise(values):
                yield from places.between(one, other, JOINED[type(op)])
        case ast.UnaryOp(op=ast.Invert() | ast.Not() | ast.USub(), operand=operand):
            start, end = places.of(node)
            yield Mutant(start, end, "(" + places.source[places.of(operand)[0]:end] + ")" if places.source[start:end].count("(") == 0
                         else places.source[start:end].replace("not", "", 1).strip() if isinstance(node.op, ast.Not)
                         else places.source[start + 1:end])
        case ast.Constant(value=bool() as value):
            yield Mutant(*places.of(node), str(not value))
        case ast.Constant(value=int() | float() as value):
            for text in _number(value):
                yield Mutant(*places.of(node), text)
        case ast.Constant(value=str() as value) if value in WORDS:
            yield Mutant(*places.of(node), f'"{WORDS[value]}"')
        case ast.Call(func=ast.Name(id=name) as func) if name in NAMES:
            yield Mutant(*places.of(func), NAMES[name])
        case ast.Call(func=ast.Attribute(attr=name) as func) if name in NAMES:
            end = places.of(func)[1]
            yield Mutant(end - len(name), end, NAMES[name])
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield Mutant(*places.of(test), f"(not ({places.text(test)}))")
        case ast.comprehension(ifs=tests):
            for test in tests:
                yield Mutant(*places.of(test), f"(not ({places.text(test)}))")
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield Mutant(*places.of(value), "None")
        case _:
            pass


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes that do something: no types, no docstrings, no assertions, nothing within f-strings (their places are not told)."""
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Assert() | ast.JoinedStr() | ast.Expr(value=ast.Constant()):
            return
        case ast.AnnAssign(target=target, value=value):
            parts: list[ast.AST] = [target, value] if value else []
        case ast.FunctionDef(body=body, args=args):
            parts = [*body, *args.defaults, *(one for one in args.kw_defaults if one)]  # decorators say how long is remembered
        case ast.ClassDef(body=body):
            parts = list(body)
        case _:
            parts = list(ast.iter_child_nodes(node))
    yield node
    for part in parts:
        yield from _within(part)


def mutants(source: str) -> list[Mutant]:
    """Every mistake that is known for a source, in the order of the text; each parses, and is another program."""
    tree, places = ast.parse(source), _Places(source)
    same = ast.dump(tree)
    found = []
    for one in sorted({one for node in _within(tree) for one in _mutants_of(node, places)}):
        try:
            other = ast.dump(ast.parse(one.into(source)))
        except SyntaxError:
            continue
        if other != same:
            found.append(one)
    return found


def sample(source: str, name: str, each: int, seed: int) -> list[Mutant]:
    """At most `each` of the mutants, drawn by the seed and the name of the file, in the order of the text."""
    known = mutants(source)
    return sorted(random.Random(f"{seed} {name}").sample(known, min(each, len(known))))


def difference(source: str, mutant: Mutant) -> str:
    """The line that changed, before and after; of a change over several lines the first."""
    number = source.count("\n", 0, mutant.start)
    before, after = source.splitlines(), mutant.into(source).splitlines()
    while number + 1 < min(len(before), len(after)) and before[number] == after[number]:
        number += 1
    return f"  {number + 1}\n  - {before[number].strip()}\n  + {after[number].strip()}"


def workshop(folder: Path) -> None:
    """A copy of the package with its tests, in which mistakes can be made."""
    shutil.copytree(ROOT / "src", folder / "src")
    shutil.copytree(ROOT / "tests/measures", folder / "tests/measures")
    shutil.copytree(ROOT / "examples", folder / "examples")
    for name in ("tests/conftest.py", "pyproject.toml"):
        shutil.copy2(ROOT / name, folder / name)


def load() -> None:
    """What every run needs and no mistake is in: loaded once, inherited by every fork. Nothing of the package itself."""
    import _pytest.assertion.rewrite
    import holidays
    import hypothesis
    import hypothesis.strategies
    import narwhals
    import numba
    import numpy as np
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    import pytest
    import scipy.special

    assert all((_pytest.assertion.rewrite, holidays, hypothesis.strategies, narwhals, numba, np, pd, pl, pa, pytest, scipy.special))
    assert not any(name.startswith("evenwicht") for name in sys.modules)


def _child(folder: Path, tests: list[str], *, compiled: bool) -> None:
    """Runs tests in this process, which is a fork, and ends it."""
    import numba
    import pytest

    os.setsid()
    os.chdir(folder)
    sys.dont_write_bytecode = True
    sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() not in {ROOT, ROOT / "src"}]
    if not compiled:
        numba.config.DISABLE_JIT = True
    said = os.open(folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(said, stream)
    code = 3
    try:
        code = int(pytest.main([
            "-x", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests]))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run(folder: Path, tests: list[str], *, compiled: bool) -> int | None:
    """The exit code of the tests, 0 where they hold; None where the clock stopped them."""
    child = os.fork()
    if child == 0:
        _child(folder, tests, compiled=compiled)
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def examine(folder: Path, name: str, chosen: list[Mutant], source: str) -> dict[str, list[Mutant]]:
    """Mutants by what became of them: killed, survived, timeouts."""
    place = folder / ROOM / f"{name}.py"
    tests = [str(path) for test in TARGETS[name] for path in sorted((folder / "tests/measures").glob(f"test_{test}*.py"))]
    for stale in (place.parent / "__pycache__").glob(f"{place.stem}.*.pyc"):
        stale.unlink()
    compiled = name not in PLAIN
    place.write_text(source)
    if run(folder, tests, compiled=compiled) != 0:
        raise SystemExit(f"the tests of {name} do not hold before anything is changed:\n{(folder / 'said.txt').read_text()[-3000:]}")
    became: dict[str, list[Mutant]] = {"killed": [], "survived": [], "timeouts": []}
    for one in chosen:
        place.write_text(one.into(source))
        code = run(folder, tests, compiled=compiled)
        became["timeouts" if code is None else "survived" if code == 0 else "killed"].append(one)
    place.write_text(source)
    return became


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("files", nargs="*", default=list(TARGETS), help="names within measures, without .py; all when none is given")
    asked.add_argument("--each", type=int, default=16, help="mutants of each file")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", metavar="LINE", type=int, nargs="*", help="only those of the sample that begin on these lines")
    given = asked.parse_args()
    load()
    total = {"mutants": 0, "killed": 0, "survived": 0, "timeouts": 0}
    with tempfile.TemporaryDirectory(prefix="evenwicht-mutants-") as made:
        folder = Path(made)
        workshop(folder)
        print(f"{'file':<18} {'mutants':>8} {'killed':>8} {'survived':>9} {'timeouts':>9} {'of':>6} {'seconds':>8}", flush=True)
        for name in given.files:
            source = (ROOT / ROOM / f"{name}.py").read_text()
            chosen = sample(source, name, given.each, given.seed)
            if given.only:
                chosen = [one for one in chosen if source.count("\n", 0, one.start) + 1 in given.only]
            since = time.monotonic()
            became = examine(folder, name, chosen, source)
            counts = {"mutants": len(chosen)} | {what: len(them) for what, them in became.items()}
            total = {what: total[what] + count for what, count in counts.items()}
            print(f"{name:<18} {counts['mutants']:>8} {counts['killed']:>8} {counts['survived']:>9} {counts['timeouts']:>9} "
                  f"{len(mutants(source)):>6} {time.monotonic() - since:>8.1f}", flush=True)
            for what in ("survived", "timeouts"):
                for one in became[what]:
                    print(f"  {what}, line{difference(source, one)}", flush=True)
        noticed = total["killed"] + total["timeouts"]
        print(f"{'all':<18} {total['mutants']:>8} {total['killed']:>8} {total['survived']:>9} {total['timeouts']:>9}\n"
              f"noticed: {noticed} of {total['mutants']} ({100 * noticed / max(total['mutants'], 1):.1f} %)")


if __name__ == "__main__":
    main()
