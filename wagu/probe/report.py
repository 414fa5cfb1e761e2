"""Figures for a person: a line while they flow, a table at the end; or JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wagu.probe.figures import Figures, Stream


def line(figures: Figures) -> str:
    parts = [f"{figures.seconds:4.0f} s", f"↑ {_rate(figures.up)}", f"↓ {_rate(figures.down)}"]
    streams = (
        figures.received if any(s.packets for s in figures.received.values()) else figures.sent
    )
    for kind, stream in streams.items():
        parts.append(f"{kind} {stream.packets} packets, loss {_share(stream.loss)}")
    picture = figures.picture
    if picture.frames:
        parts.append(f"{picture.frames} frames {picture.width}×{picture.height}")
        parts.append(f"{picture.freezes} freezes, {picture.switches} layer switches")
    if figures.estimate is not None:
        parts.append(f"estimate {_rate(figures.estimate).strip()}")
    if figures.voices:
        parts.append(f"{figures.voices} voices")
    return "  ".join(parts)


def table(figures: Figures) -> list[str]:
    rows = [f"{'':<16}{'packets':>9}{'loss':>9}{'jitter':>10}{'RTT':>10}"]
    for way, streams in (("sent", figures.sent), ("received", figures.received)):
        rows += [_row(f"{way} {kind}", stream) for kind, stream in streams.items()]
    rows.append(
        f"connected after {figures.connected * 1000:.0f} ms; on average "
        f"↑ {_rate(figures.up).strip()}, ↓ {_rate(figures.down).strip()}"
    )
    picture = figures.picture
    if picture.first is not None:
        rows.append(
            f"first frame after {picture.first * 1000:.0f} ms; {picture.frames} frames of "
            f"{picture.width}×{picture.height} decoded, {_per_second(figures):.1f} a second; "
            f"{picture.freezes} freezes, {picture.frozen:.1f} s in all; "
            f"{picture.switches} layer switches"
        )
    if figures.estimate is not None:
        rows.append(f"the picture's way is estimated to carry {_rate(figures.estimate).strip()}")
    if figures.voices:
        rows.append(f"{figures.voices} others in the slots")
    return rows


def as_json(figures: Figures) -> str:
    """One object on one line: bit/s, ms, packets; null is not known."""
    picture = figures.picture
    return json.dumps(
        {
            "seconds": round(figures.seconds, 3),
            "connected": round(figures.connected * 1000),
            "up": round(figures.up),
            "down": round(figures.down),
            "sent": _streams(figures.sent),
            "received": _streams(figures.received),
            "picture": None
            if picture.first is None
            else {
                "frames": picture.frames,
                "width": picture.width,
                "height": picture.height,
                "first": round(picture.first * 1000),
                "freezes": picture.freezes,
                "frozen": round(picture.frozen * 1000),
                "switches": picture.switches,
            },
            "estimate": figures.estimate,
            "voices": figures.voices,
        }
    )


def _streams(streams: Mapping[str, Stream]) -> dict[str, Any]:
    return {
        kind: {
            "packets": stream.packets,
            "lost": stream.lost,
            "loss": stream.loss,
            "jitter": stream.jitter,
            "rtt": stream.rtt,
        }
        for kind, stream in streams.items()
    }


def _row(name: str, stream: Stream) -> str:
    jitter, rtt = _ms(stream.jitter), _ms(stream.rtt)
    return f"{name:<16}{stream.packets:>9}{_share(stream.loss):>9}{jitter:>10}{rtt:>10}"


def _per_second(figures: Figures) -> float:
    first = figures.picture.first or 0.0
    shown = figures.seconds + figures.connected - first
    return figures.picture.frames / max(shown, 0.001)


def _rate(bits: float) -> str:
    return f"{bits / 1000:7.0f} kbit/s"


def _share(loss: float | None) -> str:
    return "–" if loss is None else f"{loss * 100:.1f} %"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} ms"
