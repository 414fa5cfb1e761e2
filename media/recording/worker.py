"""The process that writes recordings and decodes stills: `python -m media.recording.worker`.

Reads messages from standard input and answers on what was standard output. When its input ends,
because the server stopped or was killed, it finishes every file and goes.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

import av

from media.recording.head import head_of
from media.recording.plan import Plan
from media.recording.remux import Remuxer
from media.recording.still import picture_of
from media.recording.wire import HeadWanted, Kind, Message, Reader, pack

NICENESS = 5
"""Voices and lives come first."""
PIECE = 1 << 16


class Worker:
    """`handle` each message; what it returns goes back."""

    def __init__(self) -> None:
        self._files: dict[int, Remuxer] = {}

    def handle(self, message: Message) -> bytes:
        match message.kind:
            case Kind.OPEN:
                self._files[message.number] = Remuxer(Plan.of(message.body))
            case Kind.FRAME | Kind.KEYFRAME:
                file = self._files.get(message.number)
                if file is not None:
                    key = message.kind is Kind.KEYFRAME
                    file.add(message.stream, message.microseconds, message.body, keyframe=key)
            case Kind.CLOSE:
                file = self._files.pop(message.number, None)
                if file is not None:
                    return pack(Kind.CLOSED, message.number, file.close().to_json())
            case Kind.PICTURE:
                codec, _, keyframe = message.body.partition(b"\0")
                return pack(Kind.PICTURE, message.number, picture_of(codec.decode(), keyframe))
            case Kind.HEAD:
                return pack(Kind.HEAD, message.number, head_of(*HeadWanted.of(message.body)))
            case Kind.CLOSED:
                pass
        return b""

    def close(self) -> None:
        for file in self._files.values():
            file.close()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for the server, which then ends our input
    os.nice(NICENESS)
    av.logging.set_level(av.logging.PANIC)
    inward, outward = sys.stdin.fileno(), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    worker, reader = Worker(), Reader()
    with suppress(BrokenPipeError, ConnectionResetError):
        while data := os.read(inward, PIECE):
            for message in reader.feed(data):
                answer = worker.handle(message)
                while answer:
                    answer = answer[os.write(outward, answer) :]
    worker.close()


if __name__ == "__main__":
    main()
