"""Their categories in our words; None where they do not tell."""

from __future__ import annotations

from wagu.domain.post import Category

# The first one contained in theirs counts: a "음식점 > 카페 > 디저트카페" is rather a dessert.
KOREAN_WORDS: tuple[tuple[str, Category], ...] = (
    ("디저트", Category.DESSERT),
    ("제과", Category.DESSERT),
    ("베이커리", Category.DESSERT),
    ("아이스크림", Category.DESSERT),
    ("떡,한과", Category.DESSERT),
    ("카페", Category.CAFE),
    ("커피", Category.CAFE),
    ("분식", Category.SNACK),
    ("한식", Category.KOREAN),
    ("중식", Category.CHINESE),
    ("중국", Category.CHINESE),
    ("일식", Category.JAPANESE),
    ("초밥", Category.JAPANESE),
    ("양식", Category.WESTERN),
    ("이탈리", Category.WESTERN),
    ("프랑스", Category.WESTERN),
    ("피자", Category.WESTERN),
    ("햄버거", Category.WESTERN),
    ("음식점", Category.OTHER),
)
OSM_TAGS = {
    "cafe": Category.CAFE,
    "coffee": Category.CAFE,
    "ice_cream": Category.DESSERT,
    "bakery": Category.DESSERT,
    "pastry": Category.DESSERT,
    "confectionery": Category.DESSERT,
    "fast_food": Category.OTHER,
    "restaurant": Category.OTHER,
    "food_court": Category.OTHER,
    "pub": Category.OTHER,
    "bar": Category.OTHER,
}


def by_korean_words(theirs: str) -> Category | None:
    return next((ours for word, ours in KOREAN_WORDS if word in theirs), None)


def by_osm_tag(value: str) -> Category | None:
    return OSM_TAGS.get(value)
