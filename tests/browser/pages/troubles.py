"""What goes wrong behind a page's back: errors in the console, exceptions, CSP, failed requests.

A test says beforehand which of them it provokes; whatever else is there at its end fails it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

ABANDONED = "net::ERR_ABORTED"
"""The page itself gave a request up: it was left, or its view was."""


class Troubles:
    """All troubles of one browser context, in the order in which they happened."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("weberror", self._on_exception)
        context.on("requestfailed", self._on_request_failed)
        context.on("response", self._on_response)
        context.on("page", self._on_page)

    def expect(self, *patterns: str) -> None:
        """Troubles that match one of these regular expressions belong to the test."""
        self._expected += [re.compile(pattern) for pattern in patterns]

    @property
    def unexpected(self) -> list[str]:
        return [seen for seen in self._seen if not _matches(seen, self._expected)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            where = message.location.get("url", "")
            self._seen.append(f"console {message.type}: {message.text} ({where})")

    def _on_exception(self, error: WebError) -> None:
        self._seen.append(f"exception: {error.error}")

    def _on_request_failed(self, request: Request) -> None:
        if request.failure != ABANDONED:
            self._seen.append(f"request: {request.method} {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self._seen.append(f"{response.status} {response.request.method} {response.url}")

    def _on_page(self, page: Page) -> None:
        page.on("crash", lambda _page: self._seen.append("the page crashed"))


def _matches(text: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    return any(pattern.search(text) for pattern in patterns)
