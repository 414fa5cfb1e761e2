"""The addresses that other machines of the same network find this one at."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

HERE = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::", "")
"""What WAGU_HOST may be for all addresses of the machine."""


def addresses() -> list[str]:
    """IPv4, as those are the ones that people type."""
    import ifaddr  # noqa: PLC0415 - for a few lines at the start

    found: list[str] = []
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            with suppress(ValueError):
                address = ipaddress.ip_address(entry.ip if isinstance(entry.ip, str) else "")
                if not address.is_loopback and not address.is_link_local:
                    found.append(str(address))
    return found
