"""hatch_build.py: what it lays out, when it does nothing, what it refuses; and who uses it."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the developers' node_modules, so that no test needs the network."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def sources(*suffixes: str) -> list[Path]:
    files = (file for suffix in suffixes for file in STATIC.rglob(f"*{suffix}"))
    return [file for file in files if VENDOR not in file.parents]


def test_a_build_brings_every_module_icon_font_and_licence(
    hook: ModuleType, checkout: Path
) -> None:
    hook.build(checkout, say=lambda _: None)
    vendor = checkout / "static" / "vendor"
    for target in [*hook.MODULES.values(), *hook.FILES.values()]:
        assert (vendor / target).exists(), target
    assert {file.stem for file in (vendor / "icons").iterdir()} == set(hook.ICONS)
    style = (vendor / "pretendard" / "pretendard.css").read_text()
    fonts = set(re.findall(r"url\(\./([^)]+)\)", style))
    assert len(fonts) > 50
    assert all((vendor / "pretendard" / font).is_file() for font in fonts)
    licences = (vendor / "LICENSES.txt").read_text()
    for name in (
        *("preact", "htm", "leaflet", "protomaps-leaflet", "lucide-static", "pretendard"),
        *("livekit-client", "openvidu-browser"),
    ):
        assert re.search(rf"^{name} \d.*\n=+\n\n\S", licences, re.MULTILINE), name
    assert not list((checkout / ".cache").iterdir()), "leaves nothing behind"


def test_a_second_build_does_nothing_until_the_lock_file_changes(
    hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    hook.build(checkout, said.append)
    assert len(said) == 1
    hook.build(checkout, said.append)
    assert len(said) == 1
    lock = checkout / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    monkeypatch.setattr(hook, "npm_ci", lambda root, scratch: ROOT / "node_modules")
    hook.build(checkout, said.append)
    assert len(said) == 3, "the developers' node_modules are of another lock file: npm ci"


def test_a_module_whose_imports_nobody_could_resolve_is_refused(
    hook: ModuleType, tmp_path: Path
) -> None:
    for target in hook.MODULES.values():
        (tmp_path / target).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / target).write_text('import { h } from "preact"; import "./beside.js"')
    hook.check_imports(tmp_path)
    (tmp_path / "htm.js").write_text('import{x}from"left-pad"')
    with pytest.raises(hook.BuildError, match=r"htm\.js imports left-pad"):
        hook.check_imports(tmp_path)


def test_words_of_a_message_are_no_imports(hook: ModuleType, tmp_path: Path) -> None:
    for target in hook.MODULES.values():
        (tmp_path / target).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / target).write_text("throw Error(\"no track from 'Stream'\")")
    hook.check_imports(tmp_path)


def test_a_file_with_its_version_in_the_name_is_found(hook: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "library-1.2.3.js").touch()
    assert hook.one(tmp_path, "library-*.js").name == "library-1.2.3.js"
    (tmp_path / "library-1.2.4.js").touch()
    with pytest.raises(hook.BuildError, match="2 files"):
        hook.one(tmp_path, "library-*.js")


@pytest.mark.parametrize(
    ("manifest", "named"),
    [
        ({"license": "MIT"}, "MIT"),
        ({"licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]}, "MIT, GPL-2.0"),
        ({}, "see below"),
    ],
)
def test_old_manifests_name_their_licence_otherwise(
    hook: ModuleType, manifest: dict[str, object], named: str
) -> None:
    assert hook.named_licence(manifest) == named


def test_names_of_a_module_become_exports_of_its_classic_script(
    hook: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "esm.js").write_text("const a = 1, b = 2;\nexport { a as first, b };\n")
    line = hook.named_exports(tmp_path / "esm.js", "library")
    assert line == "export const { b, first } = library;\n"
    (tmp_path / "esm.js").write_text("window.a = 1\n")
    with pytest.raises(hook.BuildError):
        hook.named_exports(tmp_path / "esm.js", "library")


def test_the_page_maps_bare_imports_to_the_files_that_are_built(hook: ModuleType) -> None:
    page = (STATIC / "index.html").read_text()
    found = re.search(r'<script type="importmap">(.*?)</script>', page, re.DOTALL)
    assert found
    imports = json.loads(found[1])["imports"]
    vendored = {name: path for name, path in imports.items() if "/vendor/" in path}
    assert vendored == {name: f"/static/vendor/{file}" for name, file in hook.MODULES.items()}


def test_our_modules_import_only_what_the_page_maps(hook: ModuleType) -> None:
    for file in sources(".js"):
        imports = re.findall(
            r"""^(?:import|export)\b[^'"]*\bfrom ['"]([^'"]+)""", file.read_text(), re.M
        )
        bare = {name for name in imports if not name.startswith((".", "/"))}
        assert bare <= set(hook.MODULES), file


def test_every_vendored_file_we_point_to_is_built() -> None:
    for file in sources(".js", ".css", ".html"):
        for path in re.findall(r"[\w./-]*\bvendor/([\w./-]+\.\w+)", file.read_text()):
            assert (VENDOR / path).is_file(), f"{file.relative_to(ROOT)} wants vendor/{path}"
