"""What the tests of the house look at."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "src" / "quartet"
LEFT_OUT: Final = {
    ".git",
    ".venv",
    ".cache",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".import_linter_cache",
    "__pycache__",
    "build",
    "node_modules",
    "dist",
}
"""What is made here and not written."""


def modules() -> list[Path]:
    """Return every module of the package."""
    return sorted(SOURCE.rglob("*.py"))


def written() -> Iterator[Path]:
    """Yield every file that somebody wrote: code, pages, settings."""
    folders = [ROOT]
    while folders:
        for path in sorted(path for path in folders.pop().iterdir() if path.name not in LEFT_OUT):
            if path.is_dir() and not path.name.endswith(".egg-info"):
                folders.append(path)
            elif (
                path.is_file()
                and path.name != ".git"
                and path.suffix in {".py", ".md", ".toml", ".txt", ".yml", ".sh", ""}
            ):
                yield path
