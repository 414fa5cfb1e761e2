"""Where a process spends its time: sampled by py-spy, drawn as an SVG. Each box is a function, as
wide as its share of the samples; below it are those that it called.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import click

RATE = 100
"""Samples a second. Each stops the process, and what waited meanwhile comes in one batch."""
THREAD, LOOP = "Thread._bootstrap", "Runner.run"
"""Where every thread but the main one begins; and where the main one is while it waits."""

WAIT = 20.0
"""Seconds that py-spy may take to write down what it saw."""

Stack = tuple[str, ...]
"""The outermost function first."""

WIDTH, ROW, TITLE = 960, 19, 30
NARROWEST = 0.004
"""Share of all samples; what is less is not drawn."""
LETTER = 6.3
TRUNK = 0.95
"""Share of the samples above which a function is how the program begins, and is left out."""
COLOURS = {
    "media/routing": "#ff9a4d",
    "media/transport": "#ffc56b",
    "media": "#ffb08a",
    "wagu": "#a8c7e8",
}
OTHERS = "#c9ccd1"


def check_sampler() -> None:
    if shutil.which("py-spy") is None:
        raise click.ClickException(
            "py-spy is not installed: install the Python package of that name"
        )


@contextmanager
def sampled(pid: int, into: Path, seconds: float) -> Iterator[None]:
    """While this lasts, which is `seconds`: the stacks of the process, a line each."""
    command = ["py-spy", "record", "--pid", str(pid), "--rate", str(RATE), "--function"]
    command += ["--idle"]  # system calls are idleness to it, and sending is one
    command += ["--format", "raw", "--output", str(into), "--duration", str(max(1, round(seconds)))]
    with tempfile.TemporaryFile() as said:
        spy = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            yield
            with contextlib.suppress(subprocess.TimeoutExpired):
                spy.wait(WAIT)
            if spy.returncode != 0:
                said.seek(0)
                raise RuntimeError(f"py-spy: {said.read().decode(errors='replace')[-500:]}")
        finally:
            spy.kill()
            spy.wait()


def read(lines: str) -> Counter[Stack]:
    """What py-spy wrote, of the main thread while it works. Names are `function (file)`, of our own
    files from the package on."""
    stacks: Counter[Stack] = Counter()
    for line in lines.splitlines():
        frames, _, count = line.rpartition(" ")
        names = tuple(map(_name, frames.split(";")))
        if not names[0].startswith(THREAD) and not names[-1].startswith(LOOP):
            stacks[names] += int(count)
    return stacks


def _name(frame: str) -> str:
    function, _, rest = frame.partition(" (")
    file = rest.partition(":")[0].rstrip(")")
    for package in ("media", "wagu"):
        _, found, inside = file.rpartition(f"/{package}/")
        if found or file.startswith(f"{package}/"):
            inside = inside if found else file.removeprefix(f"{package}/")
            return f"{function} ({package}/{inside})"
    return f"{function} ({Path(file).name})"


@dataclass
class _Box:
    name: str
    count: int = 0
    below: dict[str, _Box] = field(default_factory=dict)

    def add(self, stack: Sequence[str], count: int) -> None:
        self.count += count
        if stack:
            self.below.setdefault(stack[0], _Box(stack[0])).add(stack[1:], count)


def draw(title: str, stacks: Mapping[Stack, int]) -> str:
    """Raises ValueError when there is nothing to draw."""
    all_ = _Box("")
    for stack, count in stacks.items():
        all_.add(stack, count)
    if not all_.count:
        raise ValueError("nothing was sampled")
    while alone := [each for each in all_.below.values() if each.count > TRUNK * all_.count]:
        all_ = alone[0]
    shapes: list[str] = []
    depth = _put(all_, 0.0, -1, all_.count, shapes)
    height = TITLE + depth * ROW + 8
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' role="img" font-family="sans-serif" font-size="11" aria-label="{escape(title)}">'
    )
    words = f'<text y="18" font-size="13" font-weight="bold" fill="#8a8f98">{escape(title)}</text>'
    return "\n".join([head, words, *shapes, "</svg>", ""])


def _put(box: _Box, left: float, row: int, total: int, shapes: list[str]) -> int:
    """Draw what is below a box, the widest first; how many rows there are up to here."""
    if row >= 0:
        shapes.append(_drawn(box, left, row, total))
    depth = row + 1
    for each in sorted(box.below.values(), key=lambda each: -each.count):
        if each.count / total >= NARROWEST:
            depth = max(depth, _put(each, left, row + 1, total, shapes))
        left += each.count / total * WIDTH
    return depth


def _drawn(box: _Box, left: float, row: int, total: int) -> str:
    share = box.count / total
    width, top = share * WIDTH, TITLE + row * ROW
    function, _, file = box.name.partition(" (")
    colour = next((c for start, c in COLOURS.items() if file.startswith(start)), OTHERS)
    letters = int((width - 6) / LETTER)
    label = function if len(function) <= letters else function[: max(0, letters - 1)] + "…"
    text = "" if letters < 3 else f'<text x="{left + 3:.1f}" y="{top + 13}">{escape(label)}</text>'
    return (
        f'<g><title>{escape(box.name)}, {share:.1%}</title><rect x="{left:.1f}" y="{top}"'
        f' width="{max(0.5, width - 0.5):.1f}" height="{ROW - 1}" fill="{colour}"/>{text}</g>'
    )
