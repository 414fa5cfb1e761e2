"""Which media server elsewhere the settings name."""

from __future__ import annotations

from collections.abc import Callable

from wagu.media_backend.base import MediaBackend
from wagu.media_backend.delegated import DelegatedBackend
from wagu.media_backend.livekit import LiveKit
from wagu.media_backend.livekit_tokens import Tokens
from wagu.media_backend.openvidu2 import OpenVidu2
from wagu.media_backend.remote import Remote
from wagu.media_backend.upstream import Upstream
from wagu.media_settings import MediaSettings


def elsewhere(settings: MediaSettings, clock: Callable[[], float]) -> MediaBackend:
    """For `settings.media` other than `embedded`."""
    return DelegatedBackend(remote_of(settings, clock), clock=clock)


def remote_of(settings: MediaSettings, clock: Callable[[], float]) -> Remote:
    upstream = Upstream(settings.media_url or "")
    if settings.media == "openvidu2":
        return OpenVidu2(upstream, settings.media_secret, clock)
    tokens = Tokens(settings.media_key, settings.media_secret)
    # http becomes ws, https wss.
    browsers = (settings.browsers_media_url or "").replace("http", "ws", 1)
    return LiveKit(upstream, tokens, browsers, clock)
