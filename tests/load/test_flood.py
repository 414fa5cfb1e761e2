"""A publisher sends ten times what it promised, by the real clock; the next room talks on."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.routing.policing import BURST, MEDIA, PACKET
from media.sfu import Sfu, SfuConfig
from tests.clients.sfu_client import CAMERA, MID, VP8, Client
from tests.clients.waiting import eventually
from tests.media.conftest import build_rtp, build_vp8, read

pytestmark = pytest.mark.load

FLOODER = Path(__file__).with_name("flooder.py")
PROMISED = 2.35e6
"""bit/s: what our own client sends at most."""
FLOOD, SECONDS, SIZE = 10 * PROMISED, 4.0, 1_150
FRAME = 0.02


@pytest.fixture
async def sfu() -> AsyncIterator[Sfu]:
    made = Sfu(SfuConfig(host="127.0.0.1"), lambda event: None)
    await made.start()
    yield made
    await made.close()


class Talk:
    """Two who speak by turns of a packet, fifty times a second, until they are told to stop."""

    def __init__(self, one: Client, other: Client) -> None:
        self.clients = one, other
        self.said = 0
        self._over = False

    async def run(self) -> None:
        begun = time.monotonic()
        while not self._over:
            for client in self.clients:
                client.speak(self.said, b"word %d" % self.said)
            self.said += 1
            await asyncio.sleep(max(0.0, begun + self.said * FRAME - time.monotonic()))

    def stop(self) -> None:
        self._over = True

    async def all_heard(self) -> bool:
        words = {b"word %d" % number for number in range(self.said)}
        return all({packet.payload for packet in each.rtp} >= words for each in self.clients)


async def all_connected(sfu: Sfu) -> bool:
    rooms = sfu.stats()["rooms"].values()
    return all(peer["connected"] for room in rooms for peer in room["peers"].values())


@pytest.mark.timeout(120)
async def test_ten_times_the_promise_costs_no_other_room_a_word(sfu: Sfu) -> None:
    wild, fan, *calm = [Client(sfu, read, build_rtp) for _ in range(4)]
    await wild.join("live/1", "eve", "publish")
    await fan.join("live/1", "fan", "watch")
    for name, each in zip(("ann", "bo"), calm, strict=True):
        await each.join("map/1", name, "talk")
    await eventually(lambda: all_connected(sfu), "everybody is connected")

    payload = build_vp8(bytes(SIZE), keyframe=True)
    flood = [
        wild._dtls._tx_srtp.protect(
            bytes(
                build_rtp(
                    payload, ssrc=CAMERA, payload_type=VP8, sequence=number,
                    timestamp=number * 300, marker=True, extensions={MID: b"1"},
                )
            )
        )
        for number in range(int(FLOOD * SECONDS / 8 / (SIZE + 40)))
    ]  # fmt: skip
    descriptor = wild._socket.fileno()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(FLOODER), str(descriptor), str(sfu.port), str(FLOOD)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        pass_fds=(descriptor,),
    )
    talk = Talk(*calm)
    talking = asyncio.create_task(talk.run())
    cpu, begun = time.process_time(), time.monotonic()
    ready = b"".join(len(packet).to_bytes(2, "big") + packet for packet in flood)
    said, _ = await process.communicate(ready)
    cpu, took = time.process_time() - cpu, time.monotonic() - begun
    talk.stop()
    await talking
    sent, bits, seconds = (float(each) for each in said.split())
    print(
        f"figure: {bits / seconds / 1e6:.1f} Mbit/s for {seconds:.1f} s took "
        f"{cpu / took:.0%} of a processor, of which two talk and three receive"
    )
    assert bits / seconds > 4 * PROMISED, "it was a flood"
    await eventually(talk.all_heard, "every word of the other room")
    stats = sfu.stats()
    eve = stats["rooms"]["live/1"]["peers"]["eve"]
    passed = MEDIA["video"] / 8 * (BURST + took) / (SIZE + PACKET)
    assert eve["dropped"]["over_rate"] > 0
    assert eve["publishes"][1]["layers"][0]["packets"] <= passed
    assert len(fan.rtp) <= passed
    assert not any(peer["dropped"] for peer in stats["rooms"]["map/1"]["peers"].values())
    print(f"figure: {sent - eve['dropped']['over_rate']:.0f} of {sent:.0f} packets went on")
    for each in (wild, fan, *calm):
        await each.close()
