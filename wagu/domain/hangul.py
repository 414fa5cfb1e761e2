"""Korean as search sees it, in letters (jamo) instead of syllables, so that half-typed words, first
consonants and the usual misspellings find what is meant.

    떡볶이  ─ spell ─▶ ㄷㅓㄱㅂㅗㄱㅇㅣ ◀─ spell ─  떡뽁이
            ─ initials ─▶ ㄸㅂㅇ

Syllables are taken apart by arithmetic (Unicode 16, 3.12). Letters of other scripts and digits stay
as they are, in lower case and without accents; white space and signs do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST, _LAST = ord("가"), ord("힣")
_USUAL = re.compile("[가-힣\x00-\x7f]*")  # most names: 20 times faster than `_plain`
_SIGNS = re.compile("[^가-힣a-z0-9\\s]")
_FILLERS = "\u115f\u1160"  # letters that draw nothing


def _table(entries: str) -> dict[str, str]:
    pairs = (entry.partition("=") for entry in entries.split())
    return {letter: written for letter, _, written in pairs}


# What is typed as two keys is two letters: 달ㄱ is on the way to 닭, 고 on the way to 과.
_PARTS = _table("""
    ㄳ=ㄱㅅ ㄵ=ㄴㅈ ㄶ=ㄴㅎ ㄺ=ㄹㄱ ㄻ=ㄹㅁ ㄼ=ㄹㅂ ㄽ=ㄹㅅ ㄾ=ㄹㅌ ㄿ=ㄹㅍ ㅀ=ㄹㅎ ㅄ=ㅂㅅ
    ㅘ=ㅗㅏ ㅝ=ㅜㅓ ㅟ=ㅜㅣ ㅢ=ㅡㅣ
""")
# What sounds alike is written alike: tense and plain (떡볶이, 떡뽁이; 돈까스, 돈가스), and the
# vowels that most speakers no longer tell apart (찌개, 찌게; 육개장, 육계장; 왜, 외, 웨).
_ALIKE = _table("""
    ㄲ=ㄱ ㄸ=ㄷ ㅃ=ㅂ ㅆ=ㅅ ㅉ=ㅈ
    ㅔ=ㅐ ㅖ=ㅐ ㅒ=ㅐ ㅙ=ㅗㅐ ㅞ=ㅗㅐ ㅚ=ㅗㅐ
""")
_FOLDED = _PARTS | _ALIKE


def spell(text: str) -> str:
    """The letters of `text` as they sound, without white space and signs."""
    return "".join(map(_spelled, "".join(words(text))))


def initials(text: str) -> str:
    """The first consonant of each syllable, tense ones as such; other characters stay."""
    return "".join(map(_initial, "".join(words(text))))


def is_initials(text: str) -> bool:
    """Whether somebody typed first consonants only, as in ㄸㅂㅇ."""
    plain = "".join(words(text))
    return plain != "" and all(char in INITIALS for char in plain)


def words(text: str) -> list[str]:
    """The words in lower case, Hangul composed, accents and signs gone."""
    if _USUAL.fullmatch(text):
        return _SIGNS.sub("", text.lower()).split()
    return "".join(_plain(text)).split()


def ngrams(letters: str, size: int) -> Iterator[str]:
    """Every run of `size` neighbours; none when there are fewer letters."""
    return (letters[start : start + size] for start in range(len(letters) - size + 1))


def search_text(names: Iterable[str]) -> str:
    """What a column holds that is searched by `contains`: spelled names, `#`, their initials."""
    names = tuple(names)
    return f"{'|'.join(map(spell, names))}#{'|'.join(map(initials, names))}"


def _plain(text: str) -> Iterator[str]:
    # NFKD takes accents off their letters, and Hangul apart; NFC puts only Hangul together again.
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
    )
    for char in unicodedata.normalize("NFC", bare).casefold():
        composed = _COMPATIBLE.get(char, char)
        if char.isspace():
            yield " "
        elif composed.isalnum() and composed not in _FILLERS:
            yield composed


@lru_cache(maxsize=4096)  # of 11,172 syllables some hundreds are in use
def _spelled(char: str) -> str:
    return "".join(_FOLDED.get(letter, letter) for letter in _letters(char))


def _letters(char: str) -> tuple[str, ...]:
    if not _FIRST <= ord(char) <= _LAST:
        return (char,)
    initial, rest = divmod(ord(char) - _FIRST, 588)
    vowel, final = divmod(rest, 28)
    return (INITIALS[initial], _VOWELS[vowel], _FINALS[final])


def _initial(char: str) -> str:
    return _letters(char)[0]


def _compatible() -> dict[str, str]:
    """Lone letters: what NFKD made of the ones on a keyboard, back to those."""
    jamo = {
        unicodedata.normalize("NFKD", letter): letter for letter in map(chr, range(0x3131, 0x3164))
    }
    return jamo | {chr(0x11A8 + index): letter for index, letter in enumerate(_FINALS[1:])}


_COMPATIBLE = _compatible()
