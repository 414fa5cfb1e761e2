"""A backend's figures in sum, for Prometheus: rooms and people come and go, so none is a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

GAUGES = (
    *("rooms", "peers", "objects", "bitrate"),
    *("recordings", "hls", "worst_rtt_ms", "worst_loss"),
)


def totals(stats: Mapping[str, Any]) -> dict[str, Any]:
    """`stats` is that of a MediaBackend. What is counted of peers goes when they go, so these are
    gauges but for the transport's own counters."""
    rooms = stats.get("rooms", {})
    peers = [peer for room in rooms.values() for peer in room["peers"].values()]
    layers = [layer for peer in peers for track in peer["publishes"] for layer in track["layers"]]
    streams = [stream for peer in peers for stream in peer["receives"]]
    plain = {name: value for name, value in stats.items() if name != "rooms"}
    return plain | {
        "rooms": len(rooms),
        "peers": dict(Counter(peer["role"] for peer in peers)),
        "bitrate": {"in": _sum(layers, "bitrate"), "out": _sum(streams, "bitrate")},
        "worst_rtt_ms": _worst(streams, "rtt"),
        "worst_loss": _worst(streams, "loss"),
    }


def _sum(found: Iterable[Mapping[str, Any]], name: str) -> float:
    return float(sum(each[name] for each in found))


def _worst(found: Iterable[Mapping[str, Any]], name: str) -> float:
    return max((each[name] for each in found if each[name] is not None), default=0.0)
