"""The committed styles and scripts are what their sources build, and carry no brand but ours."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ["package.json", "package-lock.json", ".npmrc", "frontend"]
BUILT = [
    "css/portal.css",
    "js/answers.js",
    "js/boot.js",
    "js/portal.js",
    "js/scoring.js",
    "fonts/atkinson-hyperlegible-latin-400-normal.woff2",
    "fonts/atkinson-hyperlegible-latin-700-normal.woff2",
    "fonts/atkinson-hyperlegible-latin-ext-400-normal.woff2",
    "fonts/atkinson-hyperlegible-latin-ext-700-normal.woff2",
]


def _run(folder, *command):
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}"


def test_a_rebuild_gives_the_committed_bytes(tmp_path):
    if shutil.which("npm") is None:
        pytest.fail(
            "npm is missing: install Node.js 20 or newer with npm (Debian: apt install nodejs npm)."
        )
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path / name)
    _run(tmp_path, "npm", "ci", "--ignore-scripts", "--prefer-offline")
    _run(tmp_path, "npm", "run", "build")
    changed = [
        name
        for name in BUILT
        if (tmp_path / "static" / name).read_bytes() != (ROOT / "static" / name).read_bytes()
    ]
    assert changed == [], "run `npm ci && npm run build` and commit static/"


def test_each_built_file_names_its_version_and_licence():
    version = json.loads((ROOT / "package.json").read_text())["version"]
    for name in ["css/portal.css", "js/answers.js", "js/boot.js", "js/portal.js"]:
        first = (ROOT / "static" / name).read_text().splitlines()[0]
        assert first.startswith(f"/*! {Path(name).name} {version}, IMPACT portal, MIT licence."), (
            name
        )


def test_the_styles_carry_nothing_of_the_gov_uk_brand():
    css = (ROOT / "static/css/portal.css").read_text()
    found = [
        word
        for word in ["GDS Transport", "crown.", "#1d70b8", "#ffdd00", "#0f7a52", "#00703c"]
        if word in css
    ]
    assert found == []


def test_the_styles_load_only_our_own_files():
    css = (ROOT / "static/css/portal.css").read_text()
    outside = [
        url
        for url in re.findall(r"url\(\"?([^)\"]+)", css)
        if not url.startswith(("../fonts/", "data:"))
    ]
    assert outside == []


def test_the_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
