"""The words of PROTOCOL.md as types. Shapes only: what a message means is decided elsewhere, and
what it is made of is in `states`.

`decode` reads a client's frame (ValueError for anything that is not one), `encode` writes ours.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from wagu.realtime.states import (
    BallotState,
    BanState,
    ChatState,
    IceServerState,
    LiveInfo,
    LookChange,
    LookState,
    PersonRefState,
    PersonState,
    StageState,
    You,
)

Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Zoom = Annotated[float, Meta(ge=0, le=30)]
LatLng = tuple[Latitude, Longitude]
View = tuple[Latitude, Longitude, Zoom]

Number = Annotated[int, Meta(ge=-(2**53), le=2**53)]
PlaceNumber = Annotated[int, Meta(ge=1, le=2**53)]
NomineeText = Annotated[str, Meta(max_length=32)]
PersonText = Annotated[str, Meta(max_length=64)]
ChatText = Annotated[str, Meta(pattern=r"^c-[1-9][0-9]{0,14}\Z")]


class ClientMessage(Struct, frozen=True, tag_field="type", kw_only=True):
    """`n` is the client's own number for this message; an error that answers it repeats it."""

    n: Number | None = None


class Ping(ClientMessage, frozen=True, tag="ping"):
    pass


class Join(ClientMessage, frozen=True, tag="join"):
    room: Annotated[str, Meta(pattern=r"^(map|live)/[A-Za-z0-9_-]{1,64}\Z")]


class Leave(ClientMessage, frozen=True, tag="leave"):
    pass


class Look(ClientMessage, frozen=True, tag="look"):
    view: View | UnsetType = UNSET
    at: LatLng | UnsetType | None = UNSET


class Chat(ClientMessage, frozen=True, tag="chat"):
    text: str
    nonce: Annotated[str, Meta(min_length=1, max_length=32)] | None = None


class Nominate(ClientMessage, frozen=True, tag="nominate"):
    name: str
    at: LatLng
    place_id: PlaceNumber | None = None
    category: str | None = None


class Withdraw(ClientMessage, frozen=True, tag="withdraw"):
    nominee: NomineeText


class Vote(ClientMessage, frozen=True, tag="vote"):
    nominee: NomineeText
    on: bool


class Done(ClientMessage, frozen=True, tag="done"):
    on: bool


class CloseBallot(ClientMessage, frozen=True, tag="close_ballot"):
    pass


class NewBallot(ClientMessage, frozen=True, tag="new_ballot"):
    keep: Annotated[list[NomineeText], Meta(max_length=10)]


class VoiceOffer(ClientMessage, frozen=True, tag="voice_offer"):
    sdp: str


class VoiceEnter(ClientMessage, frozen=True, tag="voice_enter"):
    pass


class VoiceRestart(ClientMessage, frozen=True, tag="voice_restart"):
    fragment: str


class VoiceMute(ClientMessage, frozen=True, tag="voice_mute"):
    muted: bool


class VoiceLeave(ClientMessage, frozen=True, tag="voice_leave"):
    pass


class MutePerson(ClientMessage, frozen=True, tag="mute_person"):
    person: PersonText


class Remove(ClientMessage, frozen=True, tag="remove"):
    person: PersonText


class Ban(ClientMessage, frozen=True, tag="ban"):
    person: PersonText


class Unban(ClientMessage, frozen=True, tag="unban"):
    person: PersonText


class ListBans(ClientMessage, frozen=True, tag="list_bans"):
    pass


class ListPeople(ClientMessage, frozen=True, tag="list_people"):
    pass


class DeleteChat(ClientMessage, frozen=True, tag="delete_chat"):
    chat: ChatText


class StageInvite(ClientMessage, frozen=True, tag="stage_invite"):
    person: PersonText


class StageAnswer(ClientMessage, frozen=True, tag="stage_answer"):
    accept: bool


class StageMute(ClientMessage, frozen=True, tag="stage_mute"):
    muted: bool


class StageEnd(ClientMessage, frozen=True, tag="stage_end"):
    person: PersonText


FromClient = (
    Ping
    | Join
    | Leave
    | Look
    | Chat
    | Nominate
    | Withdraw
    | Vote
    | Done
    | CloseBallot
    | NewBallot
    | VoiceOffer
    | VoiceEnter
    | VoiceRestart
    | VoiceMute
    | VoiceLeave
    | MutePerson
    | Remove
    | Ban
    | Unban
    | ListBans
    | ListPeople
    | DeleteChat
    | StageInvite
    | StageAnswer
    | StageMute
    | StageEnd
)


# ----------------------------------------------------------------------------- what the server says


class ServerMessage(Struct, frozen=True, tag_field="type"):
    pass


class Error(ServerMessage, frozen=True, tag="error"):
    code: str
    message: str
    n: int | UnsetType = UNSET


class Pong(ServerMessage, frozen=True, tag="pong"):
    now: int


class Joined(ServerMessage, frozen=True, tag="joined"):
    room: str
    now: int
    you: You
    title: str
    expires_at: int | None
    require_account: bool
    people: list[PersonState]
    presence: dict[str, LookState]
    chat: list[ChatState]
    ballot: BallotState | None
    mine: list[str]
    live: LiveInfo | None
    stage: StageState | None
    ice_servers: list[IceServerState]


class PersonMessage(ServerMessage, frozen=True, tag="person"):
    person: PersonState


class Gone(ServerMessage, frozen=True, tag="gone"):
    id: str


class Ended(ServerMessage, frozen=True, tag="ended"):
    code: str
    message: str


class Presence(ServerMessage, frozen=True, tag="presence"):
    people: dict[str, LookChange]


class Chatted(ServerMessage, frozen=True, tag="chatted"):
    chat: ChatState
    nonce: str | UnsetType = UNSET


class Votes(ServerMessage, frozen=True, tag="votes"):
    round: int
    mine: list[str]


class BallotMessage(ServerMessage, frozen=True, tag="ballot"):
    ballot: BallotState


class VoiceAnswer(ServerMessage, frozen=True, tag="voice_answer"):
    sdp: str
    slots: list[str | None]


class VoiceToken(ServerMessage, frozen=True, tag="voice_token"):
    url: str
    token: str


class VoiceRestarted(ServerMessage, frozen=True, tag="voice_restarted"):
    fragment: str


class VoiceSlots(ServerMessage, frozen=True, tag="voice_slots"):
    slots: list[str | None]


class VoiceSpeakers(ServerMessage, frozen=True, tag="voice_speakers"):
    speakers: list[str]


class VoiceClosed(ServerMessage, frozen=True, tag="voice_closed"):
    reason: str


class Moderated(ServerMessage, frozen=True, tag="moderated"):
    n: int | UnsetType = UNSET


class MutedBy(ServerMessage, frozen=True, tag="muted_by"):
    by: PersonRefState


class Bans(ServerMessage, frozen=True, tag="bans"):
    bans: list[BanState]


class People(ServerMessage, frozen=True, tag="people"):
    people: list[PersonState]


class ChatDeleted(ServerMessage, frozen=True, tag="chat_deleted"):
    id: str


class Stage(ServerMessage, frozen=True, tag="stage"):
    stage: StageState


class Layers(ServerMessage, frozen=True, tag="layers"):
    rids: list[str]


class LiveMessage(ServerMessage, frozen=True, tag="live"):
    live: LiveInfo


FromServer = (
    Error
    | Pong
    | Joined
    | PersonMessage
    | Gone
    | Ended
    | Presence
    | Chatted
    | Votes
    | BallotMessage
    | VoiceAnswer
    | VoiceToken
    | VoiceRestarted
    | VoiceSlots
    | VoiceSpeakers
    | VoiceClosed
    | Moderated
    | MutedBy
    | Bans
    | People
    | ChatDeleted
    | Stage
    | Layers
    | LiveMessage
)


class Malformed(ValueError):
    """Not a message of ours; `n` is the client's number for it, if that could be read."""

    def __init__(self, reason: str, n: int | None) -> None:
        super().__init__(reason)
        self.n = n


class _Numbered(Struct):
    n: int | None = None


_decoder: msgspec.json.Decoder[FromClient] = msgspec.json.Decoder(FromClient)
_numbered = msgspec.json.Decoder(_Numbered)
_encoder = msgspec.json.Encoder()


def decode(frame: str | bytes | bytearray) -> FromClient:
    """Errors: Malformed. Unknown fields are ignored: newer clients may say more."""
    try:
        return _decoder.decode(frame)
    except (ValueError, RecursionError) as wrong:
        raise Malformed(str(wrong), _number_of(frame)) from None


def encode(message: ServerMessage) -> bytes:
    return _encoder.encode(message)


def _number_of(frame: str | bytes | bytearray) -> int | None:
    try:
        return _numbered.decode(frame).n
    except (ValueError, RecursionError):
        return None


def types_of(union: Any) -> dict[str, type[Struct]]:
    """Every type of `FromClient` or `FromServer` by its `type`."""
    return {str(each.__struct_config__.tag): each for each in union.__args__}
