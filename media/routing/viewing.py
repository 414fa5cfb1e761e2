"""One viewer's congestion control: what its link carries, divided among what it watches.

Ties together bandwidth (what we believe), allocation (what it is used for) and probing (how we
learn of more). It decides; publications move their viewers, and subscriptions send.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from media.packets.rtcp import ReportBlock
from media.routing.allocation import PAUSED, Ladder, allocate, next_goal
from media.routing.bandwidth import Bandwidth
from media.routing.probing import Probe

if TYPE_CHECKING:
    from media.routing.subscription import Subscription

RATE_WINDOW = 0.5
"""Seconds over which the outgoing rate is measured."""

LONGEST_TICK = 0.2
"""Seconds: a heartbeat that was held up does not send at once what it missed."""

CALM, LONGEST_CALM = 1.0, 4.0
"""Seconds after a complaint in which nothing is climbed; doubled when a climb brought it."""

HICCUP = 2.5
"""Seconds for which the poorest picture is kept though it does not seem to fit any more. A receiver
that was busy for a moment complains as one behind a narrow link does, and takes it back within two
seconds; where packets are lost it is the link."""

REGRET = 5.0
"""Seconds within which a complaint is blamed on the climb before it."""


class Viewing:
    """The outgoing streams of one peer. `tick` some 20 times a second."""

    __slots__ = (
        "_blamed",
        "_calm",
        "_climbed",
        "_due",
        "_narrow_since",
        "_reported",
        "_sent",
        "_subscriptions",
        "_ticked",
        "bandwidth",
        "probe",
    )

    def __init__(self, subscriptions: Mapping[int, Subscription]) -> None:
        self._subscriptions = subscriptions
        self.bandwidth = Bandwidth()
        self.probe = Probe()
        self._sent: deque[tuple[float, int, int, int]] = deque(maxlen=64)
        self._reported: dict[int, tuple[int, int]] = {}
        """Of each stream the highest number that was reported, and how many were never used."""
        self._ticked: float | None = None
        self._due = 0.0
        self._narrow_since: float | None = None
        self._calm = CALM
        self._climbed = self._blamed = float("-inf")

    def on_moved(self, now: float) -> None:
        """Another way to the receiver: what was known of the old one says nothing of it."""
        self.bandwidth.on_moved(now)
        self.probe = Probe()
        self._narrow_since = None
        self._calm = CALM
        self._climbed = self._blamed = float("-inf")

    def on_remb(self, bitrate: int, now: float) -> None:
        """The receiver's estimate over all its video streams."""
        self.bandwidth.on_remb(float(bitrate), now)

    def on_report(self, block: ReportBlock, numbers: int, now: float) -> None:
        """What the receiver says of one of our video streams, which used so many numbers so far.

        What the publisher lost on its own way is a gap in our numbers, which the receiver takes for
        lost on its way: numbers that were never used do not count."""
        before = self._reported.get(block.ssrc)
        unused = block.highest - numbers  # and a constant, less what is still on its way
        if before is None:
            self._reported[block.ssrc] = block.highest, unused
            return
        highest, unused_before = before
        unused = max(unused, unused_before)
        self._reported[block.ssrc] = block.highest, unused
        packets = max(0, block.highest - highest)
        gaps = min(packets, unused - unused_before)
        counted = packets - gaps
        lost = max(0.0, packets * block.fraction_lost / 256 - gaps)
        self.bandwidth.on_loss(lost / counted if counted else 0.0, counted, now)

    def tick(self, now: float) -> None:
        """Decide anew, and send what a probe wants."""
        watched = [
            each for each in self._subscriptions.values() if each.is_video and each.publication
        ]
        if not watched:
            return
        sound, media, padding = self._measure(now)
        bandwidth = self.bandwidth
        bandwidth.on_sent(media, padding, sound, now)
        estimate = bandwidth.estimate
        if estimate is None:
            self._take_all(watched, now)
            return
        rungs = [each.publication.rungs if each.publication else () for each in watched]
        ladders = [
            Ladder(tuple(rung.rate for rung in steps), each.rung_among(steps))
            for each, steps in zip(watched, rungs, strict=True)
        ]
        chosen = self._choose(estimate, ladders, sound, now)
        for each, steps, rung in zip(watched, rungs, chosen, strict=True):
            if steps:
                each.steer(steps[rung] if rung != PAUSED else None)
        goal = next_goal(sound, ladders, chosen)
        trouble = now if bandwidth.lossy else bandwidth.complained
        rate = self.probe.plan(now, estimate, goal, trouble)
        self._pad(watched, rate - media if rate else 0.0, now)

    def _take_all(self, watched: Sequence[Subscription], now: float) -> None:
        """No limit is known: the best of everything, and nothing to probe for."""
        for each in watched:
            rungs = each.publication.rungs if each.publication else ()
            if rungs:
                each.steer(rungs[-1])
        self._pad((), 0.0, now)

    def _choose(
        self, estimate: float, ladders: Sequence[Ladder], sound: float, now: float
    ) -> list[int]:
        chosen = self._hold(allocate(estimate, sound, ladders), ladders, now)
        if self._is_calm(now):
            if any(rung > ladder.current for rung, ladder in zip(chosen, ladders, strict=True)):
                self._climbed = now
            return chosen
        return [min(rung, ladder.current) for rung, ladder in zip(chosen, ladders, strict=True)]

    def _hold(self, chosen: list[int], ladders: Sequence[Ladder], now: float) -> list[int]:
        """Stop no picture for a hiccup."""
        stops = [
            rung == PAUSED != ladder.current for rung, ladder in zip(chosen, ladders, strict=True)
        ]
        if not any(stops):
            self._narrow_since = None
            return chosen
        if self._narrow_since is None:
            self._narrow_since = now
        if self.bandwidth.lossy or now - self._narrow_since >= HICCUP:
            return chosen
        return [0 if stop else rung for rung, stop in zip(chosen, stops, strict=True)]

    def _is_calm(self, now: float) -> bool:
        complained = self.bandwidth.complained
        if complained != self._blamed:
            self._blamed = complained
            regretted = complained - self._climbed < REGRET
            self._calm = min(self._calm * 2, LONGEST_CALM) if regretted else CALM
        return now - complained >= self._calm and not self.bandwidth.lossy

    def _pad(self, watched: Sequence[Subscription], rate: float, now: float) -> None:
        elapsed = 0.0 if self._ticked is None else min(now - self._ticked, LONGEST_TICK)
        self._ticked = now
        if rate <= 0:
            self._due = 0.0
            return
        self._due += rate * elapsed / 8
        for each in watched:
            if self._due > 0:
                self._due -= each.pad(int(self._due), now)

    def _measure(self, now: float) -> tuple[float, float, float]:
        """(sound, all media, padding) in bit/s over the last half second."""
        sound = media = padding = 0
        for each in self._subscriptions.values():
            octets = each.octets
            media += octets
            padding += each.padded
            if not each.is_video:
                sound += octets
        self._sent.append((now, sound, media, padding))
        while len(self._sent) > 2 and now - self._sent[1][0] >= RATE_WINDOW:
            self._sent.popleft()
        began, sound_then, media_then, padding_then = self._sent[0]
        if now <= began:
            return 0.0, 0.0, 0.0
        scale = 8 / (now - began)
        return (
            (sound - sound_then) * scale,
            (media - media_then) * scale,
            (padding - padding_then) * scale,
        )
