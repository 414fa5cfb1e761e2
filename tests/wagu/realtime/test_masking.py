"""Both ways to take a mask off, against one byte after the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from aiohttp._websocket import helpers
from hypothesis import given
from hypothesis import strategies as st

from wagu.realtime.masking import by_number, unmask

masks = st.binary(min_size=4, max_size=4)


@pytest.mark.parametrize("way", [unmask, by_number])
@given(mask=masks, text=st.binary(max_size=140))
def test_each_byte_with_its_own_of_the_mask(
    way: Callable[[bytes, bytearray], None], mask: bytes, text: bytes
) -> None:
    data = bytearray(text)
    way(mask, data)
    assert data == bytes(byte ^ mask[n % 4] for n, byte in enumerate(text))


def test_aiohttp_still_has_its_own() -> None:
    assert unmask is helpers.websocket_mask
