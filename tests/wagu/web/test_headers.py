"""Security headers, and the policy that lets the page's own import map run and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from wagu.web.client import inline_script_hashes


def policy(response) -> dict[str, list[str]]:
    directives = response.headers["Content-Security-Policy"].split("; ")
    return {name: sources for name, *sources in (each.split(" ") for each in directives)}


@pytest.mark.parametrize(
    "path", ["/", "/map/abc", "/api/config", "/api/nope", "/static/index.html"]
)
async def test_every_answer_has_them(site, path):
    response = await site.visitor().raw("GET", path)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=(self)" in response.headers["Permissions-Policy"]
    assert "microphone=(self)" in response.headers["Permissions-Policy"]
    assert "Server" not in response.headers
    sources = policy(response)
    assert sources["default-src"] == ["'self'"]
    assert sources["frame-ancestors"] == ["'none'"]
    assert "'unsafe-inline'" not in sources["script-src"]
    assert "'unsafe-eval'" not in sources["script-src"]


@pytest.mark.parametrize(
    ("origin", "sent"), [("https://wagu.example.org", "same-origin"), (None, None)]
)
async def test_pages_are_kept_apart_from_their_openers_on_https_only(site_with, origin, sent):
    async with site_with(public_url=origin) as site:
        response = await site.visitor().raw("GET", "/")
        assert response.headers.get("Cross-Origin-Opener-Policy") == sent


async def test_the_inline_import_map_may_run(site):
    response = await site.visitor().raw("GET", "/")
    inline = re.search(r'<script type="importmap">(.*?)</script>', await response.text(), re.DOTALL)
    assert inline is not None
    digest = base64.b64encode(hashlib.sha256(inline[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy(response)["script-src"]


async def test_scripts_with_a_source_need_no_hash():
    assert inline_script_hashes('<script type="module" src="/a.js"></script>') == ()
    assert len(inline_script_hashes("<script>a</script><script async>\nb</script>")) == 2


async def test_sockets_go_home_only(site):
    response = await site.visitor().raw("GET", "/")
    host = f"127.0.0.1:{site.server.port}"
    assert policy(response)["connect-src"] == ["'self'", f"ws://{host}", f"wss://{host}"]
    forged = {"Host": "evil.example; script-src *"}
    response = await site.visitor().raw("GET", "/", headers=forged)
    assert policy(response)["connect-src"] == ["'self'"]


async def test_tiles_may_come_from_their_host(site_with):
    url = "https://{s}.tile.example.org/{z}/{x}/{y}.png"
    async with site_with(tile_url=url) as site:
        response = await site.visitor().raw("GET", "/")
        assert policy(response)["img-src"][3:] == ["https://*.tile.example.org"]
