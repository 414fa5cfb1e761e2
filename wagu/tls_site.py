"""HTTPS that we speak ourselves, as a site of aiohttp's runner."""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from wagu import lan
from wagu.certificates import Given, Source, TlsContext
from wagu.settings import Settings
from wagu.shared_port import MakeProtocol
from wagu.tls_port import TlsPort

log = structlog.get_logger("wagu.tls_site")

LOOK_AGAIN = 3600.0
"""Seconds until the certificate is looked at again: it may be renewed, or addresses change."""


def certificates(settings: Settings) -> Source:
    """Those that the settings ask for."""
    if settings.tls_cert is not None and settings.tls_key is not None:
        return Given(settings.tls_cert, settings.tls_key)

    # cryptography takes 9 MB.
    from wagu.self_signed import SelfSigned  # noqa: PLC0415 - see above

    def names() -> list[str]:
        public = urlsplit(settings.public_url or "").hostname
        host = None if settings.host in lan.EVERYWHERE else settings.host
        return [*lan.addresses(), *settings.media_addresses, *filter(None, (public, host))]

    return SelfSigned(settings.data_dir / "tls", names)


class TlsSite(web.BaseSite):
    """HTTPS beside media, and a certificate that may change while it is used."""

    def __init__(
        self,
        runner: web.AppRunner,
        listener: socket.socket,
        http: MakeProtocol,
        media: MakeProtocol | None,
        context: TlsContext,
        backlog: int,
    ) -> None:
        super().__init__(runner, backlog=backlog)
        self._port = TlsPort(listener, http, media, context.context)
        self._context = context
        self._again: asyncio.TimerHandle | None = None

    @property
    def name(self) -> str:
        return "https"

    async def start(self) -> None:
        await super().start()
        self._port.start(self._backlog)
        self._wait()

    async def stop(self) -> None:
        if self._again is not None:
            self._again.cancel()
        self._port.close()
        await super().stop()

    def _wait(self) -> None:
        self._again = asyncio.get_running_loop().call_later(LOOK_AGAIN, self._look)

    def _look(self) -> None:
        try:
            if self._context.refresh():
                log.info("= another certificate")
        except OSError as error:
            log.error("x certificate: keeping the one of before", why=str(error))
        self._wait()
