"""Let every "not found" leave at the same beat, so that its time does not tell why.

To look up what is not there is quick; to open an item and find that the asker may not see it takes longer. She gets the
same words for both, and gets them at the next beat after she asked.
"""

import asyncio
import time
from typing import Any, Final

from litestar.types import Message, Scope

BEAT: Final = 0.03
"""Seconds; far longer than to open an item, short for a person."""
_BEGAN: Final = "quartet-began"
_NOT_FOUND: Final = 404


def began(scope: Any) -> None:
    """Note that a request began now."""
    scope["state"][_BEGAN] = time.monotonic()


async def pace(message: Message, scope: Scope) -> None:
    """Hold a "not found" back until its beat."""
    if message["type"] != "http.response.start" or message["status"] != _NOT_FOUND:
        return
    since = scope["state"].get(_BEGAN)
    if since is not None:
        await asyncio.sleep(BEAT - (time.monotonic() - since) % BEAT)
