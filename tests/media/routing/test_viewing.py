"""A viewer's congestion control over a simulated link: it converges, keeps still, and comes back.

The link is a queue with a rate; at its far end sits a receiver that estimates as browsers do (AIMD
on the queue's delay: × 0.85 of the video that came in when it grows, + 8 % a second, at most 1.5 ×
what comes in) and reports what was lost once a second. Everything runs on one made-up clock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from media.routing.allocation import PAUSED
from media.routing.bandwidth import Bandwidth
from media.routing.viewing import Viewing

TICK = 0.05
LAYERS = (75e3, 150e3, 300e3, 500e3, 1000e3, 1700e3)
"""180p at half and full frame rate, then 360p, then 720p."""


class Rung(NamedTuple):
    rate: float


@dataclass
class Video:
    """What Viewing sees of a subscription: it sends the rate of its rung."""

    rates: tuple[float, ...] = LAYERS
    is_video: bool = True
    octets: int = 0
    padded: int = 0
    rung: int = field(init=False)
    history: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rung = len(self.rates) - 1
        self.publication = SimpleNamespace(rungs=tuple(Rung(rate) for rate in self.rates))

    def rung_among(self, rungs: Any) -> int:
        return self.rung

    def steer(self, rung: Rung | None) -> None:
        self.rung = PAUSED if rung is None else self.rates.index(rung.rate)

    def pad(self, size: int, now: float) -> int:
        sent = (size + 254) // 255 * 255
        self.padded += sent
        return sent


@dataclass
class Sound:
    rate: float = 40e3
    is_video: bool = False
    octets: int = 0
    padded: int = 0


def report(fraction_lost: int, highest: int) -> Any:
    return SimpleNamespace(ssrc=1, fraction_lost=fraction_lost, highest=highest)


class Link:
    """`capacity` in bit/s, half a second of queue, `random_loss` on top."""

    def __init__(self, capacity: float, random_loss: float = 0.0, *, remb: bool = True) -> None:
        self.capacity = capacity
        self.random_loss = random_loss
        self.remb = remb
        self._queue = 0.0
        self._estimate: float | None = None
        self._told: float | None = None
        self._told_at = self._reported_at = self._overused_at = float("-inf")
        self._sent = self._lost = self._packets = 0.0
        self._incoming = 0.0
        """bit/s of video."""

    @property
    def delay(self) -> float:
        return self._queue / self.capacity

    def carry(self, sound: float, video: float, now: float, viewing: Viewing) -> None:
        bits = sound + video
        before = self._queue
        arriving = bits * (1 - self.random_loss)
        self._queue += arriving
        passed = min(self._queue, self.capacity * TICK)
        self._queue -= passed
        full = self.capacity * 0.5
        dropped = max(0.0, self._queue - full)
        self._queue -= dropped
        self._sent += bits
        self._lost += dropped + bits - arriving
        if video:
            self._packets += 1 + video / 8 / 1100  # a frame has one at least
        self._incoming += (passed * (video / bits) / TICK - self._incoming) * 0.15
        if self.remb:
            self._estimate_as_browsers_do(before, now, viewing)
        if now - self._reported_at >= 1.0 and self._sent:
            self._reported_at = now
            fraction = min(255, int(self._lost / self._sent * 256))
            viewing.on_report(report(fraction, int(self._packets)), int(self._packets), now)
            self._sent = self._lost = 0.0

    def _estimate_as_browsers_do(self, before: float, now: float, viewing: Viewing) -> None:
        overused = self.delay > 0.05 and self._queue >= before
        if overused and now - self._overused_at > 0.3:
            self._overused_at = now
            self._estimate = 0.85 * self._incoming
        elif self._estimate is None:
            self._estimate = self._incoming if now > 5 else None
        elif not overused and self.delay < 0.02:
            grown = self._estimate * (1 + 0.08 * TICK)
            self._estimate = max(self._estimate, min(grown, 1.5 * self._incoming + 10e3))
        if self._estimate is None:
            return
        fell = self._told is not None and self._estimate < self._told * 0.97
        if fell or now - self._told_at >= 1.0:
            self._told, self._told_at = self._estimate, now
            viewing.on_remb(int(self._estimate), now)


class Scene:
    def __init__(self, link: Link, *videos: Video) -> None:
        self.link = link
        self.sound = Sound()
        self.videos = videos
        streams = dict(enumerate((self.sound, *videos)))
        self.viewing = Viewing(streams)  # type: ignore[arg-type]  # ducks
        self.now = 0.0
        self.worst_delay = 0.0

    def run(self, seconds: float) -> Scene:
        end = self.now + seconds
        self.worst_delay = 0.0
        while self.now < end:
            self.now += TICK
            bits = 0.0
            self.sound.octets += int(self.sound.rate * TICK / 8)
            for video in self.videos:
                if video.rung != PAUSED:
                    video.octets += int(video.rates[video.rung] * TICK / 8)
                    bits += video.rates[video.rung] * TICK
            padded = sum(video.padded for video in self.videos)
            self.viewing.tick(self.now)
            bits += 8 * (sum(video.padded for video in self.videos) - padded)
            self.link.carry(self.sound.rate * TICK, bits, self.now, self.viewing)
            self.worst_delay = max(self.worst_delay, self.link.delay)
            for video in self.videos:
                if not video.history or video.history[-1][1] != video.rung:
                    video.history.append((self.now, video.rung))
        return self


TOP = len(LAYERS) - 1


def test_a_wide_link_is_never_limited() -> None:
    video = Video()
    Scene(Link(10e6), video).run(60)
    assert [rung for _, rung in video.history] == [TOP]
    assert video.padded == 0


def test_a_viewer_whose_link_is_cut_goes_down_and_comes_back() -> None:
    video = Video()
    scene = Scene(Link(10e6), video).run(20)
    scene.link.capacity = 400e3
    scene.run(4)
    assert 0 <= video.rung <= 2
    cut = len(video.history)
    scene.run(30)
    assert len(video.history) - cut <= 4, "no swinging at the narrow link"
    assert video.rates[video.rung] <= 400e3
    scene.link.capacity = 10e6
    scene.run(15)
    assert video.rung == TOP


def test_probes_hardly_delay_a_narrow_link() -> None:
    video = Video()
    scene = Scene(Link(400e3), video).run(10)
    scene.run(60)
    assert video.padded > 0
    assert scene.worst_delay < 0.3


def test_loss_at_random_is_no_congestion() -> None:
    video = Video()
    Scene(Link(10e6, random_loss=0.05), video).run(60)
    assert [rung for _, rung in video.history] == [TOP]


@pytest.mark.parametrize("seed", range(5))
def test_few_packets_say_little_of_a_link(seed: int) -> None:
    """Twenty a second, of which 5 % are lost by chance, for a quarter of an hour: three of twenty
    are 15 %."""
    chance, bandwidth, highest = random.Random(seed), Bandwidth(), 0
    viewing = Viewing({})
    viewing.bandwidth = bandwidth
    for second in range(900):
        bandwidth.on_sent(60e3, 0.0, 40e3, float(second))
        lost = sum(chance.random() < 0.05 for _ in range(20))
        highest += 20
        viewing.on_report(report(lost * 256 // 20, highest), highest, float(second))
    assert bandwidth.estimate is None


@pytest.mark.parametrize("on_its_way", [0, 3])
def test_what_the_publisher_lost_is_not_the_link_of_a_viewer(on_its_way: int) -> None:
    """Somebody who is live goes from Wi-Fi to mobile: 200 numbers are never used."""
    viewing, highest, sent = Viewing({}), 1000, 1000
    bandwidth = viewing.bandwidth
    for second, (numbers, packets, fraction) in enumerate(
        [(100, 100, 0), (220, 20, 200 * 256 // 220), (100, 100, 0), (0, 0, 0), (100, 100, 0)]
    ):
        highest, sent = highest + numbers, sent + packets
        bandwidth.on_sent(150e3, 0.0, 40e3, float(second))
        viewing.on_report(report(fraction, highest), sent + on_its_way, float(second))
    assert bandwidth.estimate is None
    for second in range(5, 8):  # and what the link loses is seen all the same
        highest, sent = highest + 100, sent + 100
        bandwidth.on_sent(150e3, 0.0, 40e3, float(second))
        viewing.on_report(report(128, highest), sent + on_its_way, float(second))
    assert bandwidth.estimate is not None


def test_heavy_loss_of_few_packets_is_noticed_within_seconds() -> None:
    bandwidth = Bandwidth()
    for second in range(10):
        bandwidth.on_sent(60e3, 0.0, 40e3, float(second))
        bandwidth.on_loss(0.25, 20, float(second))
    assert bandwidth.estimate is not None
    assert bandwidth.lossy


def test_without_remb_loss_alone_leads() -> None:
    video = Video()
    scene = Scene(Link(10e6, remb=False), video).run(5)
    scene.link.capacity = 400e3
    scene.run(8)
    assert video.rates[max(video.rung, 0)] <= 500e3
    scene.link.capacity = 10e6
    scene.run(30)
    assert video.rung == TOP


def test_the_picture_stops_before_the_sound_suffers_and_resumes() -> None:
    video = Video()
    scene = Scene(Link(10e6), video).run(10)
    scene.link.capacity = 60e3
    scene.run(15)
    assert video.rung == PAUSED
    scene.link.capacity = 10e6
    scene.run(40)
    assert video.rung == TOP


def test_a_hiccup_of_the_receiver_stops_no_picture() -> None:
    """One layer only, and a complaint that does not come from the link."""
    video = Video(rates=(360e3,))
    scene = Scene(Link(10e6), video).run(20)
    for _ in range(3):
        scene.link._overused_at = scene.now
        scene.link._estimate = 0.85 * scene.link._incoming
        scene.run(15)
        estimate = scene.viewing.bandwidth.estimate
        assert estimate is not None, "it was heard"
    assert [rung for _, rung in video.history] == [0]


def test_sound_that_is_louder_than_what_the_picture_may_take_is_no_complaint() -> None:
    """The receiver's last word stands while the picture is stopped: less than the sound alone."""
    video = Video(rates=(50e3, 100e3))
    scene = Scene(Link(10e6), video).run(20)
    for _ in range(int(5 / TICK)):
        scene.link._estimate, scene.link._incoming = 0.85 * 30e3, 0.0
        scene.run(TICK)
    assert video.rung == PAUSED
    scene.run(20)
    assert video.rung == 1


def test_a_picture_of_next_to_nothing_is_not_stopped_for_a_delay() -> None:
    video = Video(rates=(14e3, 28e3))
    scene = Scene(Link(10e6), video).run(20)
    for _ in range(int(10 / TICK)):
        scene.link._estimate = 0.85 * 12e3
        scene.run(TICK)
    assert (scene.viewing.bandwidth.remb or 0) < 12e3, "it was heard"
    assert [rung for _, rung in video.history] == [1]


def test_a_picture_of_next_to_nothing_is_stopped_for_loss() -> None:
    video = Video(rates=(14e3, 28e3))
    scene = Scene(Link(10e6), video).run(10)
    scene.link.capacity = 40e3
    scene.run(10)
    assert video.rung == PAUSED
    stopped = len(video.history)
    scene.run(30)
    assert len(video.history) - stopped <= 4


def test_who_moves_gets_the_best_picture_at_once() -> None:
    """Neither the narrow way before nor what was lost on the move counts against the new one."""
    video = Video()
    scene = Scene(Link(10e6), video).run(10)
    scene.link.capacity = 300e3
    scene.run(10)
    assert video.rung < TOP
    scene.link.capacity = 10e6
    scene.link._sent = scene.link._lost = 4e6
    scene.viewing.on_moved(scene.now)
    moved = len(video.history)
    scene.run(10)
    assert [rung for _, rung in video.history[moved:]] == [TOP]


def test_the_silence_before_a_move_is_not_held_against_the_way_after() -> None:
    video = Video()
    scene = Scene(Link(10e6), video).run(10)
    viewing, now = scene.viewing, scene.now
    for step in range(int(4.5 / TICK)):
        viewing.tick(now + step * TICK)
    assert viewing.bandwidth.estimate is not None, "nothing was heard"
    viewing.on_moved(now + 4.5)
    for step in range(int(1.5 / TICK)):  # until the first report
        viewing.tick(now + 4.5 + step * TICK)
    assert viewing.bandwidth.estimate is None


def test_two_videos_share_and_the_first_goes_first() -> None:
    host, guest = Video(), Video()
    scene = Scene(Link(10e6), host, guest).run(10)
    scene.link.capacity = 1.2e6
    scene.run(30)
    assert host.rates[host.rung] + guest.rates[guest.rung] <= 1.2e6
    assert host.rung >= guest.rung >= 0


def test_silence_lowers_the_estimate() -> None:
    video = Video()
    scene = Scene(Link(10e6), video).run(20)
    viewing = scene.viewing
    for step in range(int(20 / TICK)):
        video.octets += int(1.7e6 * TICK / 8)
        viewing.tick(scene.now + step * TICK)
    assert viewing.bandwidth.estimate is not None
    assert viewing.bandwidth.estimate < 0.4e6


@settings(max_examples=30, deadline=None)
@given(st.floats(150e3, 3e6), st.floats(0, 0.04))
@example(1_288_192.0, 0.0)  # carries the layer it has, but not a probe for the next
def test_any_link_is_filled_without_swinging(capacity: float, loss: float) -> None:
    """After it has settled: never above the link for long, few changes, not far below it."""
    video = Video()
    scene = Scene(Link(capacity, loss), video).run(40)
    changes = len(video.history)
    scene.run(60)
    assert len(video.history) - changes <= 12
    affordable = [rate for rate in LAYERS if rate * 1.5 + 40e3 <= capacity]
    reached = max((video.rates[rung] for _, rung in video.history[1:] if rung >= 0), default=0)
    assert video.history == [(TICK, TOP)] or reached >= max(affordable, default=0)


@pytest.mark.parametrize("bitrate", [0, 1, 2**63])
def test_absurd_estimates_do_no_harm(bitrate: int) -> None:
    video = Video()
    scene = Scene(Link(10e6, remb=False), video).run(2)
    scene.viewing.on_remb(bitrate, scene.now)
    scene.run(2)
    assert PAUSED <= video.rung <= TOP
