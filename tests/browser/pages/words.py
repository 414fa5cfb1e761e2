"""The client's Korean phrases by key, so that page objects follow when one is worded better."""

from __future__ import annotations

import functools
import re
from pathlib import Path

STRINGS = Path(__file__).resolve().parents[3] / "static" / "js" / "strings"
TABLE = re.compile(r"export const ko = \{\n(.*?)\n\};", re.DOTALL)
ENTRY = re.compile(r"^ {2}'?([\w.]+)'?: '((?:[^'\\]|\\.)*)',$", re.MULTILINE)


def ko(key: str, **values: object) -> str:
    """A phrase with its `{gaps}` filled."""
    return phrases()[key].format(**values)


@functools.cache
def phrases() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(STRINGS.glob("*.js")):
        for table in TABLE.findall(file.read_text(encoding="utf-8")):
            found |= {key: text.replace("\\'", "'") for key, text in ENTRY.findall(table)}
    return found
