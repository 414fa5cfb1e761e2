"""Places in GeoJSON: what is written is read back, and no bytes do harm."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from wagu.domain.geojson import collection, parse
from wagu.domain.place import NewPlace, Point
from wagu.errors import Invalid

PLACE = NewPlace("시장 떡볶이", Point(37.5, 127.0), "분식", None)


def test_what_is_written_is_read_back():
    assert parse(json.dumps(collection([PLACE, PLACE])).encode()).places == (PLACE,)


def test_numbers_that_are_none_make_no_place():
    for lat in ("NaN", "Infinity", "1e999", "1" + "0" * 400):
        text = json.dumps(collection([PLACE])).replace("37.5", lat)
        assert parse(text.encode()).skipped == 1


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(Invalid):
        parse(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "name", "location"]), inner)
    ),
)


@given(JSON, JSON)
def test_any_feature_is_a_place_or_skipped(geometry: object, properties: object) -> None:
    one = {"type": "Feature", "geometry": geometry, "properties": properties}
    parsed = parse(json.dumps(one).encode())
    assert len(parsed.places) + parsed.skipped == 1
