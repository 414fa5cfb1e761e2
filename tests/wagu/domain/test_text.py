"""What people type, on one line and on several."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagu.domain.text import clean_line, clean_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  지민 ", "지민"),
        ("a \u3000 b", "a b"),
        ("\u1112\u1161\u1102\u1173\u11af", "하늘"),
        ("e\u0301", "é"),
        ("👩‍🍳", "👩‍🍳"),
        ("x" * 20, "x" * 20),
    ],
)
def test_good_lines(raw, clean):
    assert clean_line(raw, 20) == clean


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "   ",
        "\u3164",
        "\u200b",
        "a\u202eb",
        "a\u2066b",
        "a\x00b",
        "a\nb",
        "a\tb",
        "\ud800",
        "\ue000",
        "x" * 21,
    ],
)
def test_bad_lines(raw):
    assert clean_line(raw, 20) is None


@given(st.text(max_size=40))
def test_what_is_clean_stays_clean(raw):
    clean = clean_line(raw, 20)
    if clean is not None:
        assert 1 <= len(clean) <= 20
        assert clean == clean.strip()
        assert clean_line(clean, 20) == clean
        clean.encode()


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("", ""),
        (" \n\t ", ""),
        ("  맛있다 \r\n\r\n정말\t! ", "맛있다\n\n정말 !"),
        ("a\rb\u2028c\x0bd", "a\nb\nc\nd"),
        ("\u1112\u1161\u1102\u1173\u11af", "하늘"),
        ("a\u200bb\u202ec\x00d\ud800e\ufeff", "abcde"),
        ("👩‍🍳", "👩‍🍳"),
        ("x" * 20, "x" * 20),
        ("x" * 21, None),
    ],
)
def test_several_lines(raw, clean):
    assert clean_text(raw, 20) == clean


@given(st.text(max_size=40))
def test_lines_that_are_clean_stay_clean(raw):
    clean = clean_text(raw, 40)
    if clean is not None:
        assert clean_text(clean, 40) == clean
        assert clean == clean.strip()
        clean.encode()
