"""How a page's media travels: the pair of candidates that its connection has chosen."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from tests.browser.pages.visitor import Visitor


@dataclass(frozen=True)
class Way:
    protocol: str
    """`udp` or `tcp`"""
    server: str
    """The server's address."""

    @property
    def version(self) -> int:
        return ip_address(self.server).version


async def way_of(visitor: Visitor) -> Way:
    """Of the one connection that is open."""
    (transport,) = await visitor.page.evaluate("peerStats('transport')")
    pairs = await visitor.page.evaluate("peerStats('candidate-pair')")
    remotes = await visitor.page.evaluate("peerStats('remote-candidate')")
    (pair,) = [each for each in pairs if each["id"] == transport["selectedCandidatePairId"]]
    (remote,) = [each for each in remotes if each["id"] == pair["remoteCandidateId"]]
    return Way(remote["protocol"], remote["address"])
