"""By the batch or one by one: every receiver gets the same bytes, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.codecs import Codec
from media.packets.red import Block
from media.packets.rtp import HeaderTemplate, RtpPacket, Ssrc
from media.routing.batches import Batches
from media.routing.output import Route
from media.routing.packet import SLACK
from media.routing.publication import Publication
from media.routing.repairs import RepairStream
from media.routing.subscription import Subscription
from tests.media.hall import Hall, Way

VP8 = Codec("video", "VP8", 96, 90000, feedback=("nack", "nack pli"))
OPUS = Codec("audio", "opus", 111, 48000, 2)
LAYERS = ("l", "h")
DOORS = 12


class Door(Way):
    """One receiver: takes packets by the batch where there is a hall, else one by one."""

    def __init__(self, hall: Hall | None) -> None:
        super().__init__(hall)
        self.reports = 0

    def route(self) -> Route | None:
        return self if self.egress is not None else None

    def send_rtp(self, buffer: bytearray, length: int) -> bool:
        self.inbox.append(bytes(buffer[:length]))
        return True

    def send_rtcp(self, data: bytes) -> bool:
        self.reports += 1
        return True


class World:
    """A publication and some receivers of different shapes."""

    def __init__(self, codec: Codec, doors: Sequence[Door], batches: Batches | None) -> None:
        self.publication = Publication(codec, 0, batches, redundant=codec is OPUS)
        self.batches = batches
        self.doors = doors
        self.subscriptions = [self._subscription(n, codec) for n in range(len(doors))]
        self.sent = 0

    def _subscription(self, number: int, codec: Codec) -> Subscription:
        door, scratch = self.doors[number], bytearray(2048)
        shape = number // 4  # four receivers of each, and two lengths of headers
        template = HeaderTemplate(send_time_id=2 if shape % 2 else None, fixed=[(4, b"%d" % shape)])
        repairs = (
            RepairStream(9000 + number, 97, 50, template, door, scratch) if number % 2 else None
        )
        return Subscription(
            Ssrc(2000 + number),
            codec if number % 3 else codec.with_feedback(("nack",)),
            template,
            door,
            scratch,
            cname="test",
            first_sequence=65_500 + number,
            first_timestamp=number * 1000,
            repairs=repairs,
            redundant=63 if codec is OPUS and number % 3 == 1 else 0,
        )

    def flush(self) -> None:
        if self.batches is not None:
            self.batches.flush()

    def receive(self, packet: RtpPacket, rid: str, now: float) -> None:
        encoding = self.publication.encoding(rid, Ssrc(packet.ssrc))
        assert encoding is not None
        older: Sequence[Block] = ()
        if self.publication.codec is OPUS and packet.sequence % 4:
            at = packet.payload_offset
            older = Block(111, 150, at, 2), Block(111, 50, at + 2, 3)
        self.publication.receive(encoding, packet, now, -1, older=older)

    def figures(self) -> list[tuple[int, int]]:
        return [(each.packets, each.octets) for each in self.subscriptions]


def bare(raw: bytes) -> bytes:
    """Without the padding that makes packets of one frame equally long."""
    if not raw[0] & 0x20 or raw[-1] > SLACK:
        return raw
    return bytes([raw[0] & ~0x20]) + raw[1 : -raw[-1]]


# What may happen: (what, which, how).
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["packet"] * 12
            + ["late", "keyframe", "flush", "join", "leave", "nack", "limit", "mute", "pad", "move"]
        ),
        st.integers(0, DOORS - 1),
        st.integers(0, 3),
    ),
    max_size=80,
)


class Story:
    """The same events in a world with batches and in one without."""

    def __init__(
        self, rtp: Callable[..., RtpPacket], vp8: Callable[..., bytes], codec: Codec, slots: int
    ) -> None:
        self.rtp, self.vp8, self.codec = rtp, vp8, codec
        hall = Hall(slots)
        # The last one cannot be reached by the batch.
        halls = [*[hall] * (DOORS - 1), None]
        self.worlds = [
            World(codec, [Door(each) for each in halls], Batches()),
            World(codec, [Door(None) for _ in halls], None),
        ]
        self.now = 0.0
        self.sequences = {"": 65_530, "l": 65_530, "h": 32_760}
        self.arrived: set[tuple[str, int]] = set()

    @property
    def rids(self) -> Sequence[str]:
        return LAYERS if self.codec.kind == "video" else ("",)

    def tell(self, what: str, which: int, how: int) -> None:
        self.now += 0.001 * how
        rid = self.rids[which % len(self.rids)]
        match what:
            case "packet" | "keyframe":
                self.sequences[rid] += 1 + how // 2
                self._arrives(rid, self.sequences[rid], what == "keyframe", how)
            case "late":
                self._arrives(rid, self.sequences[rid] - how, False, how)
            case "flush":
                self.worlds[0].flush()
            case _:
                if what == "nack":
                    # Answered at once, from what was sent: not in the order of what comes.
                    self.worlds[0].flush()
                for world in self.worlds:
                    self._happens(world, what, which, how)

    def _arrives(self, rid: str, sequence: int, keyframe: bool, how: int) -> None:
        if (rid, sequence) in self.arrived:
            return  # SRTP lets none in twice
        self.arrived.add((rid, sequence))
        body = bytes([sequence & 0xFF]) * (5 + how)
        if self.codec.kind == "video":
            picture = {"picture": sequence & 0x7FFF, "tl0": sequence & 0xFF}
            body = self.vp8(body, keyframe=keyframe, **picture)
        header: dict[str, Any] = {
            "ssrc": 0x1000 + self.rids.index(rid),
            "sequence": sequence,
            "timestamp": sequence * 100,
            "marker": how == 1,
        }
        for world in self.worlds:
            world.receive(self.rtp(body, **header), rid, self.now)

    def _happens(self, world: World, what: str, which: int, how: int) -> None:
        subscription = world.subscriptions[which]
        match what:
            case "join":
                world.publication.subscribe(subscription, self.now)
            case "leave":
                subscription.leave()
            case "nack":
                last = subscription.packets + 65_500 + which
                subscription.resend(((last - how) & 0xFFFF,), self.now)
            case "limit":
                subscription.limit = (None, 90, 180, 360)[how]
                world.publication.tick(self.now)
            case "mute":
                world.publication.mute(how > 1)
            case "pad" if subscription.is_video:
                subscription.pad(300, self.now)
            case "move":
                subscription.rerouted()

    def check(self) -> None:
        batched, plain = self.worlds
        batched.flush()
        for one, other in zip(batched.doors, plain.doors, strict=True):
            assert [bare(raw) for raw in one.inbox] == [bare(raw) for raw in other.inbox]
            told: dict[bytes, bytes] = {}
            for raw in one.inbox:
                # One number, one packet: a nonce must never protect two (RFC 7714, 8.4).
                assert told.setdefault(raw[2:4] + raw[8:12], raw) == raw
            assert one.reports == other.reports
        assert batched.figures() == plain.figures()


@settings(deadline=None)  # a busy machine is not a slow one
@given(events=EVENTS, slots=st.sampled_from([1, 2, 7, 16, 24, 64]))
def test_video_is_the_same_for_everyone(
    rtp: Callable[..., RtpPacket], vp8: Callable[..., bytes], events: Any, slots: int
) -> None:
    story = Story(rtp, vp8, VP8, max(slots, 1))
    for which in range(DOORS - 2):
        story.tell("join", which, 0)
    for rid in range(2):
        story.tell("keyframe", rid, 1)
    for event in events:
        # One wake-up brings no more than fits into the slots.
        if slots < 64:
            story.tell("flush", 0, 0)
        story.tell(*event)
    story.check()


@settings(deadline=None)  # a busy machine is not a slow one
@given(events=EVENTS)
def test_sound_is_the_same_for_everyone(
    rtp: Callable[..., RtpPacket], vp8: Callable[..., bytes], events: Any
) -> None:
    story = Story(rtp, vp8, OPUS, 64)
    for which in range(DOORS - 2):
        story.tell("join", which, 0)
    for event in events:
        story.tell(*event)
    story.check()


def test_who_hears_plain_sound_is_served_by_the_batch_beside_who_wants_copies(
    rtp: Callable[..., RtpPacket], vp8: Callable[..., bytes]
) -> None:
    story = Story(rtp, vp8, OPUS, 64)
    for which in range(DOORS):
        story.tell("join", which, 0)
    for _ in range(5):
        story.tell("packet", 0, 1)
        story.tell("flush", 0, 0)
    in_batch = [each.in_batch for each in story.worlds[0].subscriptions]
    assert in_batch == [True, False, True] * 3 + [True, False, False]
    kinds = [{raw[1] & 127 for raw in door.inbox} for door in story.worlds[0].doors]
    assert kinds == [{111}, {111, 63}, {111}] * 4
    story.check()


@pytest.fixture
def story(rtp: Callable[..., RtpPacket], vp8: Callable[..., bytes]) -> Story:
    made = Story(rtp, vp8, VP8, 64)
    for which in range(DOORS):
        made.tell("join", which, 0)
    made.tell("keyframe", 0, 1)
    made.tell("flush", 0, 0)
    return made


def test_most_receivers_are_served_by_the_batch(story: Story) -> None:
    world = story.worlds[0]
    by_batch = [each for each in world.subscriptions if each.in_batch]
    assert by_batch == world.subscriptions[:-1]


def test_who_gets_less_than_everything_is_served_alone(story: Story) -> None:
    viewer = story.worlds[0].subscriptions[0]
    assert viewer.in_batch
    for world in story.worlds:
        each = world.subscriptions[0]
        each.aim.temporal.target = 0
        each.rerouted()
    story.tell("packet", 0, 1)
    story.tell("flush", 0, 0)
    assert not viewer.in_batch
    story.check()


@pytest.mark.parametrize(("top", "by_batch"), [(1, True), (2, False)])
def test_who_climbed_to_the_top_layer_is_back_in_the_batch(
    story: Story, top: int, by_batch: bool
) -> None:
    viewer = story.worlds[0].subscriptions[0]
    assert viewer.encoding is not None
    viewer.encoding.rates.top = top
    viewer.aim.temporal.current = 1
    viewer.rerouted()
    for _ in range(2):
        story.tell("packet", 0, 1)
        story.tell("flush", 0, 0)
    assert viewer.in_batch is by_batch
    story.check()


def test_nobody_gets_what_was_there_before_they_came(story: Story) -> None:
    late = story.worlds[0].subscriptions[2]
    late.leave()
    for n in range(3):
        story.tell("packet", n * 2, 1)  # still in the batch
    before = len(late_inbox := story.worlds[0].doors[2].inbox)
    story.worlds[0].publication.subscribe(late, story.now)
    story.worlds[0].flush()
    assert len(late_inbox) == before


def test_what_is_too_long_is_left_out_and_counted(
    rtp: Callable[..., RtpPacket], vp8: Callable[..., bytes], story: Story
) -> None:
    world = story.worlds[0]
    hall: Hall = world.doors[0].egress
    inbox = world.doors[0].inbox
    before = len(inbox)
    for sequence, size in ((65_540, 10), (65_541, 190), (65_542, 10)):
        packet = rtp(vp8(bytes(size)), ssrc=0x1000, sequence=sequence)
        world.receive(packet, "l", 1.0)
    world.flush()
    assert len(inbox) == before + 2
    assert hall.refused == DOORS - 1


def test_one_mistake_leaves_the_other_streams_alone(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = story.worlds[0]
    assert world.batches is not None

    class Broken:
        rid = ssrc = "broken"

        def flush(self) -> None:
            raise RuntimeError

    broken: Any = Broken()
    world.batches.add(broken)
    before = len(world.doors[0].inbox)
    story.tell("packet", 0, 1)
    world.flush()
    assert len(world.doors[0].inbox) == before + 1


def test_a_padded_packet_is_repeated_byte_for_byte(
    rtp: Callable[..., RtpPacket], vp8: Callable[..., bytes], story: Story
) -> None:
    world = story.worlds[0]
    inbox = world.doors[0].inbox
    for sequence, size in ((65_540, 100), (65_541, 101)):
        packet = rtp(vp8(bytes(size)), ssrc=0x1000, sequence=sequence, timestamp=9)
        world.receive(packet, "l", 1.0)
    world.flush()
    first, second = inbox[-2:]
    assert (first[0] & 0x20, first[-1], len(first)) == (0x20, 1, len(second))
    viewer = world.subscriptions[0]
    viewer.resend((int.from_bytes(first[2:4], "big"),), 1.0)
    assert inbox[-1] == first
