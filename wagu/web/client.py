"""Where the web client's files are, and which inline scripts of its page may run."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from wagu.web.page import Page

PACKAGE = Path(__file__).resolve().parent.parent
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Client:
    root: Path
    """Resolved: no link is left in it."""

    page: Page

    script_hashes: tuple[str, ...]
    """CSP sources of the inline scripts in index.html: the import map cannot be a file."""

    @property
    def is_complete(self) -> bool:
        """False in a checkout whose third-party files were never laid out."""
        return (self.root / "vendor").is_dir()


def find_client() -> Client:
    """From the installed package, or else from the checkout."""
    for root in (PACKAGE / "static_files", PACKAGE.parent / "static"):
        if (root / "index.html").is_file():
            page = Page(root.resolve())
            return Client(root.resolve(), page, inline_script_hashes(page.text))
    raise FileNotFoundError("the web client is missing: neither wagu/static_files nor static/")


def inline_script_hashes(html: str) -> tuple[str, ...]:
    """Hashes as CSP level 3, 6.7.3.3 wants them: of the exact text between the tags."""
    return tuple(script_hash(script) for script in INLINE_SCRIPT.findall(html))


def script_hash(script: str) -> str:
    digest = hashlib.sha256(script.replace("\r\n", "\n").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
