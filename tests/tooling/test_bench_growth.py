"""The picture of what a packet costs as viewers come: its points stand where their values say."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from benches.growth import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw, step_for

SVG = "{http://www.w3.org/2000/svg}"
TWO = {"wagu": {1: [90.0, 110.0, 100.0], 10: [50.0], 100: [10.0]}, "<janus>": {10: [25.0]}}


def points(svg, colour):
    [line] = [
        each
        for each in ElementTree.fromstring(svg).iter(f"{SVG}polyline")
        if each.get("stroke") == colour
    ]
    return [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]


def test_viewers_go_by_their_logarithm_and_costs_by_their_median():
    floor, ceiling = HEIGHT - BOTTOM, TOP
    one, ten, hundred = points(draw("title", TWO), "#ff6b00")
    assert (one[0], hundred[0]) == (LEFT, WIDTH - RIGHT)
    assert ten[0] == pytest.approx((one[0] + hundred[0]) / 2)
    heights = [floor - at[1] for at in (one, ten, hundred)]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)
    assert heights[1] == pytest.approx(5 * heights[2], abs=0.3)
    assert ceiling <= one[1] < floor


def test_every_round_is_a_dot_and_every_server_is_named():
    svg = ElementTree.fromstring(draw("a & b", TWO))
    assert len(list(svg.iter(f"{SVG}circle"))) == 6
    texts = [each.text for each in svg.iter(f"{SVG}text")]
    assert {"a & b", "wagu", "<janus>", "1", "10", "100", "viewers"} <= set(texts)


def test_one_number_of_viewers_stands_in_the_middle():
    [(x, _)] = points(draw("title", {"wagu": {50: [7.0]}}), "#ff6b00")
    assert x == pytest.approx((LEFT + WIDTH - RIGHT) / 2)


@pytest.mark.parametrize(
    ("most", "step"), [(0.7, 0.2), (1, 0.2), (6, 1), (7, 2), (110, 20), (300, 50), (301, 100)]
)
def test_a_scale_has_few_round_lines(most, step):
    assert step_for(most) == pytest.approx(step)


def test_nothing_measured_is_no_picture():
    with pytest.raises(ValueError, match="nothing"):
        draw("title", {"wagu": {}})
    assert not re.search("nan|inf", draw("title", TWO).replace("janus", ""))
