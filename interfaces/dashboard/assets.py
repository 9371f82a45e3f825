"""Owns the files that a page loads: our own two, and plotly's script out of its installed wheel.

They are known by name, so no address leads to any other file. The version in a name lets a
browser keep a file for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from i18n.errors import UserError

HERE = Path(__file__).parent / "assets"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
NEEDED = ("plotly", "prometheus_client")
FOREVER = "private, max-age=31536000, immutable"


class Asset(Struct, frozen=True):
    """A file: what a page calls it, where it lies, of which kind it is."""

    name: str
    path: Path
    kind: str


def assets() -> dict[str, Asset]:
    """By the name that this page's HTML knows them by. Raises UserError without plotly."""
    found = [_own(HERE / name) for name in ("style.css", "page.js", "icon.svg")]
    return dict([*found, ("plotly", _plotly())])


def require_extras(names: Sequence[str] = NEEDED) -> None:
    """Raises UserError where a package that the dashboard needs is not installed."""
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise UserError(
            what=f"the dashboard needs {', '.join(missing)}, which is not installed",
            where="python environment",
            allowed="the packages of requirements-all.lock",
            todo="run `make all`, then try again",
        )


def _own(path: Path) -> tuple[str, Asset]:
    mark = sha256(path.read_bytes()).hexdigest()[:12]
    name = f"{path.stem}-{mark}{path.suffix}"
    return path.stem, Asset(name, path, KINDS[path.suffix])


def _plotly() -> Asset:
    spec = find_spec("plotly")  # found without importing it: only its script is wanted
    assert spec is not None, "require_extras comes first"
    assert spec.origin is not None
    path = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    return Asset(f"plotly-{version('plotly')}.js", path, KINDS[".js"])
