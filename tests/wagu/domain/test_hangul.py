"""Korean in letters: taken apart, folded, and never lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagu.domain import hangul
from wagu.domain.hangul import INITIALS, initials, is_initials, ngrams, search_text, spell, words

SYLLABLES = st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣"))
NAMES = st.text(st.one_of(SYLLABLES, st.sampled_from("abcXYZ019 -&.!ㄱㅏ")), max_size=20)


@pytest.mark.parametrize(
    ("text", "spelled", "first"),
    [
        ("떡볶이", "ㄷㅓㄱㅂㅗㄱㅇㅣ", "ㄸㅂㅇ"),
        ("닭갈비", "ㄷㅏㄹㄱㄱㅏㄹㅂㅣ", "ㄷㄱㅂ"),
        ("과일", "ㄱㅗㅏㅇㅣㄹ", "ㄱㅇ"),
        ("의 왕", "ㅇㅡㅣㅇㅗㅏㅇ", "ㅇㅇ"),
        ("ㄸㅂㅇ", "ㄷㅂㅇ", "ㄸㅂㅇ"),
        ("Café 100%", "cafe100", "cafe100"),
        ("GS25 편의점", "gs25ㅍㅕㄴㅇㅡㅣㅈㅓㅁ", "gs25ㅍㅇㅈ"),
        ("１２ ⅷ ﬁ", "12viiifi", "12viiifi"),
        ("東京 カフェ", "東京カフェ", "東京カフェ"),
        ("", "", ""),
        (" -·!", "", ""),
        ("\u3164\u115f", "", ""),
        ("🍜 라면", "ㄹㅏㅁㅕㄴ", "ㄹㅁ"),
    ],
)
def test_examples(text, spelled, first):
    assert spell(text) == spelled
    assert initials(text) == first


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("떡볶이", "떡뽁이"),
        ("떡볶이", "떡복이"),
        ("김치찌개", "김치찌게"),
        ("육개장", "육계장"),
        ("돈까스", "돈가스"),
        ("쭈꾸미", "주꾸미"),
        ("왜", "웨"),
        ("외", "왜"),
        ("된장 찌개", "된장찌개"),
        ("ABC 커피", "abc커피"),
    ],
)
def test_what_sounds_alike_is_spelled_alike(one, other):
    assert spell(one) == spell(other)


@pytest.mark.parametrize(("one", "other"), [("감자", "김자"), ("국밥", "국밤"), ("면", "멸")])
def test_what_does_not_is_not(one, other):
    assert spell(one) != spell(other)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("ㄸㅂㅇ", True),
        ("ㅅㄷ ㄸ", True),
        ("ㄱ", True),
        ("", False),
        (" ", False),
        ("ㅏ", False),
        ("ㄳ", False),
        ("ㄸㅂ이", False),
        ("abc", False),
    ],
)
def test_first_consonants(text, yes):
    assert is_initials(text) is yes


@given(st.text(SYLLABLES, min_size=1, max_size=20))
def test_syllables_come_apart_as_unicode_says(text):
    """NFD is the other way to take them apart: as many letters, with the same first consonants."""
    lead = [char for char in unicodedata.normalize("NFD", text) if "\u1100" <= char <= "\u1112"]
    assert initials(text) == "".join(INITIALS[ord(char) - 0x1100] for char in lead)
    assert len(spell(text)) >= len(unicodedata.normalize("NFD", text))


@given(NAMES, NAMES)
def test_what_is_typed_is_on_the_way_to_what_is_meant(start, rest):
    """Search as you type: a name's first syllables are spelled as its beginning."""
    whole = unicodedata.normalize("NFC", start + " " + rest)
    assert spell(whole).startswith(spell(start))
    assert initials(whole).startswith(initials(start))


@given(st.text(SYLLABLES, min_size=1, max_size=5))
def test_every_key_press_is_on_the_way(text):
    """A keyboard shows each letter as it is pressed: 떠, 떡, 떡ㅂ, 떡보, …"""
    letters = unicodedata.normalize("NFD", text)
    for pressed in range(1, len(letters) + 1):
        half = unicodedata.normalize("NFC", letters[:pressed])
        assert spell(text).startswith(spell(half))


@given(st.text(max_size=40))
def test_anything_at_all(text):
    spelled = spell(text)
    assert spell(spelled) == spelled
    assert not any(char.isspace() for char in spelled)
    assert spell(unicodedata.normalize("NFD", text)) == spell(unicodedata.normalize("NFC", text))
    assert all(word and word == "".join(words(word)) for word in words(text))


@given(st.text(st.one_of(SYLLABLES, st.characters(max_codepoint=0x7F)), max_size=30))
def test_the_short_way_is_the_long_way(text):
    assert words(text) == "".join(hangul._plain(text)).split()


@given(st.text(max_size=12), st.integers(1, 4))
def test_ngrams(text, size):
    grams = list(ngrams(text, size))
    assert len(grams) == max(0, len(text) - size + 1)
    assert all(len(gram) == size and gram in text for gram in grams)


def test_search_text_has_names_and_their_initials():
    assert search_text(("지민", "jimin")) == "ㅈㅣㅁㅣㄴ|jimin#ㅈㅁ|jimin"
    assert search_text(()) == "#"
