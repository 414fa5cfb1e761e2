"""One serving process: binds the port, runs the application until a signal, stops within 3 s."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import resource
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from sqlalchemy.exc import DBAPIError

from wagu import lan
from wagu.app import create_app, leave_for_others
from wagu.certificates import TlsContext
from wagu.db.engine import DatabaseUnavailable
from wagu.db.migrate import DatabaseIsNewer
from wagu.ephemeral.journal import DataDirectoryInUse
from wagu.errors import WaguError
from wagu.settings import Settings
from wagu.shared_port import SharedPort
from wagu.tls_site import TlsSite, certificates
from wagu.web import keys

log = structlog.get_logger("wagu.serve")

FINISH_REQUESTS_WITHIN = 0.8
STOP_WITHIN = 2.5
BACKLOG = 512
OPEN_FILES = 16_384
"""10,000 WebSockets (wagu.realtime.endpoint), as many requests as come beside them, files."""


class CannotServe(Exception):
    """The start is over; the text is one readable line."""


async def serve(
    settings: Settings,
    announce: Callable[[str | None], None],
    shared: socket.socket | None = None,
) -> None:
    """Until SIGINT or SIGTERM, of which the latter lets everybody move to another node first, where
    there is one. `announce` is called once everything is ready, with the link that makes the first
    admin while there is none. `shared` is a listener that other processes accept from, too."""
    allow_open_files()
    stop, leave = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stop.set)
    loop.add_signal_handler(signal.SIGTERM, leave.set)
    # The port first: a second server by mistake must not touch the data of the one that runs.
    with bound(settings.host, settings.port) as listener:
        async with running(settings, listener) as runner:
            if shared is not None:
                await web.SockSite(runner, shared, backlog=BACKLOG).start()
            announce(runner.app[keys.OFFER].url)
            await _first(stop.wait(), leave.wait())
            if not stop.is_set():
                await _first(stop.wait(), leave_for_others(runner.app))
            log.info("= stopping")


async def _first(*waited_for: Coroutine[Any, Any, object]) -> None:
    """Until one of them has ended, then the others as well."""
    tasks = [asyncio.create_task(each) for each in waited_for]
    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for task in done:
        task.result()


@asynccontextmanager
async def running(settings: Settings, listener: socket.socket) -> AsyncIterator[web.AppRunner]:
    runner = web.AppRunner(
        create_app(settings), access_log=None, shutdown_timeout=FINISH_REQUESTS_WITHIN
    )
    try:
        await _start(settings, runner, listener)
        yield runner
    finally:
        try:
            await asyncio.wait_for(runner.cleanup(), STOP_WITHIN)
        except TimeoutError:
            log.warning("x gave up waiting for a part that does not stop", seconds=STOP_WITHIN)


def bound(host: str, port: int) -> socket.socket:
    """A bound TCP socket, not listening yet. Raises CannotServe."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise CannotServe(_why_not(error, host, port)) from None
    return listener


def reachable_at(settings: Settings) -> list[str]:
    """Addresses to open in a browser: this machine's, and those the network sees."""
    here = f"http://localhost:{settings.port}"
    if settings.public_url is not None:
        return [settings.public_url, here]
    if settings.host not in lan.EVERYWHERE:
        return [_reached(settings, settings.host)]
    return [here, *(_reached(settings, address) for address in lan.addresses())]


def _reached(settings: Settings, address: str) -> str:
    scheme = "https" if settings.speaks_tls and address not in lan.HERE else "http"
    host = f"[{address}]" if ":" in address else address
    return f"{scheme}://{host}:{settings.port}"


def allow_open_files() -> None:
    """Every socket is an open file, and many systems begin with 1,024 of those to grow to more."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # as it was, then
        resource.setrlimit(resource.RLIMIT_NOFILE, (_at_least(OPEN_FILES, now, most), most))


def _at_least(wanted: int, now: int, most: int) -> int:
    unlimited = resource.RLIM_INFINITY
    if now == unlimited or now >= wanted:
        return now
    return wanted if most == unlimited else min(wanted, most)


def greeting(settings: Settings, setup_link: str | None = None) -> list[str]:
    """What to open next, for whoever started this by hand."""
    first, *others = reachable_at(settings)
    lines = [f"{settings.name} (Wagu Book) is ready: open {first}"]
    lines += [f"    also at {address}" for address in others]
    if setup_link is not None:
        lines.append(f"    There is no admin yet. Open this once to become it: {setup_link}")
    if any(_lacks_microphone(address) for address in (first, *others)):
        lines.append("    Browsers give microphone and camera to https:// and localhost only.")
        lines.append("    For phones in this network: wagu serve --lan")
    elif settings.tls == "self-signed":
        lines.append("    Phones warn once that nobody vouches for this certificate; go on there.")
    return [*lines, "    Ctrl-C stops it."]


def picture(settings: Settings) -> list[str]:
    """The address for phones, as a QR code for a terminal; nothing where there is none."""
    shown = next((each for each in reachable_at(settings) if each.startswith("https:")), None)
    if settings.tls != "self-signed" or shown is None:
        return []
    import segno  # noqa: PLC0415 - for a picture at the start

    drawn = io.StringIO()
    segno.make_qr(shown).terminal(drawn, border=2, compact=True)
    # Light modules are what is drawn: white on black, whatever the colours of the terminal are.
    return [f"\x1b[97;40m{line}\x1b[0m" for line in drawn.getvalue().splitlines()]


async def _start(settings: Settings, runner: web.AppRunner, listener: socket.socket) -> None:
    try:
        await runner.setup()
        await _listen(settings, runner, listener)
    except WaguError as error:
        raise CannotServe(error.message) from error
    except DataDirectoryInUse as error:
        raise CannotServe(f"{error}: stop it, or choose another with WAGU_DATA_DIR") from error
    except DatabaseIsNewer as error:
        raise CannotServe(str(error)) from error
    except DatabaseUnavailable as error:
        raise CannotServe(f"the database does not answer: {error}") from error
    except DBAPIError as error:
        raise CannotServe(f"the database cannot be used: {error.orig}") from error
    except OSError as error:
        raise CannotServe(_why_not(error, settings.host, settings.port)) from error


async def _listen(settings: Settings, runner: web.AppRunner, listener: socket.socket) -> None:
    media = runner.app[keys.MEDIA].accepts_tcp
    http = runner.server
    assert http is not None
    if settings.speaks_tls:
        context = await asyncio.to_thread(TlsContext, certificates(settings))
        await TlsSite(runner, listener, http, media, context, BACKLOG).start()
    elif media is None:
        await web.SockSite(runner, listener, backlog=BACKLOG).start()
    else:
        await _SharedSite(runner, listener, lambda: SharedPort(http, media)).start()


class _SharedSite(web.BaseSite):
    """A site whose connections are not all HTTP; the runner starts and stops it like any other."""

    def __init__(
        self, runner: web.AppRunner, listener: socket.socket, accept: Callable[[], SharedPort]
    ) -> None:
        super().__init__(runner, backlog=BACKLOG)
        self._listener = listener
        self._accept = accept

    @property
    def name(self) -> str:
        host, port = self._listener.getsockname()[:2]
        return f"http://{host}:{port}"

    async def start(self) -> None:
        await super().start()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._accept, sock=self._listener, backlog=self._backlog
        )


def _why_not(error: OSError, host: str, port: int) -> str:
    if isinstance(error, ssl.SSLError):
        return f"WAGU_TLS_CERT and WAGU_TLS_KEY are no certificate and its key in PEM: {error}"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use: stop what listens there, or choose another with WAGU_PORT"
    if error.errno == errno.EACCES and not error.filename:
        return f"port {port} may not be opened by this user: choose one above 1023 with WAGU_PORT"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"WAGU_HOST is no address of this machine: {host}"
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"{reason}: {error.filename}" if error.filename else reason


def _lacks_microphone(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return address.startswith("http:") and host not in lan.HERE
