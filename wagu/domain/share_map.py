"""The title of a shared map; what a shared map is stands in `wagu.ephemeral.share_maps`."""

from __future__ import annotations

from wagu.domain.text import clean_line
from wagu.errors import Invalid

LONGEST_TITLE = 60


def share_map_title(raw: str | None, host_name: str) -> str:
    """What the host typed, or a title with the host's name when nothing was typed."""
    if raw is None or not raw.strip():
        return f"{host_name}의 지도"
    title = clean_line(raw, LONGEST_TITLE)
    if title is None:
        raise Invalid("share_map.bad_title", f"제목은 {LONGEST_TITLE}자까지예요.", field="title")
    return title
