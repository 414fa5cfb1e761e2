"""Where this machine's apt gets Debian 12 from, for roots that shall get it from there too."""

from __future__ import annotations

import os
import subprocess
import sys


def sources() -> list[str]:
    """Mirror, suite and component of bookworm and its updates (browsers come as security updates),
    as apt has them here; without any, PROVE_MIRROR's bookworm alone."""
    fields = ["--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages"]
    listing = subprocess.run(
        ["apt-get", "indextargets", *fields], capture_output=True, check=True, text=True
    )
    found = {
        line
        for line in listing.stdout.splitlines()
        if line.split()[1].startswith("bookworm") and line.split()[2:] == ["main"]
    }
    named = os.environ.get("PROVE_MIRROR")
    return sorted(found) or ([f"{named} bookworm main"] if named else [])


def machines_mirror() -> str:
    """Where this machine's apt gets bookworm from."""
    for each in sources():
        mirror, suite, _ = each.split()
        if suite == "bookworm":
            return mirror
    sys.exit("prove-install: apt here has no bookworm; name a mirror in PROVE_MIRROR")
