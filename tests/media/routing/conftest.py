"""Tracks to send on, for what receives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from media.codecs import Codec
from media.packets.rtp import RtpPacket, Ssrc
from media.routing.encoding import Encoding
from media.routing.publication import Publication


class Sender:
    """One stream of a publisher: its packets are received by the publication."""

    def __init__(
        self, rtp: Callable[..., RtpPacket], publication: Publication, rid: str, ssrc: int
    ) -> None:
        encoding = publication.encoding(rid, Ssrc(ssrc))
        assert encoding is not None
        self.encoding: Encoding = encoding
        self._publication = publication
        self._rtp = rtp
        self._ssrc = ssrc

    def send(self, sequence: int, payload: bytes, now: float = 0.0, **header: Any) -> None:
        level = header.pop("level", -1)
        packet = self._rtp(payload, ssrc=self._ssrc, sequence=sequence, **header)
        self._publication.receive(self.encoding, packet, now, level)


@pytest.fixture(scope="session")
def sender_of(rtp: Callable[..., RtpPacket]) -> Callable[..., Sender]:
    """sender_of(publication, rid, ssrc)"""

    def make(publication: Publication, rid: str = "", ssrc: int = 0x1000) -> Sender:
        return Sender(rtp, publication, rid, ssrc)

    return make


@pytest.fixture
def video(codecs: Mapping[str, Codec]) -> Publication:
    return Publication(codecs["vp8"])


@pytest.fixture
def audio(codecs: Mapping[str, Codec]) -> Publication:
    return Publication(codecs["opus"])
