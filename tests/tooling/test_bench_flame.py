"""The picture of where time goes: boxes as wide as their share, below who called them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benches.flame import ROW, TITLE, WIDTH, draw, read

SVG = "{http://www.w3.org/2000/svg}"
LINES = """\
main (/srv/x/wagu/serve.py:1);run (asyncio/run.py:9);_drain (media/udp.py:3);send (media/a.py:1) 60
main (/srv/x/wagu/serve.py:1);run (asyncio/run.py:9);_drain (media/udp.py:3) 20
main (/srv/x/wagu/serve.py:1);run (asyncio/run.py:9);_beat (/srv/x/media/sfu.py:7) 20
Thread._bootstrap (threading.py:1);wait (threading.py:2) 900
main (/srv/x/wagu/serve.py:1);Runner.run (asyncio/runners.py:9) 700
"""


def boxes(svg):
    found = {}
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        numbers = {name: float(rect.get(name)) for name in ("x", "y", "width")}
        found[group.find(f"{SVG}title").text] = numbers
    return found


def test_names_are_without_the_place_and_the_line():
    assert list(read(LINES)) == [
        (
            "main (wagu/serve.py)",
            "run (run.py)",
            "_drain (media/udp.py)",
            "send (media/a.py)",
        ),
        ("main (wagu/serve.py)", "run (run.py)", "_drain (media/udp.py)"),
        ("main (wagu/serve.py)", "run (run.py)", "_beat (media/sfu.py)"),
    ]


def test_boxes_are_as_wide_as_their_share_and_the_trunk_is_left_out():
    found = boxes(draw("a & b", read(LINES)))
    assert list(found) == [
        "_drain (media/udp.py), 80.0%",
        "send (media/a.py), 60.0%",
        "_beat (media/sfu.py), 20.0%",
    ]
    drain, send, beat = found.values()
    assert (drain["x"], drain["y"]) == (0, TITLE)
    assert drain["width"] == pytest.approx(WIDTH * 0.8, abs=1)
    assert (send["x"], send["y"]) == (0, TITLE + ROW)
    assert (beat["x"], beat["y"]) == (pytest.approx(WIDTH * 0.8, abs=1), TITLE)


def test_nothing_sampled_is_no_picture():
    with pytest.raises(ValueError, match="nothing"):
        draw("title", read(""))
