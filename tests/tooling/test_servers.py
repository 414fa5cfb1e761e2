"""The `server` fixture against the real thing: what flow and browser tests build on."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from typing import Any


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return int(answer.status)


def test_a_server_starts_with_its_client_and_stops_at_ctrl_c(server: Callable[..., Any]) -> None:
    one = server()
    assert get(one.url) == 200
    assert get(f"{one.url}/static/vendor/preact.js") == 200
    assert one.data_dir.is_dir()
    one.interrupt()
    assert one.process.returncode == 0, "a clean exit"


def test_a_killed_server_starts_again_on_its_port_and_data(server: Callable[..., Any]) -> None:
    one = server()
    one.kill()
    assert not one.ready()
    one.restart()
    assert one.ready()
    assert one.log.count("is ready") == 2


def test_two_servers_keep_apart(server: Callable[..., Any], redis_url: str) -> None:
    one, other = server(), server(WAGU_REDIS_URL=redis_url)
    assert one.port != other.port
    assert one.data_dir != other.data_dir
    one.stop()
    assert other.ready()
