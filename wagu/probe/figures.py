"""What flows, out of aiortc's statistics: totals, and bit rates between two looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wagu.probe.sinks import Picture

NO_PICTURE = Picture()
CLOCKS = {"audio": 48_000, "video": 90_000}


@dataclass(frozen=True, slots=True)
class Stream:
    """`jitter` and `rtt` in ms; None is not known (yet)."""

    packets: int = 0
    lost: int | None = None
    jitter: float | None = None
    rtt: float | None = None

    @property
    def loss(self) -> float | None:
        """The share of those that were sent."""
        if self.lost is None or self.packets + self.lost <= 0:
            return None
        return max(0, self.lost) / (self.packets + self.lost)


@dataclass(frozen=True, slots=True)
class Figures:
    """Bit rates in bit/s; streams by kind. `voices`: how many are in our slots; `estimate`: what
    the picture's receiver believes that its way carries, None where it does not say."""

    seconds: float = 0.0
    connected: float = 0.0
    up: float = 0.0
    down: float = 0.0
    sent: Mapping[str, Stream] = field(default_factory=dict)
    received: Mapping[str, Stream] = field(default_factory=dict)
    picture: Picture = NO_PICTURE
    voices: int = 0
    estimate: int | None = None

    @property
    def flows(self) -> bool:
        return any(each.packets for each in (*self.sent.values(), *self.received.values()))


class Meter:
    """`read` gives the rates since the last `read`; `whole` those of the whole time."""

    def __init__(self, begun: float, now: float) -> None:
        self._begun = begun
        self._connected = now
        self._last = (now, 0, 0)

    def read(self, report: Mapping[str, Any], now: float, **seen: Any) -> Figures:
        """`seen` is what aiortc does not count: `picture`, `voices`, `estimate`."""
        at, up, down = self._last
        self._last = (now, *_bytes(report))
        return self._figures(report, now, at, (up, down), seen)

    def whole(self, report: Mapping[str, Any], now: float, **seen: Any) -> Figures:
        return self._figures(report, now, self._connected, (0, 0), seen)

    def _figures(
        self,
        report: Mapping[str, Any],
        now: float,
        since: float,
        before: tuple[int, int],
        seen: Mapping[str, Any],
    ) -> Figures:
        up, down = _bytes(report)
        passed = max(now - since, 0.001)
        return Figures(
            seconds=now - self._connected,
            connected=self._connected - self._begun,
            up=(up - before[0]) * 8 / passed,
            down=(down - before[1]) * 8 / passed,
            sent=sent(report.values()),
            received=received(report.values()),
            **seen,
        )


def sent(report: Iterable[Any]) -> dict[str, Stream]:
    """What went out, and what the server reports of it. A slot has a sender too: a silent one."""
    report = list(report)
    streams: dict[str, Stream] = {}
    heard = {each.ssrc: each for each in _of(report, "remote-inbound-rtp")}
    for each in _of(report, "outbound-rtp"):
        if not each.packetsSent:
            streams.setdefault(each.kind, Stream())
        elif (said := heard.get(each.ssrc)) is None:
            streams[each.kind] = Stream(each.packetsSent)
        else:
            lost, rtt = said.packetsLost, said.roundTripTime
            arrived = each.packetsSent - max(0, lost)
            streams[each.kind] = Stream(arrived, lost, _ms(said), rtt * 1000 if rtt else None)
    return streams


def received(report: Iterable[Any]) -> dict[str, Stream]:
    """What came in; of several streams of a kind the sum, and the worst jitter."""
    streams: dict[str, Stream] = {}
    for each in _of(report, "inbound-rtp"):
        other = streams.get(each.kind, Stream(lost=0, jitter=0.0))
        streams[each.kind] = Stream(
            packets=other.packets + each.packetsReceived,
            lost=(other.lost or 0) + each.packetsLost,
            jitter=max(other.jitter or 0.0, _ms(each)),
        )
    return streams


def _of(report: Iterable[Any], kind: str) -> list[Any]:
    return [each for each in report if each.type == kind]


def _ms(stream: Any) -> float:
    return float(stream.jitter / CLOCKS[stream.kind] * 1000)


def _bytes(report: Mapping[str, Any]) -> tuple[int, int]:
    """Out and in, of all transports."""
    transports = _of(report.values(), "transport")
    return sum(t.bytesSent for t in transports), sum(t.bytesReceived for t in transports)
