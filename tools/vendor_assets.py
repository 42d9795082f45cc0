"""Fetches what vendor.toml names through npm, proves it is what was pinned, and copies it.

Run it after changing vendor.toml:  .venv/bin/python tools/vendor_assets.py
`--check` only re-hashes what is in git and says what differs.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "vendor.toml"
MANIFEST = "manifest.json"


class NotAsPinned(Exception):
    """What npm delivered, or what lies in git, is not what vendor.toml says."""


def digest(content: bytes) -> str:
    """Subresource-integrity form: `sha512-…`, as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def unpack(package: dict[str, Any], room: Path) -> Path:
    """Download one package into `room`, check it and return its folder."""
    wanted = f"{package['name']}@{package['version']}"
    npm = shutil.which("npm")
    if npm is None:
        raise NotAsPinned("npm is needed to fetch assets (not to run Regulars); install it first.")
    done = subprocess.run(
        [npm, "pack", wanted, "--silent"], cwd=room, check=True, capture_output=True, text=True
    )
    archive = room / done.stdout.strip().splitlines()[-1]
    found = digest(archive.read_bytes())
    if found != package["integrity"]:
        raise NotAsPinned(f"{wanted} is {found}, vendor.toml says {package['integrity']}.")
    folder = room / re.sub(r"\W", "_", wanted)
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def kept_names(package: dict[str, Any]) -> dict[str, str]:
    """Where each file of the package is kept: as it lies in its `dist`, the licence as LICENSE."""
    files = {name: name.removeprefix("dist/") for name in package["files"]}
    return files | {package.get("licence", "LICENSE"): "LICENSE"}


def copy(package: dict[str, Any], source: Path) -> None:
    target = ROOT / package["into"] / package["name"] / package["version"]
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    hashes = {}
    for name, kept in kept_names(package).items():
        content = (source / name).read_bytes()
        # A source map would be asked for by the browser's tools and is not shipped.
        content = re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", content)
        (target / kept).parent.mkdir(exist_ok=True)
        (target / kept).write_bytes(content)
        hashes[kept] = digest(content)
    about = {"package": f"{package['name']}@{package['version']}", "files": hashes}
    (target / MANIFEST).write_text(json.dumps(about, indent=2) + "\n")


def symbol(name: str, drawing: str) -> str:
    """One tabler drawing as a <symbol>: only its strokes, the style comes from our own CSS."""
    strokes = re.findall(r"<(?:path|circle|line|rect|polyline)\b[^>]*/>", drawing)
    drawn = "".join(s.replace(" />", "/>") for s in strokes if 'stroke="none" d="M0 0h24' not in s)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>'


def build_sprite(sprite: dict[str, Any], source: Path) -> None:
    marks = (ROOT / sprite["marks"]).read_text()
    symbols = re.findall(r"<symbol.*?</symbol>", marks, re.DOTALL)
    for name in sorted(sprite["icons"]):
        file = source / sprite["folder"] / f"{name}.svg"
        if not file.exists():
            raise NotAsPinned(f"There is no icon “{name}” in {sprite['name']} {sprite['version']}.")
        symbols.append(symbol(name, file.read_text()))
    text = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (ROOT / sprite["into"]).write_text(text)
    shutil.copyfile(source / "LICENSE", ROOT / sprite["licence"])


def differing() -> list[str]:
    """Sentences about files in git that are not what their manifest says; none is good."""
    wanted = tomllib.loads(LIST.read_text())
    problems = []
    for package in wanted["package"]:
        folder = ROOT / package["into"] / package["name"] / package["version"]
        about = json.loads((folder / MANIFEST).read_text())
        expected = set(kept_names(package).values())
        if set(about["files"]) != expected:
            problems.append(f"{folder}: the manifest names other files than vendor.toml.")
        files = (p for p in folder.rglob("*") if p.is_file())
        lying = {p.relative_to(folder).as_posix() for p in files} - {MANIFEST}
        if lying != expected:
            problems.append(f"{folder} holds {sorted(lying)}, vendor.toml says {sorted(expected)}.")
        for name, pinned in about["files"].items():
            if digest((folder / name).read_bytes()) != pinned:
                problems.append(f"{folder / name} was changed after it was fetched.")
    drawn = re.findall(r'<symbol id="([^"]+)"', (ROOT / wanted["sprite"]["into"]).read_text())
    missing = set(wanted["sprite"]["icons"]) - set(drawn)
    if missing:
        problems.append(f"The sprite lacks {sorted(missing)}; run tools/vendor_assets.py.")
    return problems


def main() -> int:
    if "--check" not in sys.argv:
        wanted = tomllib.loads(LIST.read_text())
        with tempfile.TemporaryDirectory() as room:
            for package in wanted["package"]:
                copy(package, unpack(package, Path(room)))
            build_sprite(wanted["sprite"], unpack(wanted["sprite"], Path(room)))
    problems = differing()
    print("\n".join(problems) or "Every vendored file is what vendor.toml says.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
