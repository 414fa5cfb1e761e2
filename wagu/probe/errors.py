"""Why a probe could not go on."""

from __future__ import annotations


class ProbeFailed(Exception):
    """The text is one readable line."""
