"""NTP timestamps as RTCP carries them (RFC 3550 section 4): 64-bit 32.32 fixed point since 1900."""

from __future__ import annotations

UNIX_TO_NTP = 2_208_988_800
"""Seconds from 1900-01-01 to 1970-01-01."""


def from_unix(seconds: float) -> int:
    """Unix time in seconds → 64-bit NTP time."""
    whole = int(seconds)
    return ((whole + UNIX_TO_NTP) << 32 | int((seconds - whole) * 4294967296)) & 0xFFFFFFFFFFFFFFFF


def to_unix(ntp: int) -> float:
    """64-bit NTP time → Unix time in seconds."""
    return (ntp >> 32) - UNIX_TO_NTP + (ntp & 0xFFFFFFFF) / 4294967296


def middle(ntp: int) -> int:
    """The middle 32 bits, as LSR fields carry them: 16.16 fixed point seconds."""
    return (ntp >> 16) & 0xFFFFFFFF


def delay(seconds: float) -> int:
    """A duration as DLSR fields carry it: 1/65536 s, saturating."""
    return min(max(int(seconds * 65536), 0), 0xFFFFFFFF)
