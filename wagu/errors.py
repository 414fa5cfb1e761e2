"""The error tree of the application: every error has a stable code and a human sentence.

    WaguError
    ├── BadRequest       400  not what the protocol allows
    ├── Invalid          422  what was sent cannot be used; `field` names the culprit
    ├── Unauthenticated  401  who are you?
    ├── Forbidden        403  not yours to do
    ├── NotFound         404  no such thing
    ├── Gone             410  it was there, and is no more
    ├── NotAcceptable    406  what would be answered is not what may be answered
    ├── Conflict         409  not in this state
    ├── Stale            412  what the request was made for has changed since
    ├── Unconditional    428  says not what it was made for (If-Match)
    ├── TooLarge         413  more bytes than we read
    ├── UnsupportedMedia 415  not the content type that is read here
    ├── RateLimited      429  too often; `retry_after` says when to come back
    └── Unavailable      503  a part we need does not answer

HTTP answers and WebSocket `error` frames carry the same `code`; codes are `noun.reason`, e.g.
`ballot.full`.
"""

from __future__ import annotations

from typing import ClassVar


class WaguError(Exception):
    """Base of all errors that are meant to be read by a client."""

    status: ClassVar[int] = 500

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.field = field


class BadRequest(WaguError):
    status = 400


class Invalid(WaguError):
    status = 422


class Unauthenticated(WaguError):
    status = 401


class Forbidden(WaguError):
    status = 403


class NotFound(WaguError):
    status = 404


class NotAcceptable(WaguError):
    status = 406


class Gone(WaguError):
    status = 410


class Conflict(WaguError):
    status = 409


class Stale(WaguError):
    status = 412


class Unconditional(WaguError):
    status = 428


class TooLarge(WaguError):
    status = 413


class UnsupportedMedia(WaguError):
    status = 415


class RateLimited(WaguError):
    status = 429

    def __init__(self, code: str, message: str, *, retry_after: float) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


class Unavailable(WaguError):
    status = 503
