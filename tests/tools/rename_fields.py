"""Where a field or a method of a class stands: mypy's types tell what each is asked of."""

from __future__ import annotations

import ast
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from mypy import build, nodes, types
from mypy.main import process_options

ROOT = Path(__file__).parents[2]
REPLACES = {"replace", "structs.replace", "msgspec.structs.replace", "dataclasses.replace"}

Wanted = Mapping[tuple[str, str], str]  # (full name of the class, old name) -> new name
Place = tuple[int, int, str, str]  # line from 1, byte of it, old, new
Span = tuple[int, int, int | None, int | None]


def field_edits(wanted: Wanted, root: Path = ROOT) -> tuple[dict[str, set[Place]], list[str]]:
    """The edits of each file, and a line for each use that no type tells of."""
    known = {field for _, field in wanted}
    edits, unknown = dict[str, set[Place]](), list[str]()
    for name, tree, told in checked(root):
        text = (root / name).read_text(encoding="utf-8")
        if any(field in text for field in known):
            found = Finder(text, wanted, tree, told)
            found.find()
            edits[name] = found.edits
            unknown += [f"{name}:{line}: whose is {field}?" for line, field in found.unknown]
    return edits, unknown


def checked(
    root: Path,
) -> Iterator[tuple[str, nodes.MypyFile, Mapping[nodes.Expression, types.Type]]]:
    """Every module of a tree, with what mypy knows of its expressions."""
    found = sorted(p.parent.name for p in root.glob("*/__init__.py"))
    found += [p.name for p in root.glob("*.py")]
    here = Path.cwd()
    os.chdir(root)
    try:
        sources, options = process_options(["--check-untyped-defs", *found])
        options.export_types = options.preserve_asts = True
        options.incremental, options.cache_dir = False, os.devnull
        result = build.build(sources, options)
    finally:
        os.chdir(here)
    for source in sources:
        state = result.graph[source.module]
        if state.tree is not None and state.path:
            told = {node: result.types[node] for node in below(state.tree) if node in result.types}
            yield str(Path(state.path)), state.tree, told


ACROSS = {"node", "info", "var", "def_var", "type", "unanalyzed_type", "names", "original_def"}


@cache
def parts(kind: type[nodes.Node]) -> tuple[str, ...]:
    """The attributes of a kind of node; mypy's own visitors cannot be subclassed."""
    found = {name for base in kind.__mro__ for name in getattr(base, "__dict__", ())}
    found -= ACROSS
    fields = (name for name in found if not name.startswith("_"))
    return tuple(name for name in fields if not callable(getattr(kind, name)))


def below(tree: nodes.MypyFile) -> Iterator[nodes.Expression]:
    """Every expression of a module."""
    waiting, seen = list[object]([tree.defs]), set[int]()
    while waiting:
        node = waiting.pop()
        if isinstance(node, list | tuple):
            waiting += node
        elif isinstance(node, nodes.Node) and id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, nodes.TypeInfo | nodes.MypyFile):
                continue
            if isinstance(node, nodes.Expression):
                yield node
            for name in parts(type(node)):
                with suppress(AssertionError):  # mypy asserts that some are asked for in time
                    waiting.append(getattr(node, name, None))


class Finder:
    """Walks one module."""

    def __init__(
        self,
        text: str,
        wanted: Wanted,
        tree: nodes.MypyFile,
        told: Mapping[nodes.Expression, types.Type],
    ) -> None:
        self.wanted, self.names = wanted, {field for _, field in wanted}
        self.globals = tree.names
        self.tree, self.lines = ast.parse(text), text.split("\n")
        self.told: dict[Span, list[types.Type]] = defaultdict(list)
        for node, kind in told.items():
            span = (node.line, node.column, node.end_line, node.end_column)
            self.told[span].append(kind)
        self.owners: dict[ast.Attribute, list[nodes.TypeInfo]] = {}  # of what is asked of super()
        self.edits: set[Place] = set()
        self.unknown: list[tuple[int, str]] = []

    def find(self) -> None:
        """Note every edit."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ClassDef):
                self.definitions(node)
            elif isinstance(node, ast.Attribute) and node.attr in self.names:
                self.attribute(node)
            elif isinstance(node, ast.Call):
                whose = node.func
                if ast.unparse(node.func) in REPLACES and node.args:
                    whose = node.args[0]
                self.keywords(node.keywords, whose)
            elif isinstance(node, ast.MatchClass):
                self.pattern(node)

    def definitions(self, node: ast.ClassDef) -> None:
        """What the class defines itself."""
        infos = [*self.infos(ast.Name(node.name, ast.Load()))]
        infos = infos or [info for base in node.bases for info in self.infos(base)]
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute) and ast.unparse(inner.value) == "super()":
                self.owners[inner] = infos
        for part in node.body:
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                row, raw = part.lineno, self.lines[part.lineno - 1].encode()
                found = re.compile(rb"def\s+").search(raw, part.col_offset)
                if found:
                    self.edit(infos, part.name, row, found.end())
                continue
            targets = [part.target] if isinstance(part, ast.AnnAssign) else []
            targets += part.targets if isinstance(part, ast.Assign) else []
            for target in targets:
                if isinstance(target, ast.Name):
                    self.edit(infos, target.id, target.lineno, target.col_offset)

    def attribute(self, node: ast.Attribute) -> None:
        """``a.field``."""
        infos = self.owners.get(node) or [*self.infos(node.value)]
        row, at = node.end_lineno or 0, (node.end_col_offset or 0) - len(node.attr.encode())
        if not infos and not self.is_module(node.value):
            self.unknown.append((node.lineno, node.attr))
        self.edit(infos, node.attr, row, at)

    def keywords(self, keywords: Iterable[ast.keyword], whose: ast.expr) -> None:
        """``Class(field=...)`` and ``replace(value, field=...)``."""
        ours = [keyword for keyword in keywords if keyword.arg in self.names]
        infos = [*self.infos(whose)] if ours else []
        for keyword in ours:
            self.edit(infos, keyword.arg or "", keyword.lineno, keyword.col_offset)

    def pattern(self, node: ast.MatchClass) -> None:
        """``case Class(field=...)``."""
        for key, value in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
            if key in self.names:
                before = self.lines[value.lineno - 1].encode()[: value.col_offset]
                found = re.compile(rb"\b%s\s*=\s*\(?$" % key.encode()).search(before)
                if found:
                    self.edit(self.infos(node.cls), key, value.lineno, found.start())

    def edit(self, infos: Iterable[nodes.TypeInfo], old: str, line: int, column: int) -> None:
        """Note an edit, if the table has one of these classes, and the word stands there."""
        new = {
            self.wanted[base.fullname, old]
            for info in infos
            for base in info.mro
            if (base.fullname, old) in self.wanted
        }
        if len(new) > 1:
            self.unknown.append((line, old))
        elif new and self.lines[line - 1].encode()[column:].startswith(old.encode()):
            self.edits.add((line, column, old, new.pop()))

    def infos(self, of: ast.expr) -> Iterator[nodes.TypeInfo]:
        """The classes that an expression may be of, or is itself."""
        if isinstance(of, ast.Name) and of.id in self.globals:
            node = self.globals[of.id].node
            if isinstance(node, nodes.TypeInfo):
                yield node
                return
        if hasattr(of, "lineno"):
            for kind in self.told.get(
                (of.lineno, of.col_offset, of.end_lineno, of.end_col_offset), ()
            ):
                yield from classes(kind)

    def is_module(self, of: ast.expr) -> bool:
        """Whether an expression is a module."""
        found = self.globals.get(of.id) if isinstance(of, ast.Name) else None
        return found is not None and isinstance(found.node, nodes.MypyFile)


def classes(kind: types.Type | None) -> Iterator[nodes.TypeInfo]:
    """The classes of a type."""
    kind = types.get_proper_type(kind)
    if isinstance(kind, types.Instance):
        yield kind.type
    elif isinstance(kind, types.UnionType):
        for item in kind.items:
            yield from classes(item)
    elif isinstance(kind, types.TypeVarType):
        for value in (kind.upper_bound, *kind.values):
            yield from classes(value)
    elif isinstance(kind, types.TupleType):
        yield kind.partial_fallback.type
    elif isinstance(kind, types.LiteralType):
        yield kind.fallback.type
    elif isinstance(kind, types.TypeType):
        yield from classes(kind.item)
    elif isinstance(kind, types.CallableType) and kind.is_type_obj():
        yield kind.type_object()
