"""Adds up the JUnit reports of a test run and prints one line: `N passed, N failed, N skipped`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def outcome(case: ElementTree.Element) -> str:
    """What one test case came to; an error in a fixture is a failure."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def summary(reports: list[Path]) -> str:
    counts = Counter(
        outcome(case) for report in reports for case in ElementTree.parse(report).iter("testcase")
    )
    return ", ".join(f"{counts[name]} {name}" for name in ("passed", "failed", "skipped"))


if __name__ == "__main__":
    print(summary([Path(name) for name in sys.argv[1:]]))
