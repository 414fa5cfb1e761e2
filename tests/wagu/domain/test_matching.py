"""How well a name answers a question, and that an index by pieces would offer it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wagu.domain.hangul import words
from wagu.domain.matching import LONGEST_QUESTION, Question, name_grams, question, score
from wagu.errors import Invalid

SYLLABLES = st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣"))
NAMES = st.text(st.one_of(SYLLABLES, st.sampled_from(" abc019-")), min_size=1, max_size=20)
SINDANG = "신당동 원조 떡볶이"


def rate(text: str, name: str, address: str | None = None) -> float | None:
    return score(question(text), name, address)


def offered(asked: Question, name: str) -> bool:
    """What `wagu.db.search` asks of its index."""
    return len(asked.grams & name_grams(name)) >= asked.enough


@pytest.mark.parametrize(
    "text",
    [
        *("떡볶이", "떡뽁이", "떡복이", "떡볶", "떡ㅂ", "떡보", "떡뽂이", "덕볶이"),
        *("ㄸㅂㅇ", "ㅅㄷㄷ", "ㅇㅈ", "ㅅ", "ㅅㄷㄷㅇㅈㄸㅂㅇ", "ㅅㄷㄷ ㄸㅂㅇ"),
        *("신당", "신당동떡볶이", "신당동 떡볶이", "떡볶이 신당", "원조떡볶이", "신당동원조떡볶이"),
        *("신당 ㄸㅂㅇ", "신다", "원", "떠"),
    ],
)
def test_what_finds_it(text):
    assert rate(text, SINDANG) is not None
    assert offered(question(text), SINDANG)


@pytest.mark.parametrize(
    "text",
    ["김밥", "ㄱㅂ", "ㅂㅇㄸ", "떡볶이 김밥", "신당 ㄱㅂ", "", " ", "%", "🍜", "신림동 순대"],
)
def test_what_does_not(text):
    assert rate(text, SINDANG) is None


@pytest.mark.parametrize(
    ("text", "better", "worse"),
    [
        ("떡볶이", "떡볶이", "떡볶이 신당동"),
        ("떡볶이", "떡볶이 신당동", "신당동 떡볶이"),
        ("떡볶이", "신당동 떡볶이", "신당동 떡뽁이"),
        ("떡뽁이", "떡뽁이", "떡볶이"),
        ("떡볶이", "신당동 떡뽁이", "떡복기 집"),
        ("ㄸㅂㅇ", "떡볶이", "신당동 떡볶이"),
        ("bhc", "BHC치킨", "치킨 BHC"),
    ],
)
def test_the_order(text, better, worse):
    high, low = rate(text, better), rate(text, worse)
    assert high is not None
    assert low is not None
    assert high > low


def test_an_address_finds_a_place_after_its_name():
    assert rate("을지로", "면옥", "서울 중구 을지로 1") is not None
    assert rate("면옥 을지로", "면옥", "서울 중구 을지로 1") is not None
    assert rate("을지로", "면옥", None) is None
    by_address, by_name = rate("을지로", "면옥", "을지로"), rate("을지로", "을지로면옥", None)
    assert by_address is not None
    assert by_name is not None
    assert by_name > by_address


def test_a_question_has_an_end():
    question("가" * LONGEST_QUESTION)
    with pytest.raises(Invalid, match=r"search\.too_long"):
        question("가" * (LONGEST_QUESTION + 1))


@given(NAMES)
def test_a_name_finds_itself(name):
    assume(words(name))
    assert rate(name, name) is not None
    # One letter alone is looked for at the start of words only.
    assert offered(question(name), name)


@given(NAMES, st.data())
def test_a_part_of_a_word_finds_its_name(name, data):
    assume(words(name))
    word = data.draw(st.sampled_from(words(name)))
    part = word[: data.draw(st.integers(1, len(word)))]
    assert rate(part, name) is not None
    assert offered(question(part), name)


@given(st.text(max_size=LONGEST_QUESTION), st.text(max_size=60), st.text(max_size=60))
def test_anything_at_all(text, name, address):
    found = score(question(text), name, address)
    assert found is None or 1 <= found < 6
    assert all(len(gram) <= 8 for gram in name_grams(name)), "the column has room for eight"
