"""Who speaks: marked within 300 ms, without flicker, and not for ever."""

from __future__ import annotations

import pytest

from media.routing.speakers import Speakers

PACKET = 0.02
UPDATE = 0.1
SPEECH, NOISE = 30, 65  # −dBov


def talk(
    speakers: Speakers[str], key: str, levels: list[int], start: float, *, update: float = UPDATE
) -> list[tuple[float, tuple[str, ...]]]:
    """One packet per 20 ms; returns each change with its time."""
    changes = []
    due = start
    for n, level in enumerate(levels):
        now = start + n * PACKET
        speakers.hear(key, level, now)
        if now >= due:
            due += update
            if speakers.update(now):
                changes.append((now, speakers.active))
    return changes


@pytest.fixture
def speakers() -> Speakers[str]:
    made: Speakers[str] = Speakers()
    made.add("ann")
    made.add("bo")
    return made


@pytest.mark.parametrize("level", [5, 20, 30, 40])
def test_speech_is_marked_within_300_ms(speakers: Speakers[str], level: int) -> None:
    talk(speakers, "ann", [NOISE] * 50, 0.0)
    changes = talk(speakers, "ann", [level] * 15, 1.0)
    assert changes
    assert changes[0][0] - 1.0 <= 0.3
    assert changes[0][1] == ("ann",)


def test_it_is_marked_within_300_ms_wherever_the_update_falls(speakers: Speakers[str]) -> None:
    for phase in range(5):
        start = 10.0 * (phase + 1)
        for n in range(15):
            speakers.hear("ann", SPEECH, start + n * PACKET)
            if n >= phase and (n - phase) % 5 == 0:
                speakers.update(start + n * PACKET)
        assert speakers.active == ("ann",)
        speakers.update(start + 5)
        assert speakers.active == ()


def test_a_quiet_room_marks_nobody(speakers: Speakers[str]) -> None:
    assert talk(speakers, "ann", [NOISE, 55, 70, 127] * 100, 0.0) == []


def test_a_click_is_no_speech(speakers: Speakers[str]) -> None:
    assert talk(speakers, "ann", [NOISE] * 50 + [40] + [NOISE] * 50, 0.0) == []


def test_syllables_do_not_flicker(speakers: Speakers[str]) -> None:
    syllable = [SPEECH] * 8 + [NOISE] * 10  # 160 ms of sound, 200 ms between words
    changes = talk(speakers, "ann", syllable * 20, 0.0)
    assert [active for _, active in changes] == [("ann",)]


def test_silence_takes_the_mark_away_within_a_second(speakers: Speakers[str]) -> None:
    talk(speakers, "ann", [SPEECH] * 50, 0.0)
    changes = talk(speakers, "ann", [127] * 50, 1.0)
    assert [active for _, active in changes] == [()]
    assert changes[0][0] - 1.0 < 1.0


def test_without_packets_a_voice_fades(speakers: Speakers[str]) -> None:
    talk(speakers, "ann", [SPEECH] * 50, 0.0)
    assert speakers.active == ("ann",)
    assert speakers.update(1.5)
    assert speakers.active == ()
    # and when it comes back it is not louder than before
    assert talk(speakers, "ann", [NOISE] * 20, 2.0) == []


def test_the_order_is_not_announced_anew_at_every_syllable(speakers: Speakers[str]) -> None:
    changes = 0
    for n in range(100):
        now = n * PACKET
        speakers.hear("ann", 20 if n % 20 < 10 else 35, now)
        speakers.hear("bo", 35 if n % 20 < 10 else 20, now)
        changes += speakers.update(now)
    assert set(speakers.active) == {"ann", "bo"}
    assert changes <= 2


def test_the_louder_comes_first(speakers: Speakers[str]) -> None:
    for n in range(10):
        speakers.hear("ann", 40, n * PACKET)
        speakers.hear("bo", 15, n * PACKET)
    speakers.update(0.2)
    assert speakers.active == ("bo", "ann")


def test_strangers_and_leavers_are_not_heard(speakers: Speakers[str]) -> None:
    speakers.hear("nobody", 0, 0.0)
    assert not speakers.update(0.0)
    talk(speakers, "ann", [SPEECH] * 20, 0.0)
    speakers.remove("ann")
    speakers.remove("ann")
    assert speakers.update(0.5)
    assert speakers.active == ()


def test_who_spoke_last_is_heard_first(speakers: Speakers[str]) -> None:
    talk(speakers, "ann", [SPEECH] * 10, 0.0)
    talk(speakers, "bo", [SPEECH] * 10, 5.0)
    everyone = ["cy", "ann", "bo"]
    assert sorted(everyone, key=speakers.rank) == ["bo", "ann", "cy"]
