"""Asks for an answer of one shape, down the ladder of what endpoints know:

    json_schema ──▶ json_object ──▶ text

A step down is taken where the endpoint does not know the way (400, 422, 501) or answers in another
shape; whatever way it came, the answer is validated. Where a step down helped, the next question
starts there.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Sequence
from typing import Any

import msgspec
import openai

from wagu.ai.failures import REFUSALS, CutOff, NotAnAnswer, Refused
from wagu.ai.plain import Leak, holds
from wagu.ai.prompt import SUGGESTION_SCHEMA, suggestion_messages
from wagu.ai.service import Service
from wagu.domain.draft import Language
from wagu.domain.suggestion import Suggestion, suggestion_of

LONGEST_ANSWER = 8_000
"""Characters: ten names of dishes, each in all languages, are less."""

DOES_NOT_KNOW = frozenset({400, 422, 501})
"""What servers say to a `response_format` that is not theirs."""


class Rung(enum.IntEnum):
    SCHEMA = 0
    OBJECT = 1
    TEXT = 2


class _Message(msgspec.Struct, frozen=True):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    message: _Message
    finish_reason: str | None = None


class _Completion(msgspec.Struct, frozen=True):
    choices: list[_Choice]


class _Said(msgspec.Struct, frozen=True):
    category: str | None = None
    dishes: list[str] = []


class Suggester:
    def __init__(self, client: openai.AsyncOpenAI, service: Service) -> None:
        self._client = client
        self._service = service
        self._first = Rung.SCHEMA

    async def suggest(self, photos: Sequence[bytes], language: Language) -> Suggestion:
        """All steps within the one deadline. Raises what `failures.failure_of` reads."""
        async with asyncio.timeout(self._service.timeout):
            unknown: list[Rung] = []
            for rung in Rung:
                if rung < self._first:
                    continue
                try:
                    found = await self._ask(photos, language, rung)
                except openai.APIStatusError as error:
                    if rung is Rung.TEXT or not _does_not_know(error):
                        raise
                    unknown.append(rung)
                except NotAnAnswer:
                    if rung is Rung.TEXT:
                        raise
                else:
                    self._first = Rung(max((*unknown, self._first - 1)) + 1)
                    return found
        raise NotAnAnswer

    async def _ask(self, photos: Sequence[bytes], language: Language, rung: Rung) -> Suggestion:
        answer: Any = await self._client.chat.completions.create(
            model=self._service.model,
            messages=suggestion_messages(photos, language),
            **_format(rung),
        )
        said = _read(_text_of(answer))
        for text in (*said.dishes, "".join(said.dishes), said.category or ""):
            if holds(text, self._service.api_key):
                raise Leak
        return suggestion_of(said.category, said.dishes)


def _format(rung: Rung) -> dict[str, Any]:
    if rung is Rung.TEXT:
        return {}
    if rung is Rung.OBJECT:
        return {"response_format": {"type": "json_object"}}
    schema = {"name": "suggestion", "strict": True, "schema": SUGGESTION_SCHEMA}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _text_of(answer: Any) -> str:
    """The SDK takes any JSON for a completion, and no JSON for a text; we do not."""
    try:
        completion = msgspec.convert(answer.to_dict(warnings=False), _Completion)
        choice = completion.choices[0]
    except (msgspec.ValidationError, AttributeError, TypeError, IndexError):
        raise NotAnAnswer from None
    if choice.message.refusal or choice.finish_reason in REFUSALS:
        raise Refused
    if choice.finish_reason == "length":
        raise CutOff
    text = choice.message.content or ""
    if len(text) > LONGEST_ANSWER:
        raise NotAnAnswer
    return text


def _read(text: str) -> _Said:
    """The object in it: models that were asked for JSON alone like to put a fence around it."""
    inside = text[text.find("{") : text.rfind("}") + 1]
    try:
        return msgspec.json.decode(inside, type=_Said)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise NotAnAnswer from None


def _does_not_know(error: openai.APIStatusError) -> bool:
    return error.status_code in DOES_NOT_KNOW and error.code not in REFUSALS
