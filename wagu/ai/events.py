"""What comes out while a draft is written: pieces of text, then how it ended, exactly once.

    ai.timeout        nothing, or not everything, came in time
    ai.busy           too many at once, here or there; `retry_after` may say when to come back
    ai.unavailable    no connection, or an error of theirs
    ai.misconfigured  they refuse the request itself: the key, the model, the address
    ai.refused        they do not want to write this
    ai.broken         what came is no answer: not the format, too many bytes, or nothing at all
    ai.cut_off        the stream ended before the text did
    ai.too_long       the text does not end

Text that came before a failure stays with who asked. Messages never quote the endpoint.
"""

from __future__ import annotations

from dataclasses import dataclass

from wagu.domain.draft import Origin

_MESSAGES = {
    "ai.timeout": "AI가 제때 답하지 않았어요. 다시 시도해 주세요.",
    "ai.busy": "지금 AI를 쓰는 사람이 많아요. 잠시 뒤에 다시 해 주세요.",
    "ai.unavailable": "AI에 닿지 않아요. 잠시 뒤에 다시 해 주세요.",
    "ai.misconfigured": "AI 설정에 문제가 있어요. 서버 관리자에게 알려 주세요.",
    "ai.refused": "AI가 이 글은 쓰지 않겠다고 해요. 내용을 바꿔 보세요.",
    "ai.broken": "AI의 답을 읽을 수 없어요. 다시 시도해 주세요.",
    "ai.cut_off": "AI의 답이 중간에 끊겼어요. 쓰인 데까지 남겨 둘게요.",
    "ai.too_long": "초안이 너무 길어서 멈췄어요. 쓰인 데까지 남겨 둘게요.",
}


@dataclass(frozen=True, slots=True)
class Delta:
    """More plain text: no markup in it means anything."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    origin: Origin


@dataclass(frozen=True, slots=True)
class Failed:
    code: str
    message: str
    retry_after: float | None = None


Event = Delta | Done | Failed


def failed(code: str, retry_after: float | None = None) -> Failed:
    """One of the codes above."""
    return Failed(code, _MESSAGES[code], retry_after)
