"""A backend's figures in sum, for Prometheus: rooms and people come and go, so none is a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

GAUGES = (
    *("rooms", "peers", "bitrate", "recordings", "hls", "objects", "worst_rtt_ms", "worst_loss"),
    *("estimate", "rtt_ms", "loss", "publishing_rtt_ms", "publishing_loss"),
    "errands",
)
SHARES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def totals(stats: Mapping[str, Any]) -> dict[str, Any]:
    """`stats` is that of a MediaBackend. Of what varies from stream to stream, the spread: of what
    the links of viewers are believed to carry (bit/s, of those with a limit), of round trips and
    of the share that was lost on the way to receivers, and on the way here from who publishes."""
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
        "estimate": _spread(peers, "estimate"),
        "rtt_ms": _spread(streams, "rtt"),
        "loss": _spread(streams, "loss"),
        "publishing_rtt_ms": _spread(layers, "rtt"),
        "publishing_loss": _spread(layers, "loss"),
    }


def _sum(found: Iterable[Mapping[str, Any]], name: str) -> float:
    return float(sum(each[name] for each in found))


def _worst(found: Iterable[Mapping[str, Any]], name: str) -> float:
    return max((each[name] for each in found if each[name] is not None), default=0.0)


def _spread(found: Iterable[Mapping[str, Any]], name: str) -> dict[str, float]:
    """The least, the greatest and what so many are below; of how many, perhaps of none."""
    values = sorted(each[name] for each in found if each.get(name) is not None)
    if not values:
        return {"count": 0}
    last = len(values) - 1
    quantiles = {label: values[round(share * last)] for label, share in SHARES.items()}
    return {"count": len(values), "min": values[0], **quantiles, "max": values[-1]}
