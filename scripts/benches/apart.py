"""What benches with a load generator share: a process of its own for it, medians, and a file."""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, fields
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import click

P = TypeVar("P")
R = TypeVar("R")

SERVER_CORE, GENERATOR_CORE = 0, 1
PATIENCE = 180.0
"""Seconds for one measurement."""


def check_cores() -> None:
    if len(os.sched_getaffinity(0)) < 2:
        raise click.ClickException("server and generator need a core each")


def apart(measure: Callable[[P, int], R], plan: P, core: int) -> R:
    """Measured by a process that ends with it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as generator:
        return generator.submit(measure, plan, core).result(PATIENCE)


def middle(results: Sequence[R]) -> R:
    """A result with the median of every figure by itself; the rest is as in the first."""
    first: Any = results[0]
    values = {}
    for field in fields(first):
        value = getattr(first, field.name)
        if isinstance(value, float):
            value = median(getattr(each, field.name) for each in results)
        values[field.name] = value
    made: R = type(first)(**values)
    return made


def keep(path: Path, results: Sequence[Any]) -> None:
    """All values of all rounds, with the machine that they are of."""
    machine = {
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "processor": _processor(),
        "python": platform.python_version(),
    }
    everything = {"machine": machine, "results": [asdict(each) for each in results]}
    path.write_text(json.dumps(everything, indent=1) + "\n")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
