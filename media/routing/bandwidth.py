"""What one viewer's link carries: an estimate from its REMB, its loss reports and our own sending.

REMB (draft-alvestrand-rmcat-remb-03) falls at once when the link is overused, but grows by 8 % a
second only and never far beyond what is sent. So its level says little while a stream grows; its
*fall* is a complaint, and a rate that was sent for a second without a complaint is proven.

It speaks of video alone: browsers leave out sound that comes without transport-wide numbers.
"""

from __future__ import annotations

from collections import deque

FLOOR = 40_000.0
"""bit/s: below it there is nothing to decide. A browser that gets ten packets a second finds delays
that are none; who cannot carry so little loses packets."""

COMPLAINT = 0.995
"""A REMB below this part of the one before is a complaint: nothing but overuse makes a browser
lower it, and it does so at once."""

STANDSTILL = 1.3
"""Video sent, times REMB: so far above it, one that does not grow is a complaint too. That is how
it looks when a link that was overused before is overused again."""

FIRST_COMPLAINT = 0.6
"""So is the first REMB when it is below this part of the video that is sent."""

LOSS_COMPLAINT = 0.10
"""Smoothed loss above which the rate is reduced, as in draft-ietf-rmcat-gcc-02, 6."""

LOSS_WEIGHT, LOSS_PACKETS = 0.4, 100
"""How much a report that speaks of so many packets, or more, moves the smoothed loss; fewer move it
less. Of twenty packets with 5 % loss, three are lost in one report of thirteen: 15 % by chance."""

HEAVY_LOSS, HEAVY_LOST = 0.3, 6
"""Loss of one report that needs no second one, if it is of more than some packets."""

LOSS_INTERVAL = 0.8
"""Seconds between two reductions for loss: the report of the first is still on its way."""

REPORTED = 1.5
"""Seconds before its arrival of which a receiver report speaks."""

SILENCE = 3.0
"""Seconds without feedback after which the estimate decays."""

DECAY = 0.85
"""Per second of silence."""

PROVEN_AFTER = 1.0
_LAG = 0.3  # what was sent this moment has not been reported yet
_SAMPLES = 32
"""Heartbeats: 1.6 s of them, more than REPORTED and PROVEN_AFTER look back."""


class Bandwidth:
    """`estimate` in bit/s; None as long as there was no complaint: then there is no limit known.

    The estimate is of everything that goes to the viewer. `complained` is when the last complaint
    came. `remb` is what the viewer said last, of its video.
    """

    __slots__ = (
        "_heard",
        "_loss",
        "_loss_acted",
        "_moved",
        "_probed_beside",
        "_sent",
        "_sound",
        "complained",
        "estimate",
        "remb",
    )

    def __init__(self) -> None:
        self.estimate: float | None = None
        self.complained = float("-inf")
        self.remb: float | None = None
        self._heard: float | None = None
        self._loss = 0.0
        self._loss_acted = self._moved = float("-inf")
        self._sent: deque[tuple[float, float]] = deque(maxlen=_SAMPLES)
        self._sound = self._probed_beside = 0.0

    @property
    def lossy(self) -> bool:
        """Whether so much is being lost that nothing should be risked."""
        return self._loss >= LOSS_COMPLAINT

    def on_moved(self, now: float) -> None:
        """Another way to the viewer, of which no limit is known. What the next report misses was
        lost on the way before; REMB goes on from its level, and its changes are of the new one."""
        self.estimate, self._loss = None, 0.0
        self.complained = float("-inf")
        self._moved = now
        self._heard = None if self._heard is None else now  # the silence was the old way's

    def on_sent(self, media: float, padding: float, sound: float, now: float) -> None:
        """What goes out to this viewer at the moment: all its streams, what a probe adds, and what
        of the streams is sound; some times a second."""
        self._sent.append((now, media + padding))
        self._sound = sound
        self._probed_beside = media if padding else 0.0
        if self._heard is not None and now - self._heard > SILENCE:
            self._decay(now)

    def on_remb(self, bitrate: float, now: float) -> None:
        """The viewer's own estimate of what its video may take."""
        before, self.remb, self._heard = self.remb, bitrate, now
        video = self._recent() - self._sound
        if before is None:
            bad = bitrate < video * FIRST_COMPLAINT
        else:
            stands = bitrate <= before and video > bitrate * STANDSTILL
            bad = bitrate < before * COMPLAINT or stands
        if bad:
            known = float("inf") if self.estimate is None else self.estimate
            # Of a probe: it says nothing against what went through before the probe began.
            kept = max(max(bitrate, FLOOR) + self._sound, self._probed_beside)
            self._complain(min(kept, known), now)
        elif self.estimate is not None and before is not None and bitrate > before:
            # One that only stands is no news: it does so as long as no video is sent.
            self.estimate = max(self.estimate, bitrate + self._sound, self._proven(now))

    def on_loss(self, fraction: float, packets: int, now: float) -> None:
        """The fraction that a receiver report says was lost since the one before, out of so many
        packets."""
        self._heard = now
        if now - self._moved < REPORTED:
            return
        # Where nothing was sent nothing is lost: what was before must not stop the next probe.
        weight = LOSS_WEIGHT * min(1.0, packets / LOSS_PACKETS) if packets else LOSS_WEIGHT
        self._loss += weight * (fraction - self._loss)
        heavy = fraction >= HEAVY_LOSS and fraction * packets >= HEAVY_LOST
        if not heavy and self._loss < LOSS_COMPLAINT:
            if self.remb is None and self.estimate is not None and fraction <= LOSS_COMPLAINT:
                self.estimate = max(self.estimate, self._proven(now))
            return
        if now - self._loss_acted < LOSS_INTERVAL:
            return
        self._loss_acted = now
        # What went through. A link that loses at random must not starve: REMB knows its delay.
        # The report speaks of what was sent before it: perhaps of a probe that is over.
        sent = max((rate for at, rate in self._sent if now - at <= REPORTED), default=0.0)
        delay_allows = 0.0 if self.remb is None else self.remb / 2 + self._sound
        through = max(sent * (1 - fraction), delay_allows)
        if self.estimate is None or through < self.estimate:
            self._complain(through, now)

    def _complain(self, bitrate: float, now: float) -> None:
        self.estimate = max(FLOOR, bitrate)
        self.complained = now

    def _decay(self, now: float) -> None:
        # In steps of a second of silence each; `_heard` moves along.
        assert self._heard is not None
        self._heard += 1.0
        base = self._recent() if self.estimate is None else self.estimate
        self._complain(base * DECAY, now)

    def _recent(self) -> float:
        return self._sent[-1][1] if self._sent else 0.0

    def _proven(self, now: float) -> float:
        """The least that was sent in the last second, if nobody complained of it."""
        if now - self.complained < PROVEN_AFTER + _LAG:
            return 0.0
        window = [r for at, r in self._sent if PROVEN_AFTER + _LAG >= now - at >= _LAG]
        return min(window, default=0.0)
