"""Can media reach each announced address, by UDP and by ICE-TCP, as far as one machine can tell?

With a server running: a real ICE check that it answers. Without one: we sit on its port ourselves
and send a datagram, or a connection, around by the address.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Awaitable, Callable, Sequence

from media.transport.addresses import machine_addresses
from media.transport.ring import Unheard, ring_tcp, ring_udp
from wagu.bell import password_of
from wagu.doctor.finding import Finding, ok, problem, warning
from wagu.settings import Settings

AROUND_WITHIN = 1.0

Try = Callable[[str], Awaitable[None]]
"""Reaches an address, or raises Unheard."""


async def check(settings: Settings, announced: Sequence[str], *, served: bool) -> list[Finding]:
    udp, tcp = settings.udp_port, settings.tcp_port
    if not served:
        found = await _on_our_own("udp", settings.host, udp, announced)
        if tcp is not None:
            found += await _on_our_own("tcp", settings.host, tcp, announced)
        return found
    try:
        password = password_of(settings.own_dir)
    except OSError as error:
        password, why = None, error.strerror or str(error)
    else:
        why = "no server has this data folder"
    if password is None:
        advice = "Run this as the user of the server, with its settings."
        return [problem("udp", f"the server on port {settings.port} is another one: {why}", advice)]

    async def by_udp(address: str) -> None:
        await ring_udp(address, udp, password)

    async def by_tcp(address: str) -> None:
        await ring_tcp(address, tcp or 0, password)

    ways = [_reach("udp", udp, address, by_udp) for address in announced]
    if tcp is not None:
        ways += [_reach("tcp", tcp, address, by_tcp) for address in announced]
    return await asyncio.gather(*ways)


async def _reach(kind: str, port: int, address: str, attempt: Try) -> Finding:
    where = f"{address} port {port}/{kind}"
    try:
        await attempt(address)
    except Unheard as error:
        if address in machine_addresses():
            advice = f"A firewall of this machine? Open {port} in {kind.upper()}, both ways."
            return problem(kind, f"{where} cannot be reached: {error}", advice)
        text = f"{where} cannot be reached from here: {error}"
        advice = (
            f"It is none of this machine's. Forward {port} in {kind.upper()} to this machine, and "
            "look from another network (a phone without Wi-Fi, say): not every router lets "
            "its own network in by the outside."
        )
        return warning(kind, text, advice)
    return ok(kind, f"{where} can be reached")


async def _on_our_own(kind: str, host: str, port: int, announced: Sequence[str]) -> list[Finding]:
    around = _datagram if kind == "udp" else _connection
    sockets = socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM
    found = []
    for address in announced:
        try:
            ours = _open(host, port, address, sockets)
        except OSError as error:
            why = error.strerror or str(error)
            advice = (
                "Stop what has it, or choose another with WAGU_MEDIA_PORT or WAGU_MEDIA_TCP_PORT."
            )
            return [problem(kind, f"port {port}/{kind} cannot be opened: {why}", advice)]
        with ours:

            async def attempt(address: str, ours: socket.socket = ours) -> None:
                await around(ours, address, port)

            found.append(await _reach(kind, port, address, attempt))
    return found


def _open(host: str, port: int, address: str, kind: socket.SocketKind) -> socket.socket:
    six = ":" in address
    everywhere = "::" if six else "0.0.0.0"
    made = socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind)
    try:
        made.setblocking(False)
        if kind is socket.SOCK_STREAM:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if six:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((everywhere if host in ("", "::", "0.0.0.0") else host, port))
        if kind is socket.SOCK_STREAM:
            made.listen()
    except OSError:
        made.close()
        raise
    return made


async def _datagram(ours: socket.socket, address: str, port: int) -> None:
    loop, sent = asyncio.get_running_loop(), secrets.token_bytes(16)
    with socket.socket(ours.family, socket.SOCK_DGRAM) as other:
        other.setblocking(False)
        try:
            async with asyncio.timeout(AROUND_WITHIN):
                await loop.sock_sendto(other, sent, (address, port))
                while await loop.sock_recv(ours, 64) != sent:
                    continue
        except TimeoutError as error:
            raise Unheard("a datagram does not come around") from error
        except OSError as error:
            raise Unheard(error.strerror or str(error)) from error


async def _connection(ours: socket.socket, address: str, port: int) -> None:
    loop, sent = asyncio.get_running_loop(), secrets.token_bytes(16)
    with socket.socket(ours.family, socket.SOCK_STREAM) as other:
        other.setblocking(False)
        try:
            async with asyncio.timeout(AROUND_WITHIN):
                await loop.sock_connect(other, (address, port))
                await loop.sock_sendall(other, sent)
                accepted, _ = await loop.sock_accept(ours)
                with accepted:
                    if await loop.sock_recv(accepted, 64) != sent:
                        raise Unheard("another program came first")
        except TimeoutError as error:
            raise Unheard("a connection does not come around") from error
        except OSError as error:
            raise Unheard(error.strerror or str(error)) from error
