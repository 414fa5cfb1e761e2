"""An SFU in a process of its own, where nobody but its first peers can have imported aiortc."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from benches.rtc.peer import Peer
from benches.rtc.sdp import SSRC, offer, read
from media.transport.certificate import Certificate

PROGRAM = """
import asyncio, json, sys
from media.sfu import Sfu, SfuConfig

def tell(what):
    print(json.dumps(what), flush=True)

def heavy():
    return sorted({"aiortc", "av", "cryptography"} & set(sys.modules))

async def main():
    sfu = Sfu(SfuConfig("127.0.0.1"), lambda event: None)
    await sfu.start()
    tell(heavy())
    await asyncio.gather(sfu.prepare(), sfu.prepare())
    offers = json.loads(await asyncio.to_thread(sys.stdin.readline))
    tell([sfu.answer("map/1", str(n), "talk", offer).sdp for n, offer in enumerate(offers)])
    await asyncio.to_thread(sys.stdin.readline)
    tell(heavy())
    await sfu.close()

asyncio.run(main())
"""
PATIENCE = 30.0
"""Seconds; only a failing test waits that long."""


async def test_aiortc_comes_with_the_first_two_and_both_connect() -> None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    stdin, stdout = child.stdin, child.stdout

    async def hear() -> Any:
        return json.loads(await asyncio.wait_for(stdout.readline(), PATIENCE))

    certificate = Certificate(0.0)
    peers = [Peer("127.0.0.1", certificate, "gcm") for _ in range(2)]
    try:
        assert await hear() == [], "before anybody came"
        offers = [offer(each.local, "audio", ssrc=SSRC + n) for n, each in enumerate(peers)]
        stdin.write(json.dumps(offers).encode() + b"\n")
        answers = await hear()
        both = zip(peers, answers, strict=True)
        await asyncio.gather(*(peer.connect(read(answer)) for peer, answer in both))
        stdin.write(b"\n")
        assert await hear() == ["aiortc", "av", "cryptography"]
        stdin.close()
        assert await asyncio.wait_for(child.wait(), PATIENCE) == 0
    finally:
        for peer in peers:
            await peer.close()
        if child.returncode is None:
            child.kill()
            await child.wait()
