"""What the kernel grants a media socket: small buffers lose the packets of a moment's rush."""

from __future__ import annotations

import socket

from media.transport.udp import SOCKET_BUFFER
from wagu.doctor.finding import Finding, ok, warning

ENOUGH = 1 << 20
"""Bytes: 800 video packets, 20 ms of 400 Mbit/s."""

OPTIONS = {"receive": (socket.SO_RCVBUF, "rmem"), "send": (socket.SO_SNDBUF, "wmem")}


def check() -> list[Finding]:
    return [judge(granted(SOCKET_BUFFER))]


def granted(wanted: int) -> dict[str, int]:
    """Bytes that a UDP socket of ours may really use. Linux doubles what is asked, for its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        sizes = {}
        for name, (option, _) in OPTIONS.items():
            ours.setsockopt(socket.SOL_SOCKET, option, wanted)
            sizes[name] = ours.getsockopt(socket.SOL_SOCKET, option) // 2
        return sizes


def judge(sizes: dict[str, int]) -> Finding:
    shown = ", ".join(f"{size / 1024:.0f} KiB to {name}" for name, size in sizes.items())
    small = [OPTIONS[name][1] for name, size in sizes.items() if size < ENOUGH]
    if not small:
        return ok("buffers", f"UDP: {shown}")
    advice = "sudo sysctl -w " + " ".join(f"net.core.{name}_max={SOCKET_BUFFER}" for name in small)
    return warning("buffers", f"UDP: only {shown}", f"Enough for friends; for crowds: {advice}")
