"""What scripts/bench sends and counts: packets our own parsers read, losses told from numbers."""

from __future__ import annotations

import itertools
import socket
import time

import numpy as np
import pytest

from benches.rtc import sdp
from benches.rtc.batch import Batch
from benches.rtc.packets import SoundPackets, VideoPackets, even_frames, natural_frames, stamp_of
from benches.rtc.tally import Tally
from media.packets.rtp import RtpPacket
from media.packets.vp8 import Vp8Descriptor
from media.routing.pictures import reader_of
from media.signalling.offer import read_offer

LOCAL = sdp.Local("abcd", "p" * 24, "AB:CD", "127.0.0.1", 5000)
NOW = 1_700_000_000_123_456_789


def written(packets, count=1):
    """The last of so many packets, parsed, and its bytes."""
    buffer = bytearray(2048)
    for _ in range(count):
        length = packets.write(buffer, NOW)
    packet = RtpPacket()
    packet.parse(buffer, length)
    return packet, bytes(buffer[:length])


def described(packet):
    descriptor = Vp8Descriptor()
    descriptor.parse(packet.buffer, packet.payload_offset, packet.payload_length)
    return descriptor


def video():
    return VideoPackets(7, even_frames(3, 1200), frames_per_second=30)


def test_a_video_begins_with_a_keyframe_and_a_frame_ends_with_a_marker():
    packet, raw = written(video())
    frame = described(packet)
    assert (len(raw), packet.payload_type, packet.sequence) == (1200, sdp.VIDEO, 0)
    assert (frame.keyframe, frame.picture_id, packet.marker) == (True, 0, False)
    assert stamp_of(raw) == NOW
    last, _ = written(video(), 3)
    assert (last.marker, described(last).frame_start) == (True, False)


def test_later_frames_are_no_keyframes_until_one_is_wanted():
    packets = video()
    second, _ = written(packets, 4)
    assert second.timestamp == 3000
    assert (described(second).keyframe, described(second).picture_id) == (False, 1)
    packets.keyframe_wanted = True
    third, _ = written(packets, 3)
    assert (described(third).keyframe, packets.keyframe_wanted) == (True, False)


def test_numbers_wrap():
    packets = video()
    packets._sent = 65_536  # as after a minute
    packet, _ = written(packets)
    assert packet.sequence == 0


def test_natural_frames_vary_and_their_packets_differ_by_a_byte():
    frames = list(itertools.islice(natural_frames(10_000), 2000))
    assert frames == list(itertools.islice(natural_frames(10_000), 2000))
    assert 9_500 < sum(map(sum, frames)) / len(frames) < 10_500
    assert len({len(frame) for frame in frames}) > 10
    for frame in frames:
        assert frame == sorted(frame)
        assert frame[-1] - frame[0] <= 1
        assert 100 <= frame[0] <= frame[-1] <= 1180


def test_a_frame_is_whole_when_nothing_of_it_is_left():
    packets = VideoPackets(7, iter([[200, 201], [300], [400]]), frames_per_second=30)
    assert packets.left == 2
    packet, raw = written(packets, 2)
    assert (packet.marker, len(raw), packets.left) == (True, 201, 1)
    packet, raw = written(packets)
    assert (packet.marker, len(raw), described(packet).frame_start) == (True, 300, True)


def test_layers_tell_their_names_and_share_the_numbers_of_the_transport():
    numbers = itertools.count(65_535)
    for rid, height, number in (("h", 720, 65_535), ("l", 180, 0)):
        layer = VideoPackets(
            7, even_frames(1, 500), frames_per_second=30, height=height, rid=rid, numbers=numbers
        )
        packet, raw = written(layer)
        at, length = packet.extension(sdp.RID)
        assert raw[at : at + length] == rid.encode()
        at, length = packet.extension(sdp.TRANSPORT)
        assert int.from_bytes(raw[at : at + length], "big") == number
        reader = reader_of("VP8")
        reader.read(packet)
        assert (reader.keyframe, reader.height) == (True, height)


def test_sound_says_how_loud_it_is():
    packet, raw = written(SoundPackets(7, size=100), 2)
    assert (len(raw), packet.ssrc, packet.timestamp, packet.sequence) == (100, 7, 960, 1)
    at, length = packet.extension(sdp.LEVEL)
    assert raw[at : at + length] == bytes([20])


def test_padding_has_no_stamp():
    assert stamp_of(bytes(12)) is None
    assert stamp_of(bytes(200)) is None


@pytest.mark.parametrize("first", [0, 1, 127, 32767, 32768, 65534, 65535])
def test_losses_are_gaps_also_across_a_wrap(first):
    tally = Tally()
    for start in (first, first + 10):
        numbers = np.array([(start + n) & 0xFFFF for n in range(10) if n != 5])
        tally.add(np.zeros(9, np.int64), np.full(9, 77), numbers)
    count = tally.count()
    assert (count.received, count.expected) == (18, 20)
    assert count.loss == pytest.approx(0.1)
    assert tally.highest(0) == {77: first + 19}


def test_a_late_packet_is_no_loss():
    tally = Tally()
    tally.add(np.zeros(3, np.int64), np.full(3, 1), np.array([10, 12, 11]))
    assert tally.count().loss == 0


def test_streams_are_told_apart_by_receiver_and_ssrc():
    tally = Tally()
    before = tally.count()
    owners = np.repeat(np.arange(100), 2)
    tally.add(owners, np.tile(np.array([5, 0xFFFFFFFF]), 100), np.arange(200) * 300)
    count = tally.count().since(before)
    assert (count.received, count.expected, count.loss) == (200, 200, 0)
    assert tally.highest(99) == {5: 198 * 300, 0xFFFFFFFF: 199 * 300}


def test_a_batch_takes_from_many_sockets_with_the_time_of_arrival():
    batch = Batch(slots=8)
    receivers = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    try:
        begun = time.time_ns()
        for owner, receiver in enumerate(receivers):
            receiver.bind(("127.0.0.1", 0))
            Batch.prepare(receiver)
            for text in (b"one", b"three"):
                receiver.sendto(text, receiver.getsockname())
            batch.clear() if not owner else None
            assert batch.receive(receiver.fileno(), owner) == 2
            assert batch.receive(receiver.fileno(), owner) == 0
        assert [batch.datagram(row) for row in range(4)] == [b"one", b"three"] * 2
        assert batch.owners[: batch.count].tolist() == [0, 0, 1, 1]
        assert all(begun - 1e6 < batch.arrived(row) < time.time_ns() + 1e6 for row in range(4))
    finally:
        for receiver in receivers:
            receiver.close()


def test_the_server_understands_the_offers():
    [media] = read_offer(sdp.offer(LOCAL, "video", ssrc=7)).media
    assert (media.sends, media.codecs[0].name, media.ssrcs) == (True, "VP8", (7,))
    [layers] = read_offer(sdp.offer(LOCAL, "video", ssrc=7, rids=("h", "l"))).media
    assert (layers.rids, layers.ssrcs) == (("h", "l"), ())
    voice = read_offer(sdp.offer(LOCAL, "audio", ssrc=7, receives=2))
    assert voice.setup == "active"
    assert [(m.sends, m.receives) for m in voice.media] == [(True, False), *[(False, True)] * 2]
    remote = sdp.read(sdp.offer(LOCAL, "video", receives=1))
    assert (remote.host, remote.port, remote.fingerprint) == ("127.0.0.1", 5000, "AB:CD")


def test_an_answer_takes_all_that_is_offered():
    offer = sdp.offer(LOCAL, "video", receives=2).replace("96", "100").replace("97", "101")
    answer = sdp.answer(LOCAL, offer.replace("a=mid:0", "a=mid:v"))
    assert answer.count("m=video 9 UDP/TLS/RTP/SAVPF 100 101") == 2
    assert "a=group:BUNDLE v 1" in answer
    assert answer.count("a=recvonly") == 2


def test_a_description_without_a_candidate_is_refused():
    with pytest.raises(ValueError, match="candidate"):
        sdp.read("v=0")
