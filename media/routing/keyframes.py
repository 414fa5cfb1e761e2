"""When to ask for a keyframe: at once, but not oftener than is of use (RFC 4585, 6.3.1)."""

from __future__ import annotations


class KeyframeRequests:
    """The requests towards one incoming video stream, throttled.

    Keyframes are large; an encoder asked ten times in a row by ten viewers must make one. A request
    inside the interval is remembered and goes out at its end, unless a keyframe came meanwhile.
    """

    __slots__ = ("_interval", "_last_sent", "_wanted")

    def __init__(self, interval: float = 0.5) -> None:
        self._interval = interval
        self._last_sent = float("-inf")
        self._wanted = False

    def want(self) -> None:
        """Somebody cannot decode until the next keyframe."""
        self._wanted = True

    def arrived(self) -> None:
        """A keyframe came: whoever waited has it."""
        self._wanted = False

    def due(self, now: float) -> bool:
        """Whether to send a PLI now. It stays wanted, and is repeated, until a keyframe arrives."""
        if not self._wanted or now - self._last_sent < self._interval:
            return False
        self._last_sent = now
        return True
