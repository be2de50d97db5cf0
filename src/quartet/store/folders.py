"""Folders and names that outlive a power cut: a name is on the disk once the folder that it stands in was synced."""

import os
from pathlib import Path
from typing import Final

FOLDER: Final = 0o700


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, that only its owner may enter; each that is new is there for good."""
    new = [one for one in (path, *path.parents) if not one.exists()]
    path.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    for one in new:
        sync_folder(one.parent)


def sync_folder(path: Path) -> None:
    """Return once the names in a folder are on the disk as they are now."""
    _sync(path, os.O_DIRECTORY)


def sync_file(path: Path) -> None:
    """Return once what lies in a file is on the disk, whoever wrote it; its name is not before its folder is."""
    _sync(path)


def _sync(path: Path, flags: int = 0) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
