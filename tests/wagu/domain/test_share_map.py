"""Titles of shared maps."""

from __future__ import annotations

import pytest

from wagu.domain.share_map import share_map_title
from wagu.errors import Invalid


def test_titles():
    assert share_map_title(" 금요일  저녁 ", "지민") == "금요일 저녁"
    assert share_map_title(None, "지민") == "지민의 지도"
    assert share_map_title("  ", "지민") == "지민의 지도"
    for raw in ("x" * 61, "a\x00"):
        with pytest.raises(Invalid, match=r"share_map\.bad_title"):
            share_map_title(raw, "지민")
