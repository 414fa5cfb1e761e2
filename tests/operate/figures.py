"""What an expression of PromQL names, and what a server shows, both as far as tests need it."""

from __future__ import annotations

import re
from collections import defaultdict

GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?\s*(\()?")
MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"')
RANGE = re.compile(r"\[[^\]]*\]")
WORDS = frozenset({"and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring"})

Matchers = list[tuple[str, str, str]]


def named(expression: str) -> list[tuple[str, Matchers]]:
    """Each metric with its matchers: (label, operator, value)."""
    bare = RANGE.sub("", GROUPING.sub("", expression))
    found = []
    for name, braces, call in SELECTOR.findall(bare):
        if not call and name not in WORDS:
            found.append((name, MATCHER.findall(braces)))
    return found


def shown(metrics: str) -> dict[str, dict[str, set[str]]]:
    """Each sample's name → label → values. A family without a sample yet has no labels."""
    found: dict[str, dict[str, set[str]]] = {
        name: {} for name in re.findall(r"^# TYPE (\S+) ", metrics, re.MULTILINE)
    }
    for name, braces in re.findall(r"^(\w+)(\{.*\})? \S+$", metrics, re.MULTILINE):
        labels = found.setdefault(name, defaultdict(set))
        for label, _, value in MATCHER.findall(braces):
            labels.setdefault(label, set()).add(value)
    return found
