"""How well a place answers a question: which pieces of its name an index holds, which pieces a
question looks for, and the order of what was found.

A word finds a place by, from best to worst: the name as it is written, its first consonants, enough
of its letters (half-typed or misspelled), or the address. Every word has to find it somehow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from wagu.domain.hangul import INITIALS, initials, is_initials, ngrams, spell, words
from wagu.errors import Invalid

LONGEST_QUESTION = 100
ENOUGH = 0.4
"""The share of a word's pieces that a name must have. One wrong letter spoils up to three pieces:
of 떡볶이's six three are left, of a two-syllable word's four one or two."""

_START, _INITIAL = "^", "#"


@dataclass(frozen=True, slots=True)
class Word:
    plain: str
    grams: frozenset[str]
    is_initials: bool

    @property
    def pieces(self) -> frozenset[str]:
        """Its pieces as they occur in `wagu.domain.hangul.search_text`; not of first consonants."""
        return frozenset(gram.removeprefix(_START) for gram in self.grams)

    @property
    def enough(self) -> int:
        """How many of its pieces a name must have to be looked at."""
        return max(1, math.ceil(len(self.grams) * ENOUGH))


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed, word by word; without words it asks for nothing."""

    words: tuple[Word, ...]

    @property
    def grams(self) -> frozenset[str]:
        return frozenset().union(*(word.grams for word in self.words))

    @property
    def enough(self) -> int:
        return min((word.enough for word in self.words), default=1)


def question(text: str) -> Question:
    if len(text) > LONGEST_QUESTION:
        raise Invalid("search.too_long", "찾는 말이 너무 길어요.", field="q")
    return Question(tuple(_word(plain) for plain in dict.fromkeys(words(text))))


def name_grams(name: str) -> frozenset[str]:
    """Three neighbouring letters anywhere, one and two at the start of a word; two and three first
    consonants anywhere. Words run into each other, as people leave spaces out."""
    spelled, first = spell(name), initials(name)
    grams = set(ngrams(spelled, 3))
    for word in words(name):
        start = spell(word)
        grams.update((_START + start[:1], _START + start[:2]))
    for size in (2, 3):
        grams.update(_INITIAL + gram for gram in ngrams(first, size) if set(gram) & set(INITIALS))
    return frozenset(grams)


def score(asked: Question, name: str, address: str | None) -> float | None:
    """Higher is better; None when some word is found nowhere."""
    title = _Title(name)
    where = " ".join(words(address or ""))
    rates = [_rate(word, title, where) for word in asked.words]
    if not rates or min(rates) == 0:
        return None
    return sum(rates) / len(rates)


class _Title:
    """A name in its spellings, each made when it is needed."""

    __slots__ = ("_initials", "_name", "_spelled", "plain")

    def __init__(self, name: str) -> None:
        self._name = name
        self._spelled: str | None = None
        self._initials: str | None = None
        self.plain = "".join(words(name))

    @property
    def initials(self) -> str:
        if self._initials is None:
            self._initials = initials(self._name)
        return self._initials

    def has(self, gram: str) -> bool:
        if self._spelled is None:
            starts = "".join(_START + spell(word) for word in words(self._name))
            self._spelled = starts + _INITIAL + spell(self._name)
        return gram in self._spelled


def _rate(word: Word, title: _Title, where: str) -> float:
    if word.plain in title.plain:
        return 4.0 + _closeness(word, title, title.plain.startswith(word.plain))
    if word.is_initials:
        at = title.initials.find(word.plain)
        return 0.0 if at < 0 else 3.0 + _closeness(word, title, at == 0)
    share = sum(map(title.has, word.grams)) / len(word.grams)
    if share >= ENOUGH:
        return 2.0 + share + _closeness(word, title, False) / 10
    return 1.0 if word.plain in where else 0.0


def _closeness(word: Word, title: _Title, at_start: bool) -> float:
    """Below one: a name that begins with the word, and has little else, is meant more likely."""
    return 0.5 * at_start + 0.4 * min(1.0, len(word.plain) / max(1, len(title.plain)))


def _word(plain: str) -> Word:
    if is_initials(plain) and len(plain) > 1:
        size = min(len(plain), 3)
        grams = frozenset(_INITIAL + gram for gram in ngrams(plain, size))
        return Word(plain, grams, is_initials=True)
    spelled = spell(plain)
    grams = frozenset(ngrams(spelled, 3)) or frozenset((_START + spelled,))
    return Word(plain, grams, is_initials=is_initials(plain))
