"""The error tree keeps its promises: distinct stable codes, each drawn in the docstring."""

from __future__ import annotations

from media import errors


def test_every_error_has_a_code_of_its_own_and_is_in_the_tree() -> None:
    kinds = errors.MediaError.__subclasses__()
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes) >= 5
    for kind in kinds:
        assert kind.code.startswith("media.")
        assert kind.__name__ in (errors.__doc__ or "")
        assert kind.code in (errors.__doc__ or "")
        assert kind.sentence != errors.MediaError.sentence


def test_a_message_may_say_more_than_the_sentence() -> None:
    assert errors.RoomFull().message == errors.RoomFull.sentence
    assert str(errors.BadOffer("no m-line")) == "media.bad_offer: no m-line"


def test_malformed_packets_are_value_errors() -> None:
    assert issubclass(errors.MalformedPacket, ValueError)
    assert not issubclass(errors.MalformedPacket, errors.MediaError)
