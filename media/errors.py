"""The error tree of the SFU.

    MediaError                         has a stable `code` and a sentence for whoever reads the log
    ├── BadOffer          media.bad_offer          the SDP cannot be answered
    ├── RoomFull          media.room_full          no peer more in this room
    ├── NoPublication     media.no_publication     nothing to watch (yet)
    ├── AlreadyPublished  media.already_published  somebody else publishes here
    ├── UnsupportedCodec  media.codec_unsupported  the viewer cannot decode what is published
    ├── NoSession         media.no_resource        the peer, or this session of it, is gone
    ├── NoHls             media.no_hls             nothing is shown, or in a codec that MP4 lacks
    ├── NoSegment         media.no_segment         this part of a stream is gone, or never came
    ├── TooEarly          media.too_early          a playlist was asked for from far in the future
    ├── HlsBusy           media.hls_busy           too many wait, or they waited in vain
    └── StaleSession      media.stale_session      the transport was restarted meanwhile
    ValueError
    └── MalformedPacket                bytes from the network; dropped and counted, never shown

Sentences are English: an application speaks to people in its own words, by code.
"""

from __future__ import annotations

from typing import ClassVar


class MediaError(Exception):
    """Base of the errors that a caller of the SFU is told about."""

    code: ClassVar[str] = "media.error"
    sentence: ClassVar[str] = "The media server could not do this."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.sentence
        super().__init__(f"{self.code}: {self.message}")


class BadOffer(MediaError):
    code = "media.bad_offer"
    sentence = "The session description cannot be answered."


class RoomFull(MediaError):
    code = "media.room_full"
    sentence = "The room takes no more peers."


class NoPublication(MediaError):
    code = "media.no_publication"
    sentence = "Nothing is being published here."


class AlreadyPublished(MediaError):
    code = "media.already_published"
    sentence = "Somebody else is publishing here."


class UnsupportedCodec(MediaError):
    code = "media.codec_unsupported"
    sentence = "The receiver cannot decode what is published."


class NoSession(MediaError):
    code = "media.no_resource"
    sentence = "There is no such connection."


class StaleSession(MediaError):
    code = "media.stale_session"
    sentence = "The transport was restarted meanwhile."


class NoHls(MediaError):
    code = "media.no_hls"
    sentence = "What is shown cannot be had by HLS."


class NoSegment(MediaError):
    code = "media.no_segment"
    sentence = "There is no such part of the stream."


class TooEarly(MediaError):
    code = "media.too_early"
    sentence = "The stream is not that far by a long way."


class HlsBusy(MediaError):
    code = "media.hls_busy"
    sentence = "The stream does not go on, or too many wait for it."


class MalformedPacket(ValueError):
    """What a parser raises, and the only thing it raises, on bytes it cannot read."""
