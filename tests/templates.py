"""Collects every English template in `src/evenwicht`, by reading the code, not running it.

    PYTHONPATH=src python tests/templates.py          what has no Dutch, as entries to paste into the catalogue
    PYTHONPATH=src python tests/templates.py --all    every template and where it stands

A template is a text handed to something that says it: `say(language, "…")`, `template("…")`, `Phrase("…")`, an error
of the tree in `errors.py`, `reading.problem(place, "…", "…")`, `Problem(…)`, or a function that hands its own parameter
on to one of these. Instead of the text itself there may stand a choice `a if x else b`, a constant of the module, a
table, a variable of the function, or the variable of a loop over a table. Anything else cannot be collected, and is
reported as unclear: it would be said in English to a Dutch reader, and no test would know.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOURCE = Path(__file__).parent.parent / "src" / "evenwicht"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Spot = tuple[frozenset[int], frozenset[str]]
"""Where a call takes templates: positions (`self` not counted) and keywords."""

KNOWN: dict[str, Spot] = {
    "say": (frozenset({1}), frozenset()),
    "template": (frozenset({0}), frozenset()),
    "_": (frozenset({0}), frozenset()),
    "translate": (frozenset({0}), frozenset()),
    "Phrase": (frozenset({0}), frozenset({"template"})),
    "Problem": (frozenset({2, 3}), frozenset({"what", "remedy"})),
}
CARRIERS = {"what", "remedy", "template"}
"""Fields of a record that hold a template; where they are handed on, the text was collected when it was put in."""


@dataclass
class Collected:
    """Templates with the places they stand in, and places where a template could not be read from the code."""

    templates: dict[str, list[str]] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)


@dataclass
class Module:
    """One file: its tree, what stands around each node, its constants, and the functions in it that say something."""

    label: str
    tree: ast.Module
    parents: dict[ast.AST, ast.AST]
    constants: dict[str, list[ast.expr]]
    imports: dict[str, tuple[str, str]]
    sayers: dict[str, Spot] = field(default_factory=dict)
    borrowed: dict[str, Spot] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path, label: str) -> Module:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        imports = {
            name.asname or name.name: (node.module or "", name.name)
            for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names
        }
        return cls(label, tree, parents, _assigned(tree.body), imports)

    @property
    def dotted(self) -> str:
        return ".".join(("evenwicht", *Path(self.label).with_suffix("").parts)).removesuffix(".__init__")

    def around(self, node: ast.AST) -> Iterator[Function]:
        """The functions a node stands in, the nearest first."""
        while (found := self.parents.get(node)) is not None:
            if isinstance(found, Function):
                yield found
            node = found


def collect(source: Path = SOURCE) -> Collected:
    modules = [Module.of(path, str(path.relative_to(source))) for path in sorted(source.rglob("*.py"))]
    shared = KNOWN | dict.fromkeys(_errors(modules), (frozenset({0}), frozenset()))
    for module in modules:
        module.sayers = _records(module.tree)
    while _learn(modules, shared):
        pass
    found = Collected()
    for module in modules:
        for call, text in _handed(module, shared):
            literals = _texts(text, module, call)
            if literals is None:
                found.unclear.append(f"{module.label}:{call.lineno} {ast.unparse(call.func)}(… {ast.unparse(text)} …)")
            for one in literals or []:
                found.templates.setdefault(one.value, []).append(f"{module.label}:{one.lineno}")  # type: ignore[arg-type]
    return found


def _errors(modules: Iterable[Module]) -> set[str]:
    """Classes that descend from EvenwichtError, wherever they stand."""
    parents = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for module in modules for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)
    }
    known = {"EvenwichtError"}
    while more := {name for name, bases in parents.items() if bases & known} - known:
        known |= more
    return known


def _records(tree: ast.Module) -> dict[str, Spot]:
    """Records with the fields `what` and `remedy`: to make one is to say both."""
    made = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            names = [one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
            if {"what", "remedy"} <= set(names):
                places = frozenset(place for place, name in enumerate(names) if name in CARRIERS)
                made[node.name] = (places, frozenset(CARRIERS & set(names)))
    return made


def _learn(modules: Iterable[Module], shared: dict[str, Spot]) -> bool:
    """Functions that hand a parameter on as a template take templates themselves; True while new ones are found."""
    more = False
    homes = {module.dotted: module for module in modules}
    for module in modules:
        module.borrowed = {
            name: homes[home].sayers[real] for name, (home, real) in module.imports.items()
            if home in homes and real in homes[home].sayers
        }
        for call, text in _handed(module, shared):
            if isinstance(text, ast.Name):
                for function in module.around(call):
                    more |= _learned(function, text.id, module, shared)
    return more


def _learned(function: Function, parameter: str, module: Module, shared: dict[str, Spot]) -> bool:
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    names = names[1:] if names[:1] in (["self"], ["cls"]) else names
    if parameter not in names and parameter not in {one.arg for one in function.args.kwonlyargs}:
        return False
    if function.name == "__init__":
        return False
    own = function.name.startswith("_") or function.name in KNOWN  # means something here, and where it is imported
    home = module.sayers if own else shared
    places, keywords = home.get(function.name, (frozenset(), frozenset()))
    spot = (places | {names.index(parameter)} if parameter in names else places, keywords | {parameter})
    changed = home.get(function.name) != spot
    home[function.name] = spot
    return changed


def _handed(module: Module, shared: dict[str, Spot]) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Every call that takes templates, with each expression at a template's place."""
    spots = shared | module.borrowed | module.sayers
    for call in (node for node in ast.walk(module.tree) if isinstance(node, ast.Call)):
        attribute = isinstance(call.func, ast.Attribute)
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in spots or (attribute and name == "translate"):  # str.translate
            continue
        places, keywords = spots[name]
        for place in sorted(places):
            if place < len(call.args):
                text = call.args[place]
                yield call, text.value if isinstance(text, ast.Starred) else text
        for word in call.keywords:
            if word.arg in keywords:
                yield call, word.value


def _assigned(body: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    """What is assigned to each plain name in these statements."""
    made: dict[str, list[ast.expr]] = {}
    for node in body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                pairs = zip(target.elts, node.value.elts, strict=False) if (
                    isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)) else [(target, node.value)]
                for name, value in pairs:
                    if isinstance(name, ast.Name):
                        made.setdefault(name.id, []).append(value)
    return made


def _texts(text: ast.expr, module: Module, call: ast.Call) -> list[ast.Constant] | None:
    """The literal texts an expression can stand for; None where that cannot be read from the code."""
    match text:
        case ast.Constant(value=str()):
            return [text]
        case ast.Constant(value=None):
            return []
        case ast.IfExp():
            return _all([text.body, text.orelse], module, call)
        case ast.BoolOp():
            return _all(text.values, module, call)
        case ast.Tuple() | ast.List():
            return _all(text.elts, module, call)
        case ast.Dict():
            return _all(text.values, module, call)
        case ast.Subscript():
            return _texts(text.value, module, call)
        case ast.Attribute():
            return [] if text.attr in CARRIERS else None
        case ast.Call(func=ast.Name(id="template" | "_")):
            return []  # collected where it stands
        case ast.Call(func=ast.Attribute(attr="get")):
            return _all([text.func.value, *text.args[1:]], module, call)  # type: ignore[attr-defined]
        case ast.Name():
            return _named(text.id, module, call)
    return None


def _all(parts: Iterable[ast.expr], module: Module, call: ast.Call) -> list[ast.Constant] | None:
    found = [_texts(part, module, call) for part in parts]
    return None if None in found else [one for part in found for one in part or []]


def _named(name: str, module: Module, call: ast.Call) -> list[ast.Constant] | None:
    """The texts a name can stand for: a parameter (said by the caller), a variable, a loop, a constant."""
    for function in module.around(call):
        arguments = function.args
        if name in {one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}:
            return []
        values = _assigned(ast.walk(function)).get(name, []) + _unpacked(name, function)
        if values:
            return _all(values, module, call)
        for loop in (node for node in ast.walk(function) if isinstance(node, ast.For | ast.comprehension)):
            column = _column(loop.target, name)
            if column is not None:
                return _looped(loop.iter, column, module, call)
    return _all(module.constants[name], module, call) if name in module.constants else None


def _unpacked(name: str, function: Function) -> list[ast.expr]:
    """Where a name is one of several taken out of a table: `one, many = TABLE[key]`."""
    return [
        node.value for node in ast.walk(function)
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Tuple)
        for target in node.targets if isinstance(target, ast.Tuple)
        and any(isinstance(one, ast.Name) and one.id == name for one in target.elts)
    ]


def _column(target: ast.expr, name: str) -> tuple[int, ...] | None:
    """Which part of what a loop goes over a name stands for: () for all of it, (1,) for the second of each."""
    if isinstance(target, ast.Name):
        return () if target.id == name else None
    for place, one in enumerate(target.elts if isinstance(target, ast.Tuple) else []):
        inner = _column(one, name)
        if inner is not None:
            return (place, *inner)
    return None


def _looped(table: ast.expr, column: tuple[int, ...], module: Module, call: ast.Call) -> list[ast.Constant] | None:
    """The texts of one column of a table that a loop goes over."""
    if isinstance(table, ast.Call) and isinstance(table.func, ast.Attribute) and table.func.attr in {"values", "items"}:
        column = column[1:] if table.func.attr == "items" else column
        table = table.func.value
    if isinstance(table, ast.Name):
        local = [_assigned(ast.walk(function)).get(table.id, []) for function in module.around(call)]
        values = next((one for one in local if one), module.constants.get(table.id, []))
        if len(values) != 1:
            return None
        table = values[0]
    if not isinstance(table, ast.Dict | ast.Tuple | ast.List | ast.Set):
        return None
    rows = table.values if isinstance(table, ast.Dict) else table.elts
    cells: list[ast.expr] = []
    for row in rows:
        cell: ast.expr = row
        for place in column:
            if not isinstance(cell, ast.Tuple | ast.List):
                return None
            cell = cell.elts[place]
        cells.append(cell)
    return _all(cells, module, call)


def main() -> int:
    """Print what is missing. The exit code is the question "is there anything?"."""
    from evenwicht.reports.catalogue import texts

    def tell(line: str) -> None:
        sys.stdout.write(f"{line}\n")

    found, dutch = collect(), texts("nl")
    if "--all" in sys.argv:
        for text, places in found.templates.items():
            tell(f"{places[0]}\t{text}")
        return 0
    missing = {text: places for text, places in found.templates.items() if text and text not in dutch}
    for text, places in missing.items():
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        tell(f'#: {" ".join(places)}\nmsgid "{quoted}"\nmsgstr ""\n')
    for place in found.unclear:
        tell(f"# unclear: {place}")
    for text in dutch.keys() - found.templates.keys():
        tell(f"# not used: {text}")
    return 1 if missing or found.unclear else 0


if __name__ == "__main__":
    sys.exit(main())
