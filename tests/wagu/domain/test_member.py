"""Usernames, passwords, names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagu.domain.member import Member, display_name, password_of, username_of
from wagu.domain.person import MemberId, Person, PersonId
from wagu.errors import Invalid


def test_usernames_are_lower_cased():
    assert username_of(" Ji_Min.95 ") == "ji_min.95"
    assert username_of("a" * 30) == "a" * 30


@pytest.mark.parametrize(
    "raw", ["ab", "a" * 31, "지민", "a b", "a-b", "", "ａｂｃ", "aﬁre", "a\nb"]
)
def test_other_usernames_are_refused(raw):
    with pytest.raises(Invalid) as caught:
        username_of(raw)
    assert (caught.value.code, caught.value.field) == ("member.bad_username", "username")


def test_passwords_keep_their_spaces_and_are_composed():
    assert password_of("  가나다 12  ") == "  가나다 12  "
    assert password_of("\u1100\u1161" * 8) == "가" * 8
    assert len(password_of("x" * 200)) == 200


@pytest.mark.parametrize(
    "raw", ["", "1234567", "x" * 201, "\u1100\u1161" * 4, "a\x00bcdefgh", "\ud800" * 8]
)
def test_other_passwords_are_refused(raw):
    with pytest.raises(Invalid) as caught:
        password_of(raw)
    assert caught.value.code == "member.bad_password"


def test_names():
    assert display_name(" 지민  킴 ") == "지민 킴"
    with pytest.raises(Invalid, match=r"guest\.bad_name"):
        display_name("", code="guest.bad_name")


def test_a_member_acts_as_a_person():
    member = Member(MemberId(12), "jimin", "지민", True)
    assert member.person == Person(PersonId("m_12"), "member", "지민", MemberId(12), True)


@given(st.text(max_size=40))
def test_any_text_is_a_username_or_refused(raw):
    try:
        username = username_of(raw)
    except Invalid:
        return
    assert username_of(username) == username
    assert username.isascii()
