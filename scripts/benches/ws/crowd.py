"""Many WebSocket clients in one process and one thread: some move their pointers, some say
something, all read; of a few every message is looked into for when it was sent."""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from benches.ws.frames import PING, PONG, TEXT, FrameReader, masked

CYCLE = 80.0
"""Pointers tell the time of sending by their latitude: seconds modulo this."""
CHUNK = 1 << 18
PATIENCE = 30.0  # seconds


class Client:
    """One socket, already in its room."""

    def __init__(self, url: str, cookie: str, room: str, *, listens: bool) -> None:
        """Blocks until it is in. Raises RuntimeError."""
        where = urlsplit(url)
        self.reader = FrameReader(keeps=True)
        self.socket = socket.create_connection((where.hostname, where.port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(
            f"GET /ws HTTP/1.1\r\nHost: {where.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nCookie: {cookie}\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        said = b""
        while b"\r\n\r\n" not in said:
            said += self._wait_for_bytes()
        head, _, rest = said.partition(b"\r\n\r\n")
        if b" 101 " not in head:
            raise RuntimeError(f"no upgrade: {head[:60]!r}")
        self.reader.feed(memoryview(rest))
        self.say({"type": "join", "room": room, "n": 1})
        while not any(b'"joined"' in each for _, each in self.reader.kept):
            self.reader.feed(memoryview(self._wait_for_bytes()))
        self.reader.kept.clear()
        self.reader.keeps = listens
        self.socket.setblocking(False)

    def say(self, message: object) -> None:
        self.socket.send(masked(json.dumps(message).encode()))

    def _wait_for_bytes(self) -> bytes:
        data = self.socket.recv(CHUNK)
        if not data:
            raise RuntimeError("the server hung up")
        return data


class Crowd:
    """`moves` and `chats` a second in all. Latencies are seconds from sending to having read."""

    def __init__(
        self, clients: Sequence[Client], movers: Sequence[Client], moves: float, chats: float
    ) -> None:
        self.moved: list[float] = []
        self.chatted: list[float] = []
        self._clients = {client.socket.fileno(): client for client in clients}
        self._movers, self._talkers = movers, clients
        self._every_move, self._every_chat = 1 / moves, 1 / chats
        self._moves = self._chats = 0
        self._buffer = bytearray(CHUNK)
        self._poll = select.epoll()
        for fd in self._clients:
            self._poll.register(fd, select.EPOLLIN)

    @property
    def delivered(self) -> int:
        """Messages that came, to all together."""
        return sum(client.reader.texts for client in self._clients.values())

    def run(self, seconds: float) -> None:
        now = time.perf_counter()
        move_at, chat_at, end = now, now, now + seconds
        while now < end:
            if now >= move_at:
                move_at += self._every_move
                self._move()
            if now >= chat_at:
                chat_at += self._every_chat
                self._chat()
            wait = min(move_at, chat_at) - time.perf_counter()
            for fd, _ in self._poll.poll(max(0.0, wait), 64):
                self._read(self._clients[fd])
            now = time.perf_counter()

    def _move(self) -> None:
        mover = self._movers[self._moves % len(self._movers)]
        self._moves += 1
        at = [time.perf_counter() % CYCLE, 127.0]
        mover.say({"type": "look", "at": at})

    def _chat(self) -> None:
        talker = self._talkers[self._chats * 7 % len(self._talkers)]
        self._chats += 1
        text = str(time.perf_counter())
        talker.say({"type": "chat", "text": text, "nonce": str(self._chats)})

    def _read(self, client: Client) -> None:
        try:
            length = client.socket.recv_into(self._buffer)
        except BlockingIOError:
            return
        if not length:
            raise RuntimeError("the server hung up")
        reader = client.reader
        reader.feed(memoryview(self._buffer)[:length])
        for opcode, payload in reader.kept:
            if opcode == TEXT:
                self._look_into(msgspec.json.decode(payload))
            elif opcode == PING:
                client.socket.send(masked(payload, PONG))
        reader.kept.clear()

    def _look_into(self, message: dict[str, object]) -> None:
        now = time.perf_counter()
        match message:
            case {"type": "presence", "people": dict(people)}:
                for look in people.values():
                    self.moved.append((now - look["at"][0]) % CYCLE)
            case {"type": "chatted", "chat": {"text": str(text)}}:
                self.chatted.append(now - float(text))
