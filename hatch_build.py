"""Build the console's page into wheel, sdist and editable install; ask for Node only when the page must be built."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "frontend"))

import page_build


class PageHook(BuildHookInterface[Any]):
    """Hatchling's hook: before anything is packed, the page is there and of today's sources."""

    def dependencies(self) -> list[str]:
        """Return Node when the page must be built: 60 MB that nobody downloads for nothing."""
        return [page_build.NODE] if _must_build() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page unless it is up to date."""
        del version, build_data
        if _must_build():
            page_build.build()


def _must_build() -> bool:
    return page_build.stale()
