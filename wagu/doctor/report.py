"""Findings for a person, line by line, or for a program, as one JSON object."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import click

from wagu.doctor.finding import Finding, Level

MARKS = {
    Level.OK: click.style("ok     ", fg="green"),
    Level.WARNING: click.style("warning", fg="yellow"),
    Level.PROBLEM: click.style("problem", fg="red", bold=True),
}
INDENT = " " * 20


def lines(finding: Finding) -> list[str]:
    shown = [f"{MARKS[finding.level]}  {finding.check:<10} {finding.text}"]
    if finding.advice:
        shown.append(f"{INDENT}→ {finding.advice}")
    return shown


def summary(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.level for finding in findings)
    if not counts[Level.PROBLEM] and not counts[Level.WARNING]:
        return "All is well."
    return (
        f"{_count(counts[Level.PROBLEM], 'problem')}, {_count(counts[Level.WARNING], 'warning')}."
    )


def as_json(findings: Sequence[Finding]) -> str:
    listed = [
        {
            "check": finding.check,
            "level": finding.level.value,
            "text": finding.text,
            "advice": finding.advice or None,
        }
        for finding in findings
    ]
    return json.dumps({"well": well(findings), "findings": listed}, ensure_ascii=False, indent=2)


def well(findings: Sequence[Finding]) -> bool:
    """No problem; warnings are no problems."""
    return all(finding.level is not Level.PROBLEM for finding in findings)


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
