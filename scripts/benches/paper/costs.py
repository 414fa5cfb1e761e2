"""What things cost, as measured: scripts/benches/bench.md says how, when and on which machine.

Times in µs of one core's processor time, sizes in bytes. A curve is a total by how many.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

Curve = Sequence[tuple[float, float]]

# -------------------------------------------------------------------- scripts/bench sfu, 2026-11-26

SOURCE_PACKET: Curve = ((0, 257), (10, 356), (50, 750), (100, 950))
"""To take in one packet of a live and forward it to so many viewers, with the upkeep of their
connections (video-paced). With none: where the line through 10 and 50 ends."""
VOICE_PACKET = 60.6
"""To one listener at a table of four (rooms)."""
VIEWER_MEMORY = 218e3
VOICE_MEMORY = 246e3
VOICE_SIZE = 100 + 12 + 16 + 28
"""A voice's packet on the line: RTP header, tag of SRTP, UDP and IP."""

# ---------------------------------------------------------- scripts/bench hub and start, 2026-11-27

SOCKET_MEMORY = 43e3
NODE_MEMORY = 140e6
"""From its first peer on; it is 110e6 before that."""
IDLE_NODE = 0.005
"""Share of a core, with nobody there and no other node."""

# ------------------------------------------------------------------- scripts/bench unit, 2026-11-27

REQUEST_NODE, REQUEST_REDIS, REQUEST_OPS = 2155, 90.7, 1.0
JOIN_NODE, JOIN_REDIS, JOIN_OPS = 6997, 847, 13.2
VOTE_NODE, VOTE_REDIS, VOTE_OPS = 684, 127, 1.0
CHAT_NODE, CHAT_REDIS, CHAT_OPS = 689, 112, 1.0

RENEWAL_NODE: Curve = ((0, 0), (1, 566), (20, 1766), (200, 9820))
RENEWAL_REDIS: Curve = ((0, 0), (1, 139), (20, 621), (200, 4032))
"""One round of a node that has so many rooms."""

HEARD: Curve = ((0, 0), (100, 46_800), (1000, 151_600))
"""To hear so many messages of the bus in one second."""
TOLD_REDIS = 7.62
"""To tell one node of a message."""
BEAT, EVENT = 144 + 34.0, 144.0
"""What comes of one at each node."""

MESSAGE = 42.0
"""A pointer message to one socket, at the room's node: between 36 and, if it goes on through
another, 47; what it costs there,"""
PASSED = 76.5
PASSED_MEMORY = 39e3
"""and such a socket."""
MESSAGE_SIZE = 150
"""With its frame, TCP and IP; several people's pointers come in one."""


def at(curve: Curve, x: float) -> float:
    """Between points a straight line; beyond the last, each costs what it does there on average."""
    last, value = curve[-1]
    if x >= last:
        return value * x / last
    n = max(1, bisect_left([point for point, _ in curve], x))
    (x0, y0), (x1, y1) = curve[n - 1], curve[n]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
