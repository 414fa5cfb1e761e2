"""What forks servers for tests: everything that they import is imported here.

    python -m tests.zygote_process <socket>

A connection is one server: it brings {"arguments", "environment", "log"}, and is told {"pid"}, and
{"code"} at the end. What is forked runs the command as `python -m wagu` does, in a session of its
own, and ends like any interpreter. It lasts for as long as its standard input is open.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import uvloop  # noqa: F401 - so that what is forked has it

import media.transport.handshake  # noqa: F401 - what a server imports for its first peer
import wagu.app
import wagu.commands.serving
import wagu.media_backend.embedded
import wagu.serve  # noqa: F401 - so that what is forked has it
from wagu.cli import main as wagu_command

LARGEST = 256 * 1024


def _wait_for_an_order(listener: socket.socket) -> dict[str, Any] | None:
    """In the child that shall carry it out: the order. In the zygote, at its end: None."""
    woken, wake = socket.socketpair()
    wake.setblocking(False)
    woken.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    running: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([listener, woken, sys.stdin], [], [])
        if sys.stdin in ready:
            return None
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                woken.recv(1024)
            _tell_who_ended(running)
        if listener in ready:
            connection, _ = listener.accept()
            order: dict[str, Any] = json.loads(connection.makefile("r").readline(LARGEST))
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for each in (listener, woken, wake, connection, *running.values()):
                    each.close()
                return order
            running[pid] = connection
            connection.sendall(b'{"pid": %d}\n' % pid)


def _tell_who_ended(running: dict[int, socket.socket]) -> None:
    for pid in list(running):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            code = os.waitstatus_to_exitcode(status)
            with contextlib.suppress(OSError), running.pop(pid) as connection:
                connection.sendall(b'{"code": %d}\n' % code)


def main() -> None:
    gc.freeze()  # what is imported stays
    with socket.socket(socket.AF_UNIX) as listener:
        # Under another name until it listens: whoever finds it may connect at once.
        listener.bind(sys.argv[1] + "~")
        listener.listen(32)
        Path(sys.argv[1] + "~").rename(sys.argv[1])
        order = _wait_for_an_order(listener)
    if order is None:
        return
    os.setsid()
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for theirs, ours in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(theirs, ours)
    os.environ.clear()
    os.environ.update(order["environment"])
    wagu_command(order["arguments"])


if __name__ == "__main__":
    main()
