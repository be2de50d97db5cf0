"""How often an officer says FLASH: six an hour are hers alone, more have a second officer's word."""

from typing import Final

import msgspec

from quartet.core.ids import Micros, OfficerName
from quartet.core.release import Viewer
from quartet.desk import KIND_OF
from quartet.desk.warning import Alert
from quartet.node.views import Draft

MAX_FLASH_AN_HOUR: Final = 6
HOUR: Final = 3_600_000_000


class Flashes:
    """Counts what each officer said as FLASH in the last hour."""

    def __init__(self) -> None:
        self._of: dict[OfficerName, list[Micros]] = {}

    def counted(self, draft: Draft, viewer: Viewer, now: Micros) -> Draft:
        """Return a draft as it goes: from the seventh of an officer's hour on as IMMEDIATE, and it says so.

        A warning that a second officer confirms before it leaves is not her word alone.
        """
        if draft.precedence != "FLASH" or _by_two(draft):
            return draft
        recent = [at for at in self._of.get(viewer.name, []) if at > now - HOUR]
        self._of[viewer.name] = [*recent, now][-MAX_FLASH_AN_HOUR - 1 :]
        if len(recent) < MAX_FLASH_AN_HOUR:
            return draft
        return msgspec.structs.replace(draft, precedence="IMMEDIATE", title=f"(claimed FLASH) {draft.title}"[:300])


def _by_two(draft: Draft) -> bool:
    return draft.kind == KIND_OF[Alert] and (draft.form or {}).get("release") == "CHECKED"
