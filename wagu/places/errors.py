"""What can go wrong when somebody else is asked for places.

    places.timeout        503  no answer in time
    places.busy           429  too often, for them or by their rules; says when to come back
    places.unavailable    503  no connection, or an error of theirs
    places.misconfigured  503  they refuse the request: the key or the address
    places.broken         503  an answer that cannot be read

Their own words are neither shown nor logged: they may quote the key.
"""

from __future__ import annotations

from wagu.errors import RateLimited, Unavailable

_MESSAGES = {
    "places.timeout": "장소 검색이 제때 답하지 않았어요. 다시 시도해 주세요.",
    "places.unavailable": "장소 검색에 닿지 않아요. 잠시 뒤에 다시 해 주세요.",
    "places.misconfigured": "장소 검색 설정에 문제가 있어요. 서버 관리자에게 알려 주세요.",
    "places.broken": "장소 검색의 답을 읽을 수 없어요.",
}


def places_error(code: str) -> Unavailable:
    """A new error to raise; any of the codes but `places.busy`."""
    return Unavailable(code, _MESSAGES[code])


def too_often(retry_after: float) -> RateLimited:
    message = "장소를 너무 자주 찾았어요. 잠시 뒤에 다시 해 주세요."
    return RateLimited("places.busy", message, retry_after=retry_after)
