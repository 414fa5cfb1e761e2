"""What went wrong with an endpoint: our exceptions for it, and the one code that each stands for.

Nothing of the endpoint's own words gets further than here: they like to quote the key.
"""

from __future__ import annotations

import openai

from wagu.ai.bounded import Unreadable
from wagu.ai.events import Failed, failed
from wagu.ai.plain import TooLong

LONGEST_WAIT = 3600.0
REFUSALS = frozenset({"content_filter", "content_policy_violation"})


class Refused(Exception):
    """The model, or a filter before it, will not write this."""


class CutOff(Exception):
    """The answer is over, what it had to say is not."""


class NotAnAnswer(Exception):
    """JSON, but not that of a chat completion; or an answer without a word, or not of the shape
    that was asked for."""


OURS: dict[type[Exception], str] = {
    TimeoutError: "ai.timeout",
    openai.APITimeoutError: "ai.timeout",
    Refused: "ai.refused",
    TooLong: "ai.too_long",
    CutOff: "ai.cut_off",
}


def failure_of(error: Exception) -> Failed:
    """For whoever asked."""
    if isinstance(error, openai.APIStatusError):
        return _refused_request(error)
    code = OURS.get(type(error))
    if code is None:
        # What is left: not JSON, not a chunk, no word, our key, or a bug of the SDK.
        code = _in_stream(error) if isinstance(error, openai.APIError) else "ai.broken"
    return failed(code)


def _in_stream(error: openai.APIError) -> str:
    """The connection failed, or an error came along it."""
    if isinstance(error.__cause__, Unreadable):
        return "ai.broken"
    return "ai.refused" if error.code in REFUSALS else "ai.unavailable"


def _refused_request(error: openai.APIStatusError) -> Failed:
    if error.code in REFUSALS:
        return failed("ai.refused")
    if error.status_code == 429:
        return failed("ai.busy", _retry_after(error.response.headers.get("retry-after", "")))
    if error.status_code == 408 or error.status_code >= 500:
        return failed("ai.unavailable")
    return failed("ai.misconfigured")


def _retry_after(text: str) -> float | None:
    """Seconds, if it is a sensible number of them; a date is not worth reading."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    return max(1.0, min(float(text), LONGEST_WAIT))


def reason_of(error: Exception) -> str:
    """For the log: kinds and numbers, as the endpoint's own words may quote the key."""
    kind = type(error).__name__
    cause = error.__cause__
    if isinstance(error, openai.APIStatusError):
        return f"{kind} {error.status_code}"
    return f"{kind} from {type(cause).__name__}" if cause is not None else kind
