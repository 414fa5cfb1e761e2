"""The standing peer of the SFU's bench: Janus as Debian packages it, with no rooms yet."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from benches.serving import Site, free_port, pinned, wait_for

PROGRAM = "janus"
LIBRARIES = Path("/usr/lib")

GENERAL = """general: {{
    configs_folder = "{folder}"
    plugins_folder = "{folder}/plugins"
    transports_folder = "{folder}/transports"
    events_folder = "{folder}/none"
    loggers_folder = "{folder}/none"
    session_timeout = 0
    event_loops = 1
    debug_level = 3
}}
nat: {{
    ice_lite = true
    ice_enforce_list = "{address}"
}}
"""
HTTP = """general: {{
    json = "compact"
    base_path = "/janus"
    http = true
    port = {port}
    ip = "127.0.0.1"
}}
"""


@contextmanager
def janus(folder: Path, address: str, core: int) -> Iterator[Site]:
    """On a core of its own, with one event loop, ICE-lite as we are; `address` is the machine's."""
    if shutil.which(PROGRAM) is None:
        raise click.ClickException("Janus is not installed: apt-get install janus, or --peer none")
    port = free_port()
    for part in ("plugins", "transports", "none"):
        (folder / part).mkdir()
    for library in ("plugins/libjanus_videoroom.so", "transports/libjanus_http.so"):
        (folder / library).symlink_to(_library(library))
    (folder / "janus.jcfg").write_text(GENERAL.format(folder=folder, address=address))
    (folder / "janus.transport.http.jcfg").write_text(HTTP.format(port=port))
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: {}\n")
    command = [*pinned(core), PROGRAM, "--configs-folder", str(folder), "--disable-colors"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/janus/info", process)
        yield Site(url, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def own_address() -> str:
    """Where Janus' peers sit, as it gathers no loopback candidate: the address by which this
    machine would reach others. What goes there stays here, and nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("203.0.113.1", 9))  # for documentation (RFC 5737)
        except OSError:
            raise click.ClickException("Janus needs an address beside loopback") from None
        address: str = probe.getsockname()[0]
        return address


def _library(name: str) -> Path:
    found = sorted(LIBRARIES.glob(f"**/janus/{name}*"))
    if not found:
        raise click.ClickException(f"{name} is not where Debian has it")
    return found[0]
