"""Where drafts come from, as the host has set it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Service:
    """`timeout` in seconds, for a whole draft. `vision`: the model sees photos."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    vision: bool = False
    timeout: float = 60.0
