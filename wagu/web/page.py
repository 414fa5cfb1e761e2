"""The client's one page; for each view with links to the modules that the view begins with.

A browser finds modules level by level, a round trip each. Named in the page, all of them are asked
for at once (HTML, 4.6.7.10, `modulepreload`).
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

START = "/static/js/app.js"
"""Declares the routes, one a line."""

ROUTE = re.compile(r"^route\('([^']+)', view\(\(\) => import\('([^']+)'\)", re.M)
IMPORT = re.compile(
    r"""(?:^|;)(?:import|export)\b(?:[^'"();]*?\bfrom)?\s*['"]([^'"]+)['"]"""
    r"""|^void import\('([^']+)'\)""",  # of a module that will be wanted at once
    re.M,
)
IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.S)
HERE = f'<script type="module" src="{START}"></script>'


class Page:
    """Read when it is first asked for, and kept. ValueError where index.html does not start the
    client as expected: the links would have no place."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.text = (root / "index.html").read_text(encoding="utf-8")
        if HERE not in self.text:
            raise ValueError(f"index.html has no {HERE}")
        found = IMPORT_MAP.search(self.text)
        self._map: dict[str, str] = json.loads(found[1])["imports"] if found else {}
        self._of = cache(self._compose)

    def of(self, path: str) -> bytes:
        """The page for the view at this path, or for none. Reads files the first time."""
        fitting = (module for pattern, module in self.views.items() if fits(pattern, path))
        return self._of(next(fitting, None))

    @cached_property
    def views(self) -> dict[str, str]:
        """The module of each route's pattern, in the order in which the client tries them."""
        routes = ROUTE.findall(self._read(START))
        return {pattern: _joined(START, module) for pattern, module in routes}

    def modules(self, *first: str) -> list[str]:
        """These modules and what they import before they run, in the order in which it is met."""
        met: dict[str, None] = dict.fromkeys(first)
        level = [*first]
        while level:
            found = [name for module in level for name in self._imports(module) if name not in met]
            level = list(dict.fromkeys(found))
            met.update(dict.fromkeys(level))
        return list(met)

    def _imports(self, module: str) -> Iterator[str]:
        for pair in IMPORT.findall(self._read(module)):
            name = pair[0] or pair[1]
            mapped = self._map.get(name, "")
            if mapped.startswith("/static/"):
                yield mapped
            elif name.startswith("."):
                yield _joined(module, name)

    def _compose(self, view: str | None) -> bytes:
        _, *shell = self.modules(START)
        own = [name for name in self.modules(view or START) if name not in {START, *shell}]
        before = [f'<link rel="modulepreload" href="{name}">' for name in shell]
        # What the shell asks the server once it runs shall not wait for the view.
        after = [f'<link rel="modulepreload" href="{name}" fetchpriority="low">' for name in own]
        return self.text.replace(HERE, "\n    ".join([*before, HERE, *after]), 1).encode()

    def _read(self, path: str) -> str:
        try:
            return (self.root / path.removeprefix("/static/")).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""  # the vendored files of a checkout that was not set up


def fits(pattern: str, path: str) -> bool:
    """Nearly as `match` in static/js/match.js, of a path as it was sent. Where they differ, what is
    named ahead is of another view."""
    wanted = pattern.strip("/").split("/")
    given = path.removesuffix("/").removeprefix("/").split("/")
    pairs = zip(wanted, given, strict=False)
    return len(wanted) == len(given) and all(b if a.startswith(":") else a == b for a, b in pairs)


def _joined(module: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(module), name))
