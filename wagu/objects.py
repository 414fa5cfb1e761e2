"""Where photos and recordings are kept: a folder of this machine, or a bucket that a URL names.

The keys are the same in both, so what is in one can be copied into the other as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

SCHEMES = ("s3", "gs", "az", "memory")
"""What a URL may begin with; the tests hold a folder, S3 and memory to one contract."""


@dataclass(frozen=True, slots=True)
class Place:
    """`url`: None for `objects/` in the data directory, `s3://bucket/prefix`, `memory:///`, or what
    else obstore knows. The rest is for S3; what is None comes from the environment of obstore
    (`AWS_ACCESS_KEY_ID`, …, or the machine's role)."""

    data_dir: Path
    url: str | None = None
    endpoint: str | None = None
    region: str | None = None
    key: str | None = None
    secret: str | None = field(default=None, repr=False)

    @property
    def folder(self) -> Path | None:
        """Of this machine; None: not one."""
        return self.data_dir.resolve() / "objects" if self.url is None else None

    def open(self) -> ObjectStore:
        """Asks nobody yet. Raises ValueError."""
        # Here, not above: 20 ms that only a process which serves objects pays.
        from obstore.store import LocalStore, from_url  # noqa: PLC0415 - see above

        if self.folder is not None:
            return LocalStore(self.folder, mkdir=True, automatic_cleanup=True)
        assert self.url is not None
        return from_url(self.url, **self._options())

    def _options(self) -> Mapping[str, Any]:
        if self.url is None or not self.url.startswith("s3:"):
            return {}
        named = {
            "endpoint": self.endpoint,
            "region": self.region,
            "access_key_id": self.key,
            "secret_access_key": self.secret,
        }
        options: dict[str, Any] = {name: value for name, value in named.items() if value}
        if self.endpoint:
            # A server of one's own has one name, not one for each bucket.
            options["virtual_hosted_style_request"] = False
            options["client_options"] = {"allow_http": self.endpoint.startswith("http:")}
        return options


@dataclass(frozen=True, slots=True)
class Copied:
    """An object that is in both places now; `new` where it had to be sent. `size` in bytes."""

    path: str
    size: int
    new: bool


def everything(place: Place) -> Iterator[ObjectMeta]:
    """All objects, for a program that has nothing else to do meanwhile: with obstore's other half,
    one that ends for an error aborts now and then, as an answer arrives after the interpreter."""
    if place.folder is None or place.folder.is_dir():
        for objects in place.open().list(chunk_size=200):
            yield from objects


def copy(source: Place, target: Place) -> Iterator[Copied]:
    """Everything that is in `source`, also into `target`. What is there already, of the same size
    and not older, is left out, so that it may be repeated. Raises OSError and obstore's errors."""
    ours, theirs = source.open(), target.open()
    for found in everything(source):
        path, size = found["path"], found["size"]
        new = not _has(theirs, found)
        if new:
            # The largest are parts of recordings, 8 MB, and photos, 25.
            theirs.put(path, ours.get(path).bytes(), use_multipart=False)
        yield Copied(path, size, new)


def _has(store: ObjectStore, found: ObjectMeta) -> bool:
    try:
        there = store.head(found["path"])
    except FileNotFoundError:
        return False
    changed = found["last_modified"].replace(microsecond=0)  # S3 counts whole seconds
    return there["size"] == found["size"] and there["last_modified"] >= changed
