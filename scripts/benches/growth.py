"""What a forwarded packet costs as viewers come, drawn as an SVG: a line for each server. What was
measured once is a dot, its middle a point of the line. Both axes are logarithmic, since with one
viewer a packet costs ten times as much as with a hundred.

No plotting library: it is a dozen shapes. Colours stand out on white as on black.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from statistics import median

Costs = Mapping[str, Mapping[int, Sequence[float]]]
"""Of each server: how many viewers, and µs a packet in each round."""

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 56, 72, 40, 48
COLOURS = ("#ff6b00", "#7a7f87", "#2f7fd1")
GREY = "#8a8f98"
STEPS = (1, 2, 5)
"""What a scale shows, times powers of ten."""


def draw(title: str, costs: Costs) -> str:
    """Raises ValueError when there is nothing to draw."""
    viewers = sorted({count for each in costs.values() for count in each})
    values = [cost for each in costs.values() for rounds in each.values() for cost in rounds]
    if not values:
        raise ValueError("nothing was measured")
    scale = levels(min(values), max(values))

    def x(count: int) -> float:
        return LEFT + _share(count, viewers[0], viewers[-1]) * (WIDTH - LEFT - RIGHT)

    def y(cost: float) -> float:
        return HEIGHT - BOTTOM - _share(cost, scale[0], scale[-1]) * (HEIGHT - TOP - BOTTOM)

    shapes = [_text(LEFT, 22, title, "start", bold=True)]
    for cost in scale:
        shapes.append(_line([(LEFT, y(cost)), (WIDTH - RIGHT, y(cost))], GREY, 0.3))
        shapes.append(_text(LEFT - 8, y(cost) + 4, f"{cost:g}", "end"))
    shapes += [_text(x(count), HEIGHT - BOTTOM + 18, str(count), "middle") for count in viewers]
    shapes.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "viewers", "middle"))
    for number, (server, rounds) in enumerate(costs.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = [(x(count), y(median(rounds[count]))) for count in sorted(rounds)]
        shapes.append(_line(points, colour, 2.5))
        shapes += [
            _dot(x(count), y(cost), colour) for count in sorted(rounds) for cost in rounds[count]
        ]
        shapes.append(_text(points[-1][0] + 8, points[-1][1] + 4, server, "start", colour))
    return "\n".join(_whole(title, shapes)) + "\n"


def levels(least: float, most: float) -> list[float]:
    """The lines of a scale, the first at or below `least`, the last above `most`."""
    powers = range(math.floor(math.log10(least)), math.floor(math.log10(most)) + 2)
    every = [step * 10.0**power for power in powers for step in STEPS]
    first = max(number for number, level in enumerate(every) if level <= least)
    last = min(number for number, level in enumerate(every) if level > most)
    return every[first : last + 1]


def _share(value: float, first: float, last: float) -> float:
    """How far between two ends of a logarithmic axis, from 0 to 1."""
    return math.log(value / first) / math.log(last / first) if last > first else 0.5


def _whole(title: str, shapes: Sequence[str]) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' role="img" font-family="sans-serif" font-size="12" aria-label="{escape(title)}">'
    )
    yield from shapes
    yield "</svg>"


def _line(points: Sequence[tuple[float, float]], colour: str, width: float) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'


def _dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}" fill-opacity="0.5"/>'


def _text(
    x: float, y: float, text: str, anchor: str, colour: str = GREY, *, bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{escape(text)}</text>"
    )
