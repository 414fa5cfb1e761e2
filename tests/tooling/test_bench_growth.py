"""The picture of what a packet costs as viewers come: its points stand where their values say."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from benches.growth import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw, levels

SVG = "{http://www.w3.org/2000/svg}"
TWO = {"wagu": {1: [90.0, 110.0, 100.0], 10: [50.0], 100: [10.0]}, "<janus>": {10: [25.0]}}


def points(svg, colour):
    [line] = [
        each
        for each in ElementTree.fromstring(svg).iter(f"{SVG}polyline")
        if each.get("stroke") == colour
    ]
    return [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]


def test_viewers_go_by_their_logarithm_and_costs_by_that_of_their_median():
    floor, ceiling = HEIGHT - BOTTOM, TOP
    one, ten, hundred = points(draw("title", TWO), "#ff6b00")
    assert (one[0], hundred[0]) == (LEFT, WIDTH - RIGHT)
    assert ten[0] == pytest.approx((one[0] + hundred[0]) / 2)
    assert ceiling < one[1] < ten[1] < hundred[1]
    assert hundred[1] == pytest.approx(floor), "10 is a line of the scale, the lowest"
    twice, five_times = ten[1] - one[1], hundred[1] - ten[1]
    assert twice / five_times == pytest.approx(math.log(2) / math.log(5), abs=0.01)


def test_every_round_is_a_dot_and_every_server_is_named():
    svg = ElementTree.fromstring(draw("a & b", TWO))
    assert len(list(svg.iter(f"{SVG}circle"))) == 6
    texts = [each.text for each in svg.iter(f"{SVG}text")]
    assert {"a & b", "wagu", "<janus>", "1", "10", "100", "viewers"} <= set(texts)


def test_one_number_of_viewers_stands_in_the_middle():
    [(x, _)] = points(draw("title", {"wagu": {50: [7.0]}}), "#ff6b00")
    assert x == pytest.approx((LEFT + WIDTH - RIGHT) / 2)


@pytest.mark.parametrize(
    ("least", "most", "lines"),
    [
        (7.8, 136, [5, 10, 20, 50, 100, 200]),
        (1, 1, [1, 2]),
        (10, 99.9, [10, 20, 50, 100]),
        (0.3, 0.4, [0.2, 0.5]),
    ],
)
def test_a_scale_has_round_lines_around_all(least, most, lines):
    assert levels(least, most) == pytest.approx(lines)


def test_nothing_measured_is_no_picture():
    with pytest.raises(ValueError, match="nothing"):
        draw("title", {"wagu": {}})
    assert not re.search("nan|inf", draw("title", TWO).replace("janus", ""))
