"""Who is speaking, from the audio levels that clients put beside their packets (RFC 6464)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

SILENCE = 127.0
"""−127 dBov: what RFC 6464 calls silence. Levels count downwards: 0 is the loudest."""

_LOUD = 45.0  # louder than −45 dBov is speech; a quiet room measures −60 and less
_ATTACK = 0.5  # weight of a packet that is louder than before: three 20 ms packets suffice
_RELEASE = 0.08  # and of one that is quieter: syllables do not make the mark flicker
_RUN = 2  # loud packets in a row: a click or a knock is one, and no speech
_HOLD = 0.4  # seconds somebody stays marked after the last loud packet


@dataclass(slots=True)
class Voice:
    """One publisher's loudness. `level` is smoothed −dBov, `run` how many loud packets came in a
    row, `loud_at` the last moment of speech."""

    level: float = SILENCE
    run: int = 0
    loud_at: float = float("-inf")
    heard_at: float = float("-inf")


class Speakers(Generic[K]):
    """The voices of one room."""

    __slots__ = ("_active", "_voices")

    def __init__(self) -> None:
        self._voices: dict[K, Voice] = {}
        self._active: tuple[K, ...] = ()

    @property
    def active(self) -> tuple[K, ...]:
        """The speakers as of the last `update`, loudest first."""
        return self._active

    def add(self, key: K) -> None:
        self._voices.setdefault(key, Voice())

    def remove(self, key: K) -> None:
        self._voices.pop(key, None)

    def hear(self, key: K, level: int, now: float) -> None:
        """An audio packet of `key` arrived with this level (0 loudest … 127 silent)."""
        voice = self._voices.get(key)
        if voice is None:
            return
        weight = _ATTACK if level < voice.level else _RELEASE
        voice.level += (level - voice.level) * weight
        voice.heard_at = now
        voice.run = voice.run + 1 if level < _LOUD else 0
        # A voice that was speech goes on through a quiet packet; only its beginning takes a run.
        if voice.level < _LOUD and (voice.run >= _RUN or now - voice.loud_at <= _HOLD):
            voice.loud_at = now

    def update(self, now: float) -> bool:
        """Decide anew who speaks; returns whether that changed."""
        for voice in self._voices.values():
            # Without packets (muted, DTX, gone) a voice fades as if it sent silence.
            if now - voice.heard_at > _HOLD:
                voice.level = SILENCE
        speaking = [key for key, voice in self._voices.items() if now - voice.loud_at <= _HOLD]
        # The order is decided when somebody begins or stops, not at every syllable.
        if set(speaking) == set(self._active):
            return False
        speaking.sort(key=lambda key: self._voices[key].level)
        self._active = tuple(speaking)
        return True

    def rank(self, key: K) -> tuple[float, float]:
        """A sort key, the smallest first to be heard: who spoke most recently, then the louder."""
        voice = self._voices.get(key)
        if voice is None:
            return (float("inf"), SILENCE)
        return (-voice.loud_at, voice.level)
