"""Which provider the host has chosen, built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from wagu.places.kakao import Kakao
from wagu.places.naver import Naver
from wagu.places.nominatim import Nominatim
from wagu.places.photon import Photon
from wagu.places.provider import Provider

Outside = Literal["kakao", "naver", "photon", "nominatim"]


@dataclass(frozen=True, slots=True)
class Access:
    """`agent` says who asks, to those who want to know; `url` is that of one's own server."""

    agent: str
    client_id: str = ""
    key: str = field(default="", repr=False)
    url: str | None = None


def provider_of(kind: Outside, access: Access, clock: Callable[[], float]) -> Provider:
    match kind:
        case "kakao":
            return Kakao(access.key, access.url)
        case "naver":
            return Naver(access.client_id, access.key, access.url)
        case "photon":
            return Photon(access.agent, access.url)
        case "nominatim":
            return Nominatim(access.agent, clock, access.url)
