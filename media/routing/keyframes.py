"""When to ask for a keyframe: at once, but not oftener than is of use (RFC 4585, 6.3.1)."""

from __future__ import annotations

TIMES = 2
"""So often one request is said."""


class KeyframeRequests:
    """The requests towards one incoming video stream, throttled.

    Keyframes are large; an encoder asked ten times in a row by ten viewers must make one. A request
    inside the interval is remembered and goes out at its end, unless a keyframe came meanwhile.

    `command` numbers them for FIR (RFC 5104, 4.3.1.1): a repetition has the number of its original,
    which a sender has answered already or never heard. What stays unanswered is asked for under a
    new one: the keyframe itself was lost.
    """

    __slots__ = ("_interval", "_last_sent", "_said", "_wanted", "command")

    def __init__(self, interval: float = 0.5) -> None:
        self._interval = interval
        self._last_sent = float("-inf")
        self._wanted = False
        self._said = 0
        self.command = 0

    def want(self) -> None:
        """Somebody cannot decode until the next keyframe."""
        self._wanted = True

    def arrived(self) -> None:
        """A keyframe came: whoever waited has it."""
        self._wanted = False
        self._said = 0

    def due(self, now: float) -> bool:
        """Whether to send a request now. It stays wanted, and is repeated, until one comes."""
        if not self._wanted or now - self._last_sent < self._interval:
            return False
        self._last_sent = now
        if self._said % TIMES == 0:
            self.command = (self.command + 1) & 0xFF
        self._said += 1
        return True
