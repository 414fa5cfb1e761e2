"""Template drafts: what was given, in sentences, and nothing else."""

from __future__ import annotations

import pytest

from wagu.ai.template import template
from wagu.domain.draft import Brief, Dish, Language, Tone, meal_of

NOODLES, PORK = Dish("물냉면", 12_000), Dish("수육", None)
KO, EN = Language.KOREAN, Language.ENGLISH


@pytest.mark.parametrize(
    ("dishes", "tone", "language", "text"),
    [
        ([NOODLES, PORK], Tone.RECORD, KO, "을지면옥에서 물냉면(12,000원), 수육을 먹었다."),
        ([Dish("국수", None)], Tone.FRIENDLY, KO, "을지면옥에 다녀왔어요! 국수를 먹었어요."),
        ([Dish("BLT", None)], Tone.RECORD, KO, "을지면옥에서 BLT을(를) 먹었다."),
        ([NOODLES, PORK], Tone.SHORT, KO, "을지면옥 · 물냉면(12,000원) · 수육"),
        ([], Tone.RECORD, KO, "을지면옥에 다녀왔다."),
        ([], Tone.FRIENDLY, KO, "을지면옥에 다녀왔어요."),
        ([], Tone.SHORT, KO, "을지면옥"),
        ([NOODLES, PORK], Tone.RECORD, EN, "Had 물냉면(12,000 won) and 수육 at 을지면옥."),
        ([PORK], Tone.FRIENDLY, EN, "Went to 을지면옥! Had 수육."),
        ([], Tone.RECORD, EN, "Went to 을지면옥."),
        ([PORK], Tone.SHORT, EN, "을지면옥 · 수육"),
    ],
)
def test_in_each_voice(dishes, tone, language, text):
    assert template(Brief(meal_of("을지면옥", None, dishes, ""), tone, language)) == text


def test_their_own_words_follow():
    meal = meal_of("을지면옥", None, [], "{0} 국물이\n시원했다")
    assert template(Brief(meal, Tone.RECORD, KO)).endswith("다.\n{0} 국물이\n시원했다")
