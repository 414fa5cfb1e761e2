"""Rings the bell (`bell.py`) of a media port from outside: one real ICE check by UDP or by TCP."""

from __future__ import annotations

import asyncio
import os
import socket
import struct

from aioice import stun

from media.transport.bell import UFRAG

TRIES = (0.2, 0.4, 0.8)
"""Seconds to wait after each check by UDP, which may get lost."""
CONNECT_WITHIN = 2.0

_LENGTH = struct.Struct("!H")


class Unheard(Exception):
    """No valid answer; the text says what came of it."""


async def ring_udp(address: str, port: int, password: str) -> tuple[str, int]:
    """Where the port sees us. Raises Unheard."""
    request = _request(password)
    loop = asyncio.get_running_loop()
    with socket.socket(_family(address), socket.SOCK_DGRAM) as ours:
        ours.setblocking(False)
        try:
            await loop.sock_connect(ours, (address, port))
            for patience in TRIES:
                await loop.sock_sendall(ours, bytes(request))
                try:
                    async with asyncio.timeout(patience):
                        return _seen(request, await loop.sock_recv(ours, 2048), password)
                except TimeoutError:
                    continue
        except OSError as error:
            raise Unheard(_why(error)) from error
    raise Unheard("no answer")


async def ring_tcp(address: str, port: int, password: str) -> tuple[str, int]:
    """The same over a connection, in a frame of RFC 4571. Raises Unheard."""
    request = _request(password)
    data = bytes(request)
    try:
        async with asyncio.timeout(CONNECT_WITHIN):
            reader, writer = await asyncio.open_connection(address, port)
            try:
                writer.write(_LENGTH.pack(len(data)) + data)
                (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
                return _seen(request, await reader.readexactly(length), password)
            finally:
                writer.close()
    except TimeoutError as error:
        raise Unheard("no answer") from error
    except asyncio.IncompleteReadError as error:
        raise Unheard("the connection was closed") from error
    except OSError as error:
        raise Unheard(_why(error)) from error


def _request(password: str) -> stun.Message:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{UFRAG}:{UFRAG}"
    message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLING"] = 1
    message.add_message_integrity(password.encode())
    return message


def _seen(request: stun.Message, data: bytes, password: str) -> tuple[str, int]:
    try:
        answer = stun.parse_message(data)
    except (ValueError, IndexError, struct.error) as error:
        raise Unheard("what answers is no ICE") from error
    if answer.transaction_id != request.transaction_id:
        raise Unheard("what answers is no ICE")
    if answer.message_class is not stun.Class.RESPONSE or not answer.check_message_integrity(
        password.encode()
    ):
        raise Unheard("another server answers")
    seen: tuple[str, int] = answer.attributes["XOR-MAPPED-ADDRESS"]
    return seen


def _why(error: OSError) -> str:
    """In the words of the system: asyncio puts its own in front."""
    return os.strerror(error.errno) if error.errno else str(error)


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
