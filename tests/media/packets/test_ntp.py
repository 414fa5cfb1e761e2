"""NTP time, against the two instants whose values are known by heart."""

from __future__ import annotations

import pytest

from media.packets import ntp


def test_the_unix_epoch() -> None:
    assert ntp.from_unix(0) == 2_208_988_800 << 32


def test_half_a_second_is_the_top_bit_of_the_fraction() -> None:
    assert ntp.from_unix(0.5) & 0xFFFFFFFF == 0x80000000


def test_there_and_back() -> None:
    assert ntp.to_unix(ntp.from_unix(1_790_000_000.125)) == 1_790_000_000.125


def test_the_middle_is_16_16_seconds() -> None:
    # RFC 3550 section 6.4.1, figure 2.
    assert ntp.middle(0xB44DB705_20000000) == 0xB7052000


@pytest.mark.parametrize(("seconds", "field"), [(5.25, 0x54000), (-1.0, 0), (1e9, 0xFFFFFFFF)])
def test_delays_saturate(seconds: float, field: int) -> None:
    assert ntp.delay(seconds) == field
