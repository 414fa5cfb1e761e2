"""Sums over rooms, for Prometheus."""

from __future__ import annotations

from typing import Any

from wagu.media_backend.figures import totals


def stream(**figures: Any) -> dict[str, Any]:
    return {"bitrate": 0, "rtt": None, "loss": None} | figures


def test_rooms_and_peers_are_summed_up() -> None:
    publisher = {
        "role": "publish",
        "publishes": [{"layers": [{"bitrate": 100}, {"bitrate": 20}]}],
        "receives": [],
    }
    viewer = {"role": "watch", "publishes": []}
    one = viewer | {"receives": [stream(bitrate=90, rtt=30.0), stream(bitrate=5, loss=0.25)]}
    two = viewer | {"receives": [stream(rtt=80.0)]}
    told = totals(
        {
            "sent_packets": 7,
            "dropped": {"srtp": 1},
            "rooms": {
                "live/1": {"label": "a", "peers": {"host": publisher, "fan": one}},
                "live/2": {"label": "b", "peers": {"fan": two}},
            },
        }
    )
    assert told == {
        "sent_packets": 7,
        "dropped": {"srtp": 1},
        "rooms": 2,
        "peers": {"publish": 1, "watch": 2},
        "bitrate": {"in": 120, "out": 95},
        "worst_rtt_ms": 80.0,
        "worst_loss": 0.25,
    }


def test_nobody_is_nothing() -> None:
    told = totals({"rooms": {}})
    assert (told["rooms"], told["peers"], told["worst_loss"]) == (0, {}, 0.0)
    assert totals({})["rooms"] == 0
