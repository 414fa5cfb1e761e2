"""One OpenAI-compatible endpoint, spoken to through its SDK and believed in nothing.

Importing the SDK takes 2.5 s, so this module is imported late (see drafts).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any

import msgspec
import openai
import structlog

from wagu.ai.bounded import plain_client
from wagu.ai.events import Delta, Done, Event, Failed
from wagu.ai.failures import REFUSALS, CutOff, NotAnAnswer, Refused, failure_of, reason_of
from wagu.ai.plain import PlainText, TooLong
from wagu.ai.prompt import messages
from wagu.ai.service import Service
from wagu.ai.suggester import Suggester
from wagu.domain.draft import LONGEST_DRAFT, Brief, Language, Origin
from wagu.domain.suggestion import Suggestion

log = structlog.get_logger("wagu.ai")

NO_KEY = "none"
"""Servers at home want none; the SDK wants one."""


class _Delta(msgspec.Struct, frozen=True):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Chunk(msgspec.Struct, frozen=True):
    """What we read of a chunk. The last one, with the bill, has no choices."""

    choices: list[_Choice] | None = None


class Endpoint:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._client = openai.AsyncOpenAI(
            base_url=service.base_url,
            api_key=service.api_key or NO_KEY,
            timeout=service.timeout,
            max_retries=0,  # a person waits, and may press the button again
            http_client=plain_client(),
        )
        self._suggester = Suggester(self._client, service)

    async def close(self) -> None:
        await self._client.close()

    async def write(self, brief: Brief) -> AsyncGenerator[Event, None]:
        """Deltas, then Done or Failed. Closing it early closes the connection."""
        text = PlainText(LONGEST_DRAFT, self._service.api_key)
        pieces = self._pieces(brief)
        async with contextlib.aclosing(pieces):
            try:
                async for piece in pieces:
                    if shown := text.take(piece):
                        yield Delta(shown)
                    if text.full:
                        raise TooLong
                if rest := text.rest():
                    yield Delta(rest)
                if text.empty:
                    raise NotAnAnswer
            except CutOff as error:  # before the first word there is nothing that it cut
                yield _no_draft(NotAnAnswer() if text.empty else error)
            except Exception as error:
                yield _no_draft(error)
            else:
                yield Done(Origin.AI)

    async def suggest(self, photos: Sequence[bytes], language: Language) -> Suggestion | Failed:
        try:
            return await self._suggester.suggest(photos, language)
        except Exception as error:
            failure = failure_of(error)
            log.warning("x no suggestion", code=failure.code, why=reason_of(error))
            return failure

    async def _pieces(self, brief: Brief) -> AsyncGenerator[str, None]:
        """The text as it comes, until the model says that it has finished."""
        async with contextlib.aclosing(self._chunks(brief)) as chunks:
            async for chunk in chunks:
                for choice in (chunk.choices or ())[:1]:
                    if choice.delta is not None:
                        if choice.delta.refusal:
                            raise Refused
                        if choice.delta.content:
                            yield choice.delta.content
                    if choice.finish_reason in REFUSALS:
                        raise Refused
                    if choice.finish_reason:
                        return  # whatever would follow
        raise CutOff

    async def _chunks(self, brief: Brief) -> AsyncGenerator[_Chunk, None]:
        """All within one deadline, which never runs out in the consumer's code."""
        deadline = asyncio.get_running_loop().time() + self._service.timeout
        async with asyncio.timeout_at(deadline):
            stream = await self._client.chat.completions.create(
                model=self._service.model, messages=messages(brief), stream=True
            )
        try:
            while True:
                async with asyncio.timeout_at(deadline):
                    chunk = await _next(stream)
                if chunk is None:
                    return
                yield _read(chunk)
        finally:
            await stream.close()


def _no_draft(error: Exception) -> Failed:
    failure = failure_of(error)
    log.warning("x no draft", code=failure.code, why=reason_of(error))
    return failure


async def _next(stream: AsyncIterator[Any]) -> Any:
    try:
        return await anext(stream)
    except StopAsyncIteration:
        return None


def _read(chunk: Any) -> _Chunk:
    """The SDK takes any JSON for a chunk; we do not."""
    try:
        return msgspec.convert(chunk.to_dict(warnings=False), _Chunk)
    except (msgspec.ValidationError, AttributeError, TypeError):
        raise NotAnAnswer from None
