"""Pieces of text: visible, bounded, and never the secret."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagu.ai.plain import Leak, PlainText

SECRET = "sk-aabaabaaabb-1"


def through(text: PlainText, *pieces: str) -> list[str]:
    return [*(text.take(piece) for piece in pieces), text.rest()]


def test_text_passes_at_once():
    assert through(PlainText(100), "가", " 나\n", "다") == ["가", " 나\n", "다", ""]


def test_what_draws_nothing_is_dropped():
    assert through(PlainText(100), "\n 가\x00\x1b[31m\u202e\ufeff나\ud83d\t다")[0] == "가[31m나 다"


def test_a_bound():
    text = PlainText(3)
    assert text.take("가나") == "가나"
    assert not text.full
    assert text.take("다라") == "다"
    assert text.full
    assert text.take("마") == ""


def test_what_begins_like_the_secret_waits():
    text = PlainText(100, SECRET)
    assert text.take("key sk-aab") == "key "
    assert text.take("x") == "sk-aabx"
    assert text.take("s") == ""
    assert text.rest() == "s"


@given(st.lists(st.integers(1, len(SECRET) - 1)), st.text(max_size=20))
def test_the_secret_never_comes_out_however_it_is_cut(cuts, before):
    whole = f"{before}{SECRET} and more"
    places = [0, *sorted({len(before) + cut for cut in cuts}), len(whole)]
    text, shown = PlainText(1000, SECRET), ""
    for start, end in pairwise(places):
        try:
            shown += text.take(whole[start:end])
        except Leak:
            break
    else:
        pytest.fail("nothing was noticed")
    assert SECRET not in shown


@given(st.lists(st.text(alphabet="sk-ab1 ", max_size=5)))
def test_nothing_else_is_lost(pieces):
    text = PlainText(1000, SECRET)
    if SECRET not in "".join(pieces):
        assert "".join(through(text, *pieces)) == "".join(pieces).lstrip()


def test_a_short_key_is_a_word():
    assert through(PlainText(100, "ollama"), "ollama")[0] == "ollama"


def test_a_blank_after_what_was_held_back_is_kept():
    assert "".join(through(PlainText(100, SECRET), SECRET[0], " x")) == SECRET[0] + " x"
