"""Phones in the same Wi-Fi: https with a certificate that nobody vouches for gives a microphone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import async_playwright

pytestmark = [pytest.mark.browser, pytest.mark.pages]

NAME = "wagu.test"
"""Leads to 127.0.0.1, and is no name that browsers trust without https."""

MICROPHONE = """async () => {
  if (!isSecureContext || !navigator.mediaDevices) return null;
  const stream = await navigator.mediaDevices.getUserMedia({audio: true, video: true});
  const kinds = stream.getTracks().map((track) => track.kind).sort();
  stream.getTracks().forEach((track) => track.stop());
  return kinds;
}"""
SOCKET = """() => new Promise((resolve) => {
  const socket = new WebSocket(`wss://${location.host}/ws`);
  socket.onopen = () => { socket.close(); resolve("open"); };
  socket.onerror = () => resolve("error");
})"""


async def test_https_gives_microphone_and_camera_where_http_gives_none(
    server: Callable[..., Any], chromium: dict[str, Any]
) -> None:
    here = await asyncio.to_thread(server, WAGU_TLS="self-signed")
    leading = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            **chromium | {"args": [*chromium["args"], leading]}
        )
        phone = await browser.new_context(ignore_https_errors=True)
        page = await phone.new_page()
        await page.goto(f"http://{NAME}:{here.port}/api/config")
        assert await page.evaluate(MICROPHONE) is None
        await page.goto(f"https://{NAME}:{here.port}/")
        assert await page.evaluate(MICROPHONE) == ["audio", "video"]
        assert await page.evaluate(SOCKET) == "open"
        await browser.close()
