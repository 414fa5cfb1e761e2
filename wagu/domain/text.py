"""What people type, on one line or on several, cleaned and measured the same way everywhere."""

from __future__ import annotations

import re
import unicodedata

# Letters that draw nothing: the Hangul fillers pass for an "empty" name (Unicode 16, 18.6).
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
# Bidirectional controls reorder what stands around a name; the rest are invisible.
_INVISIBLE = frozenset("\u200b\u200e\u200f\u2028\u2029\u2060\ufeff") | {
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})


def clean_line(raw: str, longest: int) -> str | None:
    """The NFC form of `raw`, inner white space collapsed; None when it is empty, longer than
    `longest` code points, or holds a control, invisible or unassigned character."""
    text = unicodedata.normalize("NFC", raw)
    if any(_is_refused(char) for char in text.strip()):
        return None
    text = " ".join(text.split())
    return text if 1 <= len(text) <= longest else None


def clean_text(raw: str, longest: int) -> str | None:
    """The NFC form of `raw` in lines, without white space at their ends and around it all; may be
    empty. Pasted text brings invisible characters along: they are dropped, not refused. None when
    it is longer than `longest` code points."""
    kept = visible(unicodedata.normalize("NFC", raw))
    text = "\n".join(line.rstrip() for line in kept.split("\n")).strip()
    return text if len(text) <= longest else None


def visible(raw: str) -> str:
    """Lines without what draws nothing. For text that comes in pieces, too, if a line end of two
    characters may become two."""
    text = _LINE_ENDS.sub("\n", raw).replace("\t", " ")
    return "".join(char for char in text if char == "\n" or not _draws_nothing(char))


def _draws_nothing(char: str) -> bool:
    return char in _INVISIBLE or unicodedata.category(char) in ("Cc", "Cs")


def _is_refused(char: str) -> bool:
    return (
        char in _INVISIBLE
        or char in _BLANK_LETTERS
        or unicodedata.category(char) in _REFUSED_CATEGORIES
    )
