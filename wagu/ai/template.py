"""A draft without a model: the facts that were given, put into sentences. It is labelled so."""

from __future__ import annotations

from wagu.domain.draft import Brief, Dish, Language, Meal, Tone

FIRST_SYLLABLE, LAST_SYLLABLE, FINALS = 0xAC00, 0xD7A3, 28
"""Hangul syllables (Unicode 3.12): the remainder by 28 is the final consonant, 0 for none."""


def template(brief: Brief) -> str:
    if brief.language is Language.ENGLISH:
        first = _english(brief.meal, brief.tone)
    else:
        first = _korean(brief.meal, brief.tone)
    return f"{first}\n{brief.meal.words}".strip()


def _korean(meal: Meal, tone: Tone) -> str:
    if tone is Tone.SHORT:
        return _in_short(meal, "원")
    friendly = tone is Tone.FRIENDLY
    if not meal.dishes:
        return f"{meal.place}에 다녀왔{'어요' if friendly else '다'}."
    dishes = ", ".join(_dish(dish, "{:,}원") for dish in meal.dishes)
    eaten = f"{dishes}{_object_particle(meal.dishes[-1].name)}"
    if friendly:
        return f"{meal.place}에 다녀왔어요! {eaten} 먹었어요."
    return f"{meal.place}에서 {eaten} 먹었다."


def _english(meal: Meal, tone: Tone) -> str:
    if tone is Tone.SHORT:
        return _in_short(meal, " won")
    friendly = tone is Tone.FRIENDLY
    if not meal.dishes:
        return f"Went to {meal.place}{'!' if friendly else '.'}"
    names = [_dish(dish, "{:,} won") for dish in meal.dishes]
    dishes = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    return f"Went to {meal.place}! Had {dishes}." if friendly else f"Had {dishes} at {meal.place}."


def _in_short(meal: Meal, won: str) -> str:
    return " · ".join([meal.place, *(_dish(dish, "{:,}" + won) for dish in meal.dishes)])


def _dish(dish: Dish, price: str) -> str:
    return dish.name if dish.price is None else f"{dish.name}({price.format(dish.price)})"


def _object_particle(word: str) -> str:
    """을 after a final consonant, 를 after a vowel; both where the last letter does not tell."""
    last = ord(word[-1])
    if not FIRST_SYLLABLE <= last <= LAST_SYLLABLE:
        return "을(를)"
    return "을" if (last - FIRST_SYLLABLE) % FINALS else "를"
