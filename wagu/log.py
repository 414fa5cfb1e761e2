"""Structured logs on standard error: for eyes, or one JSON object a line.

Grammar: `< in`, `> out`, `= state`, `x dropped: why`. Never a password, cookie, token or SDP.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog
from aiohttp.http import HttpProcessingError
from structlog.typing import Processor

NOISY = (
    *("aiosqlite", "aiortc", "aioice", "asyncio", "aiohttp.access", "alembic"),
    *("openai", "httpx2", "httpcore2"),
)
"""Their chatter is about their insides: aioice even logs every STUN message. The last three would
log the address of the model, which may hold a secret, and at `debug` what people wrote to it."""


def configure(level: str, form: Literal["console", "json"]) -> None:
    """Ours and the libraries' records leave by the same handler. Once per process."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # No line says where in the code or by which thread it was written, so nobody has to find out:
    # a quarter of what a line takes (Python's logging HOWTO, "Optimization").
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_final(form)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(_is_ours)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _is_ours(record: logging.LogRecord) -> bool:
    """Bytes that are no HTTP are the sender's fault, and come by the thousand from scanners."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def _final(form: Literal["console", "json"]) -> list[Processor]:
    if form == "json":
        return [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    # Plain tracebacks: the pretty ones show local variables, where the secrets are.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
