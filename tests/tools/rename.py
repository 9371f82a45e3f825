"""Renaming by table: moves files and renames what is in them, all over the tree, and nothing else.

    python -m tests.tools.rename PART [TABLE]

The parts of the table (TOML):

    moves         files and folders
    modules       the same of later days, done with the names
    symbols       of a module (``[symbols."core.money"]``, ``won = "amount"``), there and wherever
                  they are imported from there
    words         that mean one thing wherever they stand: names of classes of two words at least
    identifiers   whatever they name, in the files below a path (``[identifiers.sandbox]``)
    locals        parameters and variables of functions below a path, the parameter's type behind
                  a colon (``"words: str" = "language"``)
    fields        and methods of a class (``[fields."messages.budget:Reserved"]``), whose uses
                  mypy's types tell
    names         all of them but moves and fields, in this order; then imports are sorted and
                  lines formatted

What was renamed already is passed over, so the command may be given again when code of before has
come in. A name that would mean two things is refused, and then nothing of that part is written.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("renames.toml")
TEXTS = (".py", ".md", ".toml", ".cfg", ".yaml", ".yml", ".js", ".html", ".service", ".txt")
NAMED = ("Makefile", "run", "Dockerfile")
LEFT = ("CHANGELOG.md", "tests/golden/", "tests/proof/golden/", "tests/tools/rename")
LEFT += ("tests/lint/test_rename.py", "i18n/en/", "i18n/ko/")
MUTANTS = "tests/proof/mutants/"
ABOVE = re.compile(r"(?<=Path\(__file__\)\.parents\[)\d+(?=\])")
WIDTH = 100

Files = dict[str, str]  # the text of each file, by its path below the root
Nested = Mapping[str, Mapping[str, str]]


class Clash(Exception):
    """A new name is one that means something else where it would stand."""


def main(argv: list[str]) -> int:
    """Do one part of a table; 1 where it does not fit the tree, 2 for what it does not know."""
    steps: dict[str, tuple[str, ...]] = {
        "moves": ("moves",),
        "symbols": ("symbols",),
        "words": ("words",),
        "identifiers": ("identifiers",),
        "locals": ("locals",),
        "fields": ("fields",),
        "modules": ("modules",),
        "names": ("modules", "symbols", "words", "identifiers", "locals"),
    }
    if not argv or argv[0] not in steps:
        print(__doc__, file=sys.stderr)
        return 2
    table = tomllib.loads((Path(argv[1]) if len(argv) > 1 else TABLE).read_text(encoding="utf-8"))
    doing: dict[str, Callable[[Files, Any], Files]] = {
        "symbols": symbols_renamed,
        "words": words_renamed,
        "identifiers": identifiers_renamed,
        "locals": locals_renamed,
        "fields": fields_renamed,
    }
    try:
        for step in steps[argv[0]]:
            if step in ("moves", "modules"):
                move(table.get(step, {}))
            elif part := table.get(step):
                write(doing[step](files := read(), part), files)
    except Clash as clash:
        print(clash, file=sys.stderr)
        return 1
    if argv[0] in ("names", "fields"):
        tidied()
    return 0


def tracked() -> list[Path]:
    """Every file of the tree, as git knows it, that is there."""
    out = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for line in out.stdout.splitlines() if (path := ROOT / line).is_file()]


def texts() -> Iterator[Path]:
    """The files whose words are ours to change."""
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if name.startswith(LEFT) or path.is_symlink():
            continue
        if path.suffix in TEXTS or path.name in NAMED:
            yield path


def read() -> Files:
    """Every text whose words are ours to change."""
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in texts()}


def write(after: Files, before: Files) -> None:
    """Write what has changed."""
    for name, text in after.items():
        if text != before[name]:
            (ROOT / name).write_text(text, encoding="utf-8")


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change a file's text, if it changes."""
    before = path.read_text(encoding="utf-8")
    after = change(before)
    if after != before:
        path.write_text(after, encoding="utf-8")


def tidied() -> None:
    """Imports in their order, lines in their form; says which lines are too long now."""
    for path in texts():
        if path.suffix == ".py":
            rewrite(path, wrapped)
    for args in (["check", "-q", "--fix", "--select", "I,RUF022"], ["format", "-q"], ["check"]):
        subprocess.run([sys.executable, "-m", "ruff", *args, "."], cwd=ROOT, check=False)


def wrapped(text: str) -> str:
    """Prose of docstrings and comments that has become too wide, broken anew."""
    lines = text.split("\n")
    if all(len(line) <= WIDTH for line in lines):
        return text
    rows = prose(text)
    at = 0
    while at < len(lines):
        if len(lines[at]) > WIDTH and at in rows:
            lead = rows[at]
            cut = lines[at].rfind(" ", 0, WIDTH + 1)
            if lines[at].count("``", 0, cut) % 2:  # within a quoted piece of code: before it
                cut = lines[at].rfind(" ", 0, lines[at].rfind("``", 0, cut))
            rest = lines[at][cut + 1 :]
            lines[at] = lines[at][:cut]
            if at + 1 in rows and rows[at + 1] == lead and lines[at + 1].startswith(lead):
                lines[at + 1] = lead + rest + " " + lines[at + 1][len(lead) :]
            else:
                lines.insert(at + 1, lead + rest)
                rows = {row + (row > at): of for row, of in rows.items()} | {at + 1: lead}
        at += 1
    return "\n".join(lines)


def prose(text: str) -> dict[int, str]:
    """The rows (from 0) that hold prose alone, each with what its paragraph's rows begin with."""
    rows, lines = dict[int, str](), text.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        first, last = token.start[0] - 1, token.end[0] - 1
        if token.type == tokenize.COMMENT and lines[first].lstrip().startswith("# "):
            rows[first] = lines[first][: token.start[1]] + "# "
        elif token.type == tokenize.STRING and token.string.startswith('"""'):
            for row in range(first + 1, last):
                if lines[row].strip():
                    rows[row] = lines[row][: len(lines[row]) - len(lines[row].lstrip())]
    return rows


# Moves


def move(table: Mapping[str, str]) -> None:
    """Move files and folders, and name them anew wherever they are named."""
    files = dict(moved_files(table))
    modules = {module_of(old): module_of(new) for old, new in files.items() if old.endswith(".py")}
    for path in tracked():
        if path.suffix == ".py":
            rewrite(path, lambda text: imports_split(text, modules))
    paths = {**dict(table), **files}
    for path in texts():
        rewrite(path, lambda text: named_anew(text, paths, modules))
    for old, new in files.items():
        if old.endswith(".py"):
            rewrite(ROOT / old, partial(deepened, steps=new.count("/") - old.count("/")))
        (ROOT / new).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "mv", old, new], cwd=ROOT, check=True)


def deepened(text: str, steps: int) -> str:
    """The way from a file up to the root, when the file moves by so many folders."""
    return ABOVE.sub(lambda match: str(int(match[0]) + steps), text)


def moved_files(table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each file that a table moves: an entry of its own beats its folder's."""
    folders = {old.rstrip("/"): new.rstrip("/") for old, new in table.items()}
    for path in tracked():
        name = str(path.relative_to(ROOT))
        for part in (name, *map(str, Path(name).parents)):
            if part in folders:
                yield name, folders[part] + name[len(part) :]
                break


def module_of(path: str) -> str:
    """``core/orders/life.py`` as ``core.orders.life``."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports_split(text: str, modules: Mapping[str, str]) -> str:
    """Imports of modules out of packages, where a module goes elsewhere or changes its name."""
    tree, renamed, lines_of = ast.parse(text), dict[str, str](), dict[int, tuple[int, list[str]]]()
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        names = {alias: f"{node.module}.{alias.name}" for alias in node.names}
        if not any(name in modules for name in names.values()):
            continue
        pad = " " * node.col_offset
        kept = [(a.name, a.asname) for a in node.names if names[a] not in modules]
        out = [import_line(pad, node.module, kept)] if kept else []
        for alias, full in names.items():
            if full in modules:
                package, _, base = modules[full].rpartition(".")
                if alias.asname is None and base != alias.name:
                    renamed[alias.name] = base
                line = f"import {base}" if not package else f"from {package} import {base}"
                out.append(pad + line + (f" as {alias.asname}" if alias.asname else ""))
        lines_of[node.lineno] = (node.end_lineno or node.lineno, out)
    if renamed:
        text = edited(text, uses(tree, text, renamed, {}))
    lines = text.split("\n")
    for first, (last, out) in sorted(lines_of.items(), reverse=True):
        lines[first - 1 : last] = out
    return "\n".join(lines)


def import_line(pad: str, module: str, names: Iterable[tuple[str, str | None]]) -> str:
    """One ``from`` line."""
    listed = ", ".join(name + (f" as {other}" if other else "") for name, other in names)
    return f"{pad}from {module} import {listed}"


def named_anew(text: str, paths: Mapping[str, str], modules: Mapping[str, str]) -> str:
    """Paths and dotted names of what moved, the longest first, each once."""
    known = {old.rstrip("/"): new.rstrip("/") for old, new in paths.items()}
    known |= modules
    known |= {old.replace("/", "."): new.replace("/", ".") for old, new in packages(paths)}
    choices = "|".join(re.escape(old) for old in sorted(known, key=len, reverse=True) if old)
    found = re.compile(rf"(?<![\w./-])({choices})(?![\w-])")
    return found.sub(lambda match: known[match[1]], text)


def packages(paths: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The folders of a table."""
    for old, new in paths.items():
        if not Path(old).suffix:
            yield old.rstrip("/"), new.rstrip("/")


# Words


def words_renamed(files: Files, table: Mapping[str, str]) -> Files:
    """Words that mean one thing wherever they stand: in code, comments, documents."""
    if wire := table.keys() & tags(files):
        raise Clash(f"words of the wire: {', '.join(sorted(wire))}")
    if twice := table.keys() & set(table.values()):
        raise Clash(f"both old and new: {', '.join(sorted(twice))}")
    choices = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    found = re.compile(rf"(?<!\w)({choices})(?!\w)")
    taken = re.compile("|".join(rf"(?<!\w){re.escape(new)}(?!\w)" for new in table.values()))
    for name, text in files.items():
        there = {match[0] for match in taken.finditer(text)} if name.endswith(".py") else set()
        if both := [old for old in set(found.findall(text)) if table[old] in there]:
            raise Clash(f"{name}: has {', '.join(both)} and what it is to be called")
    return {name: found.sub(lambda m: table[m[1]], text) for name, text in files.items()}


def tags(files: Files) -> set[str]:
    """The classes of messages, whose names stand in journals."""
    parents: dict[str, set[str]] = {}
    for name, text in files.items():
        if name.startswith("messages/"):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef):
                    parents[node.name] = {b.id for b in node.bases if isinstance(b, ast.Name)}
    found, more = set[str](), {"Message"}
    while more - found:
        found |= more
        more = {name for name, bases in parents.items() if bases & found}
    return found


# Symbols of modules


def symbols_renamed(files: Files, table: Nested) -> Files:
    """Functions, constants and classes of a module, in it and wherever they are imported from it.

    A module that imports one and is asked for it by others counts as its own. Docstrings and
    comments follow where they quote a name (``so``), planted bugs where they quote the code.
    """
    trees = {name: ast.parse(text) for name, text in files.items() if name.endswith(".py")}
    wanted = present(trees, table)
    reexported(trees, wanted)
    out, edits, clashes = dict(files), dict[str, set[Edit]](), list[str]()
    for name, tree in trees.items():
        own = wanted.get(module_of(name), {})
        made, words = symbol_edits(tree, files[name], own, wanted, clashes, name)
        if made:
            edits[name] = made
            out[name] = quoted(edited(files[name], made), words)
        for code in embedded(tree, files[name]):
            inner, _ = symbol_edits(ast.parse(code), code, {}, wanted, clashes, name)
            out[name] = out[name].replace(code, edited(code, inner))
    if clashes:
        raise Clash("\n".join(clashes))
    full = {
        f"{m}{c}{old}": f"{m}{c}{new}"
        for m, t in wanted.items()
        for old, new in t.items()
        for c in ".:"
    }
    choices = "|".join(re.escape(word) for word in sorted(full, key=len, reverse=True))
    found = re.compile(rf"(?<![\w.])({choices})(?!\w)")
    if full:
        out = {name: found.sub(lambda m: full[m[1]], text) for name, text in out.items()}
    return fragments_renamed(out, files, edits)


def embedded(tree: ast.Module, text: str) -> Iterator[str]:
    """Programs that stand in strings as they are."""
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) else ""
        if isinstance(value, str) and "import " in value and value in text:
            with suppress(SyntaxError):
                ast.parse(value)
                yield value


def present(trees: Mapping[str, ast.Module], table: Nested) -> dict[str, dict[str, str]]:
    """What of the table is still to be done; raises Clash for what is nowhere."""
    wanted, strange = dict[str, dict[str, str]](), list[str]()
    modules = {module_of(name): tree for name, tree in trees.items()}
    for module, names in table.items():
        there = declared(modules[module]) if module in modules else frozenset()
        if mixed := names.keys() & set(names.values()):
            strange.append(f"{module}: both old and new: {', '.join(sorted(mixed))}")
        for old, new in names.items():
            if old in there and new in there:
                strange.append(f"{module}: has both {old} and {new}")
            elif old in there:
                wanted.setdefault(module, {})[old] = new
            elif new not in there:
                strange.append(f"{module}: has neither {old} nor {new}")
    if strange:
        raise Clash("\n".join(strange))
    return wanted


def declared(tree: ast.Module) -> frozenset[str]:
    """The names that a module binds at its top; of its imports those that it names itself."""
    found = set[str]()
    for node in top(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            found |= {a.asname for a in node.names if a.asname and a.asname != a.name}
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.With):
            found |= {n.id for n in stored(node)}
    return frozenset(found)


def top(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a module that run when it is imported."""
    for part in ("body", "orelse", "handlers", "finalbody"):
        for child in getattr(node, part, ()):
            if isinstance(child, ast.stmt):
                yield child
            if isinstance(child, ast.If | ast.Try | ast.ExceptHandler | ast.With | ast.For):
                yield from top(child)


def reexported(trees: Mapping[str, ast.Module], wanted: dict[str, dict[str, str]]) -> None:
    """Add what modules import under its own name and hand on."""
    more = True
    while more:
        more = False
        for name, tree in trees.items():
            for node in top(tree):
                if not isinstance(node, ast.ImportFrom) or not node.module:
                    continue
                for alias in node.names:
                    new = wanted.get(node.module, {}).get(alias.name)
                    if new and alias.asname in (None, alias.name):
                        ours = wanted.setdefault(module_of(name), {})
                        more |= alias.name not in ours
                        ours[alias.name] = new


def symbol_edits(
    tree: ast.Module, text: str, own: Mapping[str, str], wanted: Nested, clashes: list[str], at: str
) -> tuple[set[Edit], Mapping[str, str]]:
    """The edits of one module, and what its own names are called now."""
    names, aliases, edits = dict(own), dict[str, Mapping[str, str]](), set[Edit]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if alias.asname and alias.asname != alias.name and alias.asname in own:
                    at_end = (alias.end_col_offset or 0) - len(alias.asname)
                    edits.add(
                        Edit((alias.end_lineno or 0, at_end, alias.asname, own[alias.asname]))
                    )
                if new := wanted.get(node.module, {}).get(alias.name):
                    edits.add(Edit.at(alias, alias.name, new))
                    if alias.asname is None and names.setdefault(alias.name, new) != new:
                        clashes.append(f"{at}: {alias.name} comes from two modules")
                elif full in wanted:
                    aliases[alias.asname or alias.name] = wanted[full]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname and alias.name in wanted:
                    aliases[alias.asname] = wanted[alias.name]
    if names or aliases:
        edits |= set(uses(tree, text, names, aliases))
        edits |= set(listed(tree, text, names))
        clashes += [f"{at}: {clash}" for clash in clashing(tree, names)]
    return edits, names


def listed(tree: ast.Module, text: str, names: Mapping[str, str]) -> Iterator[Edit]:
    """The names of ``__all__``, and those that stand in quotes where a type is meant."""
    for node in ast.walk(tree):
        found = list[ast.AST]()
        if isinstance(node, ast.Assign) and any(n.id == "__all__" for n in stored(node)):
            found = [*ast.walk(node.value)]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "cast" and node.args:
            found = [node.args[0]]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "TypeVar":
            found = [k.value for k in node.keywords if k.arg == "bound"]
        for part in found:
            if isinstance(part, ast.Constant) and part.value in names:
                yield Edit((part.lineno, part.col_offset + 1, part.value, names[part.value]))


def clashing(tree: ast.Module, names: Mapping[str, str]) -> Iterator[str]:
    """Where a new name means something else already."""
    ours = declared(tree) | {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for alias in node.names
    }
    for old, new in names.items():
        if (new in ours and new not in names) or [*names.values()].count(new) > 1:
            yield f"{new} is there, and {old} is to be called so"
    for node, local in scoped(tree, frozenset(), frozenset()):
        old = node.id if isinstance(node, ast.Name) else ""
        if old in names.keys() - local and names[old] in local:
            yield f"line {node.lineno}: {names[old]} is a local name, and {old} is to be called so"


class Edit(tuple[int, int, str, str]):
    """A word at a line (from 1) and a byte of it, and what comes in its place."""

    @classmethod
    def at(cls, node: ast.expr | ast.alias, old: str, new: str) -> Edit:
        """The edit of a word at the beginning of a node."""
        return cls((node.lineno, node.col_offset, old, new))


def uses(tree: ast.Module, text: str, names: Mapping[str, str], aliases: Nested) -> Iterator[Edit]:
    """Where global names stand, and attributes of modules."""
    lines, outermost = text.split("\n"), set(top(tree))
    for node, local in scoped(tree, frozenset(), frozenset()):
        if isinstance(node, ast.Name) and node.id in names and node.id not in local:
            yield Edit.at(node, node.id, names[node.id])
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            if node.name in names and node in outermost:
                yield head(node, lines, names[node.name])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = aliases.get(node.value.id, {})
            if node.attr in module and node.value.id not in local:
                at = (node.end_col_offset or 0) - len(node.attr.encode())
                yield Edit((node.end_lineno or 0, at, node.attr, module[node.attr]))


def head(
    node: ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef, lines: list[str], new: str
) -> Edit:
    """The edit of a name where it is defined."""
    line = lines[node.lineno - 1].encode()
    found = re.compile(rb"(?:def|class)\s+").search(line, node.col_offset)
    assert found
    return Edit((node.lineno, found.end(), node.name, new))


def scoped(
    node: ast.AST, outer: frozenset[str], local: frozenset[str]
) -> Iterator[tuple[ast.AST, frozenset[str]]]:
    """Every node, with the names that are not the module's there.

    ``outer``: those of functions around it, which a class hides from none of them.
    """
    for child in ast.iter_child_nodes(node):
        around, inner = outer, local
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            around = inner = outer | bound(child)
        elif isinstance(child, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
            inner = local | {n.id for g in child.generators for n in stored(g.target)}
        elif isinstance(child, ast.ClassDef):
            inner = outer | {n.id for part in fields(child) for n in stored(part)}
        yield child, local if isinstance(child, ast.ClassDef) else inner
        yield from scoped(child, around, inner)


def fields(node: ast.ClassDef) -> Iterator[ast.expr]:
    """What a class assigns in its own body."""
    for part in node.body:
        if isinstance(part, ast.AnnAssign):
            yield part.target
        elif isinstance(part, ast.Assign):
            yield from part.targets


def bound(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> frozenset[str]:
    """Parameters, and what a function assigns."""
    found = {arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)}
    if not isinstance(function, ast.Lambda):
        for inner in function.body:
            found |= {n.id for n in stored(inner)}
            found |= {n.name for n in ast.walk(inner) if isinstance(n, ast.FunctionDef)}
            for node in ast.walk(inner):
                if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
                    found.add(node.name)
                if isinstance(node, ast.ExceptHandler) and node.name:
                    found.add(node.name)
    return frozenset(found)


def stored(node: ast.AST) -> list[ast.Name]:
    """Names that are assigned."""
    return [
        n for n in ast.walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
    ]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with its edits, the last first."""
    lines = text.split("\n")
    for line, column, old, new in sorted(set(edits), reverse=True):
        raw = lines[line - 1].encode()
        assert raw[column : column + len(old.encode())] == old.encode(), (line, column, old)
        made = raw[:column] + new.encode() + raw[column + len(old.encode()) :]
        lines[line - 1] = made.decode()
    return "\n".join(lines)


def quoted(text: str, names: Mapping[str, str]) -> str:
    """Comments and docstrings that quote a name: ``so``."""
    if not names:
        return text
    choices = "|".join(map(re.escape, names))
    found = re.compile(rf"(?<=``)({choices})(?=``|\()")
    lines = text.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or (
            token.type == tokenize.STRING and token.string.startswith(('"""', "'''"))
        ):
            for row in range(token.start[0] - 1, token.end[0]):
                lines[row] = found.sub(lambda match: names[match[1]], lines[row])
    return "\n".join(lines)


# Identifiers below a path


def identifiers_renamed(files: Files, table: Nested) -> Files:
    """Every name of the code that is written so, whatever it names; modules aside."""
    edits, taken = dict[str, set[Edit]](), list[str]()
    for prefix, names in table.items():
        for name, text in files.items():
            if name.endswith(".py") and name.startswith(prefix.strip("/") + "/" * bool(prefix)):
                if not any(old in text for old in names):
                    continue
                made = set(identifier_edits(text, names))
                there = {new for _, _, _, new in made} & identifiers(text)
                if there:
                    taken.append(f"{name}: {', '.join(sorted(there))} is there already")
                edits.setdefault(name, set()).update(made)
    if taken:
        raise Clash("\n".join(taken))
    out = dict(files)
    for name, made in edits.items():
        if made:
            words = {old: new for _, _, old, new in made}
            out[name] = quoted(edited(files[name], made), words)
    return fragments_renamed(out, files, edits)


def identifiers(text: str) -> set[str]:
    """The names of a module's code."""
    return {word for word, _, _ in named_tokens(text)}


def identifier_edits(text: str, names: Mapping[str, str]) -> Iterator[Edit]:
    """Where these names stand."""
    for word, row, column in named_tokens(text):
        if word in names:
            yield Edit((row, column, word, names[word]))
    tree = ast.parse(text)
    if "parametrize" in text:
        yield from parametrized(tree, text, names)
    for node in ast.walk(tree):  # what is handed on as keywords: ``{"desk": ...}``
        for key in node.keys if isinstance(node, ast.Dict) else ():
            if isinstance(key, ast.Constant) and key.value in names:
                yield from string_edits(text, key, names, whole=True)


def named_tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Each name of the code, its row (from 1) and byte; those in the braces of f-strings too."""
    lines, before, importing = text.split("\n"), "", False
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        row, column = token.start
        if token.type == tokenize.NAME:
            if before == "from" and token.line.lstrip().startswith("from "):
                importing = True
            if token.string == "import":
                importing = token.line.lstrip().startswith("import ")
            if not importing:
                yield token.string, row, len(lines[row - 1][:column].encode())
        elif token.type == tokenize.NEWLINE:
            importing = False
        elif (
            token.type == tokenize.STRING and "f" in token.string.split(token.string[-1])[0].lower()
        ):
            yield from braced_names(token, lines)
        if token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT):
            before = token.string


def braced_names(token: tokenize.TokenInfo, lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """The names in the braces of an f-string."""
    text, depth, at = token.string, 0, 0
    while at < len(text):
        if text[at] in "{}" and text[at : at + 2] == text[at] * 2 and depth == 0:
            at += 2
            continue
        depth += (text[at] == "{") - (text[at] == "}")
        found = re.compile(r"[A-Za-z_]\w*").match(text, at)
        if found and depth:
            head = text[:at]
            row = token.start[0] + head.count("\n")
            column = len(head) - head.rfind("\n") - 1
            if "\n" not in head:
                column = token.start[1] + at
            quote = text[at - 1] in "'\""
            if text[at - 1] not in ":!" and not quote:
                yield found[0], row, len(lines[row - 1][:column].encode())
        at = found.end() if found else at + 1


# Parameters and variables of functions


def locals_renamed(files: Files, table: Nested) -> Files:
    """Parameters and variables; a function where the new name stands already keeps the old one."""
    out, edits, functions = dict(files), dict[str, set[Edit]](), dict[str, dict[str, str]]()
    for prefix, names in table.items():
        for name, text in files.items():
            if not name.endswith(".py") or not name.startswith(prefix):
                continue
            for entry, new in names.items():
                old, _, kind = entry.partition(": ")
                if old not in text:
                    continue
                made = edits.setdefault(name, set())
                for function in outermost_binders(ast.parse(text), old, kind):
                    if any(word == new for word in names_in(function)):
                        print(f"{name}:{function.lineno}: has {new}, keeps {old}", file=sys.stderr)
                        continue
                    made |= set(local_edits(function, text, old, new))
                    if any(arg.arg == old for arg in arguments(function)):
                        functions.setdefault(function.name, {})[old] = new
    for name, text in files.items():
        if name.endswith(".py"):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call):
                    called = functions.get(ast.unparse(node.func).rpartition(".")[2], {})
                    for keyword in node.keywords:
                        if keyword.arg in called:
                            edits.setdefault(name, set()).add(
                                Edit(
                                    (
                                        keyword.lineno,
                                        keyword.col_offset,
                                        keyword.arg,
                                        called[keyword.arg],
                                    )
                                )
                            )
    for name, made in edits.items():
        if made:
            out[name] = edited(files[name], made)
    return fragments_renamed(out, files, edits)


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """All that a function takes."""
    of = function.args
    return [*of.posonlyargs, *of.args, *of.kwonlyargs]


def outermost_binders(
    tree: ast.AST, old: str, kind: str
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions that bind this name so, each without those inside of it."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            ours = [arg for arg in arguments(child) if arg.arg == old]
            if ours and (not kind or ast.unparse(ours[0].annotation or ast.Constant("")) == kind):
                yield child
                continue
            if not ours and old in bound(child) and (not kind or assigned_language(child, old)):
                yield child
                continue
        yield from outermost_binders(child, old, kind)


def assigned_language(function: ast.AST, old: str) -> bool:
    """Whether a variable is given what something with ``language`` in its name gives."""
    return any(
        isinstance(node, ast.Assign)
        and any(n.id == old for n in stored(node))
        and "language" in ast.unparse(node.value)
        for node in ast.walk(function)
    )


def names_in(function: ast.AST) -> Iterator[str]:
    """Every name that a function binds or uses."""
    named = ast.MatchAs | ast.MatchStar | ast.ExceptHandler | ast.FunctionDef
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, named) and node.name:
            yield node.name


def local_edits(
    function: ast.FunctionDef | ast.AsyncFunctionDef, text: str, old: str, new: str
) -> Iterator[Edit]:
    """Where a function's own name stands; what tests are parametrized by is called so too."""
    for decorator in function.decorator_list:
        yield from parametrized(decorator, text, {old: new})
    for part in (function.args, *function.body):
        yield from inner_edits(part, old, new)


def parametrized(decorator: ast.AST, text: str, names: Mapping[str, str]) -> Iterator[Edit]:
    """The names in the first argument of ``pytest.mark.parametrize``."""
    for node in ast.walk(decorator):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.parametrize":
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield from string_edits(text, part, names, whole=True)


def inner_edits(part: ast.AST, old: str, new: str) -> Iterator[Edit]:
    """Where a function's own name stands in a part of it."""
    for node in ast.walk(part):
        if isinstance(node, ast.Name) and node.id == old:
            yield Edit.at(node, old, new)
        elif isinstance(node, ast.arg) and node.arg == old:
            yield Edit((node.lineno, node.col_offset, old, new))
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name == old:
            at = (node.end_col_offset or 0) - len(old)
            yield Edit((node.end_lineno or 0, at, old, new))
        elif isinstance(node, ast.ExceptHandler) and node.name == old:
            raise Clash(f"an exception is called {old}")


# Planted bugs quote the code


def fragments_renamed(after: Files, before: Files, edits: Mapping[str, set[Edit]]) -> Files:
    """The pieces of code that planted bugs quote, edited as the files that they are of."""
    planted = [name for name in before if name.startswith(MUTANTS) and name.endswith(".py")]
    names = {path: {old: new for _, _, old, new in made} for path, made in edits.items()}
    paths = dict[str, str]()
    for name in planted:
        paths |= constants(ast.parse(before[name]), before)
    for name in planted:
        made = set(fragments(after[name], paths, names, before))
        after[name] = edited(after[name], made)
    return after


def constants(tree: ast.Module, files: Files) -> Iterator[tuple[str, str]]:
    """The names that stand for paths."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                ours = target.elts if isinstance(target, ast.Tuple) else [target]
                values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                for one, value in zip(ours, values, strict=False):
                    if isinstance(one, ast.Name) and getattr(value, "value", "") in files:
                        yield one.id, value.value  # type: ignore[attr-defined]


def fragments(text: str, paths: Mapping[str, str], names: Nested, files: Files) -> Iterator[Edit]:
    """The edits in the strings of one file of planted bugs."""
    tree = ast.parse(text)
    inside = dict[ast.AST, Mapping[str, str]]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(node.args) > 3:
            file = node.args[1]
            path = file.value if isinstance(file, ast.Constant) else paths.get(ast.unparse(file))
            if path in files:
                of = names.get(path, {})
                inside |= {part: of for arg in node.args[2:4] for part in ast.walk(arg)}
                inside |= {part: {} for arg in node.args[:2] for part in ast.walk(arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
            ours = inside.get(node)
            if ours is None:
                holds = [
                    names.get(p, {})
                    for p, old in files.items()
                    if node.value in old and p.endswith(".py") and not p.startswith("tests/")
                ]
                ours = {old: new for part in holds for old, new in part.items()}
            if ours:
                yield from string_edits(text, node, ours)


def string_edits(
    text: str, node: ast.Constant, names: Mapping[str, str], whole: bool = False
) -> Iterator[Edit]:
    """The edits of words in a string, line by line as it is written.

    Without ``whole`` a word in quotes of its own stays: it is a text of the code that is quoted.
    """
    lines = [line.encode() for line in text.split("\n")]
    for row in range(node.lineno, (node.end_lineno or node.lineno) + 1):
        raw = lines[row - 1]
        begin = node.col_offset if row == node.lineno else 0
        end = node.end_col_offset if row == node.end_lineno else len(raw)
        for found in re.finditer(rb"(?:(?<=\\n)|(?<![\w\\]))[A-Za-z_]\w*", raw[begin:end]):
            around = (
                raw[begin:end][found.start() - 1 : found.start()]
                + raw[begin:end][found.end() : found.end() + 1]
            )
            if around in (b"''", b'""') and not whole:
                continue
            if new := names.get(found[0].decode()):
                yield Edit((row, begin + found.start(), found[0].decode(), new))


# Fields of classes


def fields_renamed(files: Files, table: Nested) -> Files:
    """Fields and methods, where they are defined and wherever mypy knows what they are asked of."""
    from tests.tools.rename_fields import field_edits

    wanted = {
        (owner.replace(":", "."), old): new
        for owner, names in table.items()
        for old, new in names.items()
    }
    edits, left = field_edits(wanted)
    for line in left:
        print(line, file=sys.stderr)
    out = dict(files)
    for name, made in edits.items():
        if made and name in files:
            out[name] = edited(files[name], made)
    return fragments_renamed(out, files, edits)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
