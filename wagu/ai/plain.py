"""Pieces of a model's answer, made harmless as they come: visible characters, a bounded length,
and never our key, should the endpoint that was given it say it aloud."""

from __future__ import annotations

from wagu.domain.text import visible

SHORTEST_SECRET = 12
"""A shorter key is a word ("ollama", "none") that a review may well hold."""


class TooLong(Exception):
    """The text has passed its bound; what fits has been given out."""


class Leak(Exception):
    """The endpoint wrote our key."""


def holds(text: str, secret: str) -> bool:
    """Whether our key is in it; a shorter word is none."""
    return len(secret) >= SHORTEST_SECRET and secret in text


class PlainText:
    def __init__(self, longest: int, secret: str = "") -> None:
        self._left = longest
        self._secret = secret if len(secret) >= SHORTEST_SECRET else ""
        self._held = ""  # the end of what came, while it may be the beginning of the secret
        self.empty = True

    def take(self, piece: str) -> str:
        """What of it, and of what was held back, can be shown now. Raises Leak."""
        text = visible(piece)
        if self.empty and not self._held:
            text = text.lstrip()
        text = self._held + text
        if self._secret and self._secret in text:
            raise Leak
        end = len(text) - self._suspicious(text)
        self._held = text[end:]
        return self._shown(text[:end])

    def rest(self) -> str:
        """What was held back, now that nothing follows."""
        held, self._held = self._held, ""
        return self._shown(held)

    @property
    def full(self) -> bool:
        return self._left < 0

    def _shown(self, text: str) -> str:
        shown = text[: max(0, self._left)]
        self._left -= len(text)
        self.empty = self.empty and not shown
        return shown

    def _suspicious(self, text: str) -> int:
        """How many characters at the end may be the beginning of the secret."""
        most = min(len(text), max(0, len(self._secret) - 1))
        return next((n for n in range(most, 0, -1) if self._secret.startswith(text[-n:])), 0)
