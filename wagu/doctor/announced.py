"""The addresses that browsers are told to send media to, against what links say."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from media.transport.addresses import machine_addresses
from wagu.doctor.finding import Finding, ok, problem
from wagu.settings import Settings

EVERYWHERE = {"": "4 and 6", "::": "4 and 6", "0.0.0.0": "4"}


def addresses(settings: Settings) -> tuple[str, ...]:
    """As the server announces them (`media.transport.hub`)."""
    if settings.media_addresses:
        return settings.media_addresses
    if settings.host not in EVERYWHERE:
        return (settings.host,)
    own = machine_addresses()
    return tuple(each for each in own if ":" not in each or "6" in EVERYWHERE[settings.host])


def check(settings: Settings, announced: Sequence[str]) -> list[Finding]:
    shown = ", ".join(announced)
    if not announced:
        text = "no address to announce: nobody could be heard"
        return [problem("addresses", text, "Set WAGU_MEDIA_ADDRESSES to this machine's address.")]
    if is_public(urlsplit(settings.origin).hostname or "") and not any(map(_is_global, announced)):
        text = f"links lead to {settings.origin}, but media only to {shown}"
        advice = (
            "Behind NAT or in a container: WAGU_MEDIA_ADDRESSES=<public address>,<address at home>"
        )
        return [problem("addresses", text, advice)]
    return [ok("addresses", f"media is sent to {shown}")]


def is_public(host: str) -> bool:
    """Whether strangers are meant to come: a global address, or a name out of the public tree."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        name = host.rstrip(".").lower()
        return "." in name and not name.endswith((".local", ".lan", ".home.arpa", ".internal"))


def _is_global(address: str) -> bool:
    return ipaddress.ip_address(address).is_global
