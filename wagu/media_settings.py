"""Of `Settings`, what concerns a media server elsewhere: `WAGU_MEDIA` and what it needs."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

NEEDED = frozenset(
    {
        ("openvidu2", "media_url"),
        ("openvidu2", "media_secret"),
        ("livekit", "media_url"),
        ("livekit", "media_key"),
        ("livekit", "media_secret"),
    }
)
"""What each kind of server cannot do without."""

SHORTEST_SECRET = 32
"""Characters of LiveKit's, which it asks for itself: HS256 keys are guessed offline."""


class MediaSettings(BaseSettings):
    """Fields are checked in their order, each with those before it."""

    media: Literal["embedded", "openvidu2", "livekit"] = "embedded"
    media_url: Annotated[str | None, Field(validate_default=True)] = None
    """Where we reach that server."""

    media_public_url: str | None = None
    """Where browsers do, if it is elsewhere."""

    media_key: Annotated[str, Field(validate_default=True)] = ""
    media_secret: Annotated[str, Field(validate_default=True, repr=False)] = ""

    @field_validator("media_url", "media_public_url")
    @classmethod
    def _media_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must look like https://livekit.example.org")
        if parts.query or parts.fragment or parts.username or parts.password:
            raise ValueError("must have neither a password nor a query")
        return value.rstrip("/")

    @field_validator("media_url", "media_key", "media_secret")
    @classmethod
    def _needed(cls, value: str | None, others: ValidationInfo) -> str | None:
        kind = others.data.get("media")
        if not value and (kind, others.field_name) in NEEDED:
            raise ValueError(f"is needed with WAGU_MEDIA={kind}")
        return value

    @field_validator("media_secret")
    @classmethod
    def _long_enough(cls, value: str, others: ValidationInfo) -> str:
        if others.data.get("media") == "livekit" and len(value) < SHORTEST_SECRET:
            raise ValueError(f"must have {SHORTEST_SECRET} characters or more")
        return value

    @property
    def browsers_media_url(self) -> str | None:
        """None: with us, or not known before a token tells."""
        return self.media_public_url or self.media_url
