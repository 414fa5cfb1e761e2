"""One measurement of a hub: clients enter their rooms, warm up, and then everything counts.

Runs in the load generator's process, which keeps to a core of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Literal

from benches.cost import Spent, memory
from benches.ws.crowd import Client, Crowd

Server = Literal["wagu", "aiohttp", "ws"]
SOCKETS_EACH = 4
"""A person's sockets, so that 1,000 fit into a map for 300 people."""
ONE_IN = 5
"""Of so many clients of a room one moves its pointer,"""
MOVES = 20.0
"""so many times a second."""
CHATS = 5.0
"""A second, in all rooms together."""
LISTEN_EVERY = 101
"""Of so many clients one is looked into."""


@dataclass(frozen=True, slots=True)
class Plan:
    server: Server
    url: str
    pid: int
    clients: int
    rooms: int
    warm: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """Processor time in µs for each delivered message; latencies of pointers and chat in ms;
    memory in kB for each client above what the server had before; shares from 0 to 1."""

    server: str
    clients: int
    rooms: int
    delivered: float
    """Messages a second, to all clients together."""
    cost: float
    p50: float
    p99: float
    chat_p99: float
    memory: float
    generator: float
    waited: float


def measure(plan: Plan, core: int) -> Result:
    """In a process of its own."""
    os.sched_setaffinity(0, {core})
    with ExitStack() as stack:
        before = memory(plan.pid)
        rooms, cookies = _doors(plan)
        clients: list[Client] = []
        for number in range(plan.clients):
            listens = number % LISTEN_EVERY == 0
            cookie = cookies[number // SOCKETS_EACH]
            client = Client(plan.url, cookie, rooms[number % plan.rooms], listens=listens)
            stack.callback(client.socket.close)
            clients.append(client)
        movers = [client for n, client in enumerate(clients) if n // plan.rooms % ONE_IN == 0]
        crowd = Crowd(clients, movers, MOVES * len(movers), CHATS)
        crowd.run(plan.warm)
        crowd.moved.clear()
        crowd.chatted.clear()
        delivered, spent = crowd.delivered, Spent.by(plan.pid)
        own, begun = time.process_time(), time.perf_counter()
        crowd.run(plan.seconds)
        passed, own = time.perf_counter() - begun, time.process_time() - own
        spent, delivered = Spent.by(plan.pid).since(spent), crowd.delivered - delivered
        moved, chatted = sorted(crowd.moved), sorted(crowd.chatted)
        if not moved or not chatted:
            raise RuntimeError("nothing came out of the server")
        return Result(
            server=plan.server,
            clients=plan.clients,
            rooms=plan.rooms,
            delivered=delivered / passed,
            cost=spent.all / delivered * 1e6,
            p50=moved[len(moved) // 2] * 1000,
            p99=moved[int(len(moved) * 0.99)] * 1000,
            chat_p99=chatted[int(len(chatted) * 0.99)] * 1000,
            memory=(memory(plan.pid) - before) / 1000 / plan.clients,
            generator=own / passed,
            waited=spent.waited / passed,
        )


def _doors(plan: Plan) -> tuple[list[str], list[str]]:
    """Rooms, and the cookies of those who will enter them."""
    people = -(-plan.clients // SOCKETS_EACH)
    if plan.server != "wagu":
        return [f"map/{number}" for number in range(plan.rooms)], [""] * people
    host = {
        "username": f"b{secrets.token_hex(4)}",
        "password": secrets.token_hex(12),
        "name": "host",
    }
    _, cookie = post(plan.url, "/api/members", host)
    rooms = []
    for number in range(plan.rooms):
        made, _ = post(plan.url, "/api/share-maps", {"title": f"bench {number}"}, cookie)
        rooms.append(f"map/{made['share_map']['id']}")
    guests = [post(plan.url, "/api/guests", {"name": f"guest {n}"})[1] for n in range(people)]
    return rooms, guests


def post(url: str, path: str, body: object, cookie: str = "") -> tuple[Any, str]:
    """The answer, and the cookie that came with it."""
    headers = {"Content-Type": "application/json", "Cookie": cookie, "Origin": url}
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer), (answer.headers.get("Set-Cookie") or "").partition(";")[0]
