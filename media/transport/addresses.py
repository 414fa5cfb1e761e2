"""The addresses under which this machine can be reached, for ICE candidates."""

from __future__ import annotations

import ipaddress

import ifaddr


def machine_addresses() -> list[str]:
    """Addresses of all interfaces: the widest reach first, IPv4 before IPv6, loopback last.

    Link-local ones are left out. Loopback (IPv4's is enough) serves a browser on the same machine.
    """
    found = {
        ipaddress.ip_address(ip.ip[0] if isinstance(ip.ip, tuple) else ip.ip)
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    }
    usable = [
        address
        for address in found
        if not address.is_link_local and not (address.version == 6 and address.is_loopback)
    ]
    usable.sort(key=lambda each: (each.is_loopback, each.is_private, each.version, int(each)))
    return [str(address) for address in usable]
