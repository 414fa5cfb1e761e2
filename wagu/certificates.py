"""The certificate of the HTTP port: one's own from files here, one that we sign ourselves in
`wagu.self_signed`."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Protocol

Files = tuple[Path, Path]
"""Of the certificate (with those that vouch for it) and of its key, in PEM."""


class Source(Protocol):
    def files(self) -> Files: ...


class TlsContext:
    """Follows its source: `refresh` takes what changed, for connections that come then."""

    def __init__(self, source: Source) -> None:
        """Raises OSError, also for what is no certificate or no key of it (ssl.SSLError)."""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_alpn_protocols(["http/1.1"])
        self._source = source
        self._stamp: tuple[int, ...] = ()
        self.refresh()

    def refresh(self) -> bool:
        """Whether there was something new. Raises OSError."""
        files = self._source.files()
        stamp = tuple(file.stat().st_mtime_ns for file in files)
        if stamp == self._stamp:
            return False
        self.context.load_cert_chain(*files)
        self._stamp = stamp
        return True


class Given:
    """Somebody else's files, renewed by somebody else."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._files = (certificate, key)

    def files(self) -> Files:
        return self._files
