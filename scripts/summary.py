"""Adds up the JUnit reports of a test run: what scenarios measured (they print `figure: …`), and
one last line, `N passed, N failed, N skipped`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

FIGURE = "figure: "


def outcome(case: ElementTree.Element) -> str:
    """What one test case came to; an error in a fixture is a failure."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def figures(reports: list[Path]) -> list[str]:
    """What scenarios measured, after the name of each."""
    return [
        f"{case.get('name')}: {line.removeprefix(FIGURE)}"
        for report in reports
        for case in ElementTree.parse(report).iter("testcase")
        for line in (case.findtext("system-out") or "").splitlines()
        if line.startswith(FIGURE)
    ]


def summary(reports: list[Path]) -> str:
    counts = Counter(
        outcome(case) for report in reports for case in ElementTree.parse(report).iter("testcase")
    )
    return ", ".join(f"{counts[name]} {name}" for name in ("passed", "failed", "skipped"))


if __name__ == "__main__":
    named = [Path(name) for name in sys.argv[1:]]
    for each in figures(named):
        print(each)
    print(summary(named))
