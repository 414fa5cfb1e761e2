"""Sends ready-made datagrams at a steady rate: a program of its own, so that its work is not ours.

python flooder.py FD PORT BITS_PER_SECOND, and each datagram behind its length on the input.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from typing import BinaryIO


def packets(stream: BinaryIO) -> Iterator[bytes]:
    while length := stream.read(2):
        yield stream.read(int.from_bytes(length, "big"))


def main(descriptor: int, port: int, rate: float) -> None:
    made = list(packets(sys.stdin.buffer))
    sender = socket.socket(fileno=descriptor)
    begun, sent, bits = time.monotonic(), 0, 0
    for packet in made:
        ahead = begun + bits / rate - time.monotonic()
        if ahead > 0.002:
            time.sleep(ahead)
        try:
            sender.sendto(packet, ("127.0.0.1", port))
        except BlockingIOError:
            continue
        sent += 1
        bits += len(packet) * 8
    print(sent, bits, time.monotonic() - begun)
    sender.detach()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
