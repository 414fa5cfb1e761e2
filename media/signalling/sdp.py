"""Session descriptions as lines: text → sections with attributes (RFC 8866), without meaning.

Hostile input is the normal case: everything is bounded, and whatever is wrong raises BadOffer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from media.errors import BadOffer

MAX_BYTES = 64 * 1024
MAX_SECTIONS = 32
MAX_LINES = 2000


Attributes = Mapping[str, Sequence[str]]
"""Of each `a=name[:value]` its values, in order; the empty string where there is none."""


@dataclass(frozen=True, slots=True)
class Section:
    """One m-line with what follows it."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    attributes: Attributes

    def first(self, name: str) -> str | None:
        values = self.attributes.get(name)
        return values[0] if values else None

    def all(self, name: str) -> Sequence[str]:
        return self.attributes.get(name, ())

    def has(self, name: str) -> bool:
        return name in self.attributes


@dataclass(frozen=True, slots=True)
class Description:
    """A whole session description; `attributes` are those above the first m-line."""

    attributes: Attributes
    sections: tuple[Section, ...]

    def first(self, name: str) -> str | None:
        values = self.attributes.get(name)
        return values[0] if values else None


def parse(text: str) -> Description:
    """Read a session description. Raises BadOffer."""
    if len(text) > MAX_BYTES:
        raise BadOffer(f"the description is longer than {MAX_BYTES} bytes")
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    if len(lines) > MAX_LINES:
        raise BadOffer(f"the description has more than {MAX_LINES} lines")
    if lines[0] != "v=0":
        raise BadOffer("the description does not begin with v=0")

    session: dict[str, list[str]] = {}
    sections: list[tuple[str, dict[str, list[str]]]] = []
    for line in lines:
        if line[1:2] != "=" or not line.isprintable():
            raise BadOffer(f"not a line of SDP: {line[:40]!r}")
        name, value = line[0], line[2:]
        if name == "m":
            if len(sections) == MAX_SECTIONS:
                raise BadOffer(f"more than {MAX_SECTIONS} m-lines")
            sections.append((value, {}))
        elif name == "a":
            key, _, rest = value.partition(":")
            (sections[-1][1] if sections else session).setdefault(key, []).append(rest)
    return Description(session, tuple(_section(m, a) for m, a in sections))


def _section(line: str, attributes: Attributes) -> Section:
    parts = line.split()
    port = number(parts[1], 65535) if len(parts) >= 4 else None
    if port is None:
        raise BadOffer(f"not an m-line: {line[:40]!r}")
    return Section(parts[0], port, parts[2], tuple(parts[3:]), attributes)


def number(text: str, most: int) -> int | None:
    """A decimal number of 0..`most`, None for anything else.

    `int` alone also takes signs, underscores and other scripts' digits, and refuses long ones.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        return None
    value = int(text)
    return value if value <= most else None
