"""A real nginx that sends each request and each WebSocket to the next of some nodes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import missing
from tests.operate.proxies import NGINX
from tests.server import end, wait_until

SITE = """
map $http_upgrade $connection_upgrade {{ default upgrade; "" ""; }}
upstream wagu {{ {servers} keepalive 16; }}
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass http://wagu;
        proxy_next_upstream error timeout http_503; # one that leaves says so
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
}}
"""


@dataclass(frozen=True)
class Front:
    """`url` leads to all of `nodes` in turn."""

    url: str
    nodes: list[Any]


@contextmanager
def round_robin(
    start: Callable[..., Any], count: int, folder: Path, port: int, **shared: str
) -> Iterator[Front]:
    """`start` makes a server with settings; `shared` are those of the stores."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin") or missing("nginx", "nginx")
    url = f"http://127.0.0.1:{port}"
    own = {"WAGU_PUBLIC_URL": url, "WAGU_TRUSTED_PROXIES": "127.0.0.1"}
    nodes = [start(**shared, **own) for _ in range(count)]
    servers = " ".join(f"server 127.0.0.1:{node.port};" for node in nodes)
    (folder / "wagu.conf").write_text(SITE.format(servers=servers, port=port))
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
    with (folder / "nginx.log").open("wb") as log:
        command = [program, "-c", str(folder / "nginx.conf"), "-e", "stderr", "-p", str(folder)]
        nginx = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until((folder / "pid").exists, 10, "nginx runs")
        wait_until(lambda: all("node came" in node.log for node in nodes), 20, "all hear all")
        yield Front(url, nodes)
    finally:
        end(nginx)
