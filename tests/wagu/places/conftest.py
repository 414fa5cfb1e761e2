"""A fake of all four providers, and each of ours on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.places import CLIENT_ID, KEY, FakePlaces, fake_places
from wagu.places.kakao import Kakao
from wagu.places.naver import Naver
from wagu.places.nominatim import Nominatim
from wagu.places.photon import Photon
from wagu.places.provider import Provider

AGENT = "wagu-book/0 (test)"


class Time:
    """A clock that moves by sleeping only."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def fake() -> AsyncIterator[FakePlaces]:
    async with fake_places() as fake:
        yield fake


@pytest.fixture
async def providers(fake: FakePlaces, time: Time) -> AsyncIterator[dict[str, Provider]]:
    made: list[Provider] = [
        Kakao(KEY, fake.url),
        Naver(CLIENT_ID, KEY, fake.url),
        Photon(AGENT, fake.url),
        Nominatim(AGENT, time, fake.url, time.sleep),
    ]
    yield {provider.name: provider for provider in made}
    for provider in made:
        await provider.close()


@pytest.fixture(params=["kakao", "naver", "photon", "nominatim"])
def provider(request: pytest.FixtureRequest, providers: dict[str, Provider]) -> Provider:
    return providers[request.param]


@pytest.fixture
def kakao(providers: dict[str, Provider]) -> Provider:
    return providers["kakao"]
