"""Sums over rooms, for Prometheus."""

from __future__ import annotations

from typing import Any

from wagu.media_backend.figures import totals


def stream(**figures: Any) -> dict[str, Any]:
    return {"bitrate": 0, "rtt": None, "loss": None} | figures


def spread(*values: float) -> dict[str, float]:
    return dict(zip(("count", "min", "p10", "p50", "p90", "max"), values, strict=True))


def test_rooms_and_peers_are_summed_up() -> None:
    layers = [
        {"bitrate": 100, "rtt": 40.0, "loss": 0.5},
        {"bitrate": 20, "rtt": None, "loss": 0.0},
    ]
    publisher = {
        "role": "publish",
        "estimate": None,
        "publishes": [{"layers": layers}],
        "receives": [],
    }
    viewer = {"role": "watch", "estimate": 700, "publishes": []}
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
        "estimate": spread(2, 700, 700, 700, 700, 700),
        "rtt_ms": spread(2, 30.0, 30.0, 30.0, 80.0, 80.0),
        "loss": spread(1, 0.25, 0.25, 0.25, 0.25, 0.25),
        "publishing_rtt_ms": spread(1, 40.0, 40.0, 40.0, 40.0, 40.0),
        "publishing_loss": spread(2, 0.0, 0.0, 0.0, 0.5, 0.5),
    }


def test_a_thousand_viewers_are_six_figures() -> None:
    peers = {
        f"fan{n}": {"role": "watch", "estimate": 1000 * n, "publishes": [], "receives": []}
        for n in range(1, 1002)
    }
    told = totals({"rooms": {"live/1": {"label": "a", "peers": peers}}})
    assert told["estimate"] == spread(1001, 1000, 101_000, 501_000, 901_000, 1_001_000)
    assert all(isinstance(each, int | float | dict) for each in told.values())
    assert sum(len(each) for each in told.values() if isinstance(each, dict)) < 20


def test_nobody_is_nothing() -> None:
    told = totals({"rooms": {}})
    assert (told["rooms"], told["peers"], told["worst_loss"]) == (0, {}, 0.0)
    assert totals({})["rooms"] == 0
    assert told["estimate"] == told["publishing_loss"] == {"count": 0}
