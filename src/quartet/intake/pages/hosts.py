"""Read what the unseen part of a page says of who publishes it: the publisher of its metadata, the machine's name."""

import json
import re
from typing import Final

_MOST: Final = 60_000
"""Characters of a script that are read."""
_NAME: Final = r'"name"[ \t\r\n]{0,20}:[ \t\r\n]{0,20}("[^"\\]{1,120}(?:\\.[^"\\]{0,120}){0,20}")'
_PUBLISHER: Final = re.compile(r'"publisher"[ \t\r\n]{0,20}:[ \t\r\n]{0,20}\[?[ \t\r\n]{0,20}\{[^{}]{0,400}?' + _NAME)
_HOST: Final = re.compile(r"https?://(?:www\.|m\.)?([a-z0-9.-]{1,80})", re.IGNORECASE)


def publisher(script: str) -> str:
    """Return who publishes a page by its metadata for machines; nothing where a script says nothing of it."""
    found = _PUBLISHER.search(script[:_MOST])
    if found is None:
        return ""
    try:
        return str(json.loads(found.group(1), strict=False))[:200].strip()
    except ValueError:
        return ""


def host(address: str) -> str:
    """Return the name of the machine in an address, in letters and figures alone and without its last part."""
    found = _HOST.match(address.strip()[:200])
    if found is None:
        return ""
    parts = [part for part in found.group(1).lower().split(".") if part]
    return max((re.sub(r"[^a-z0-9]", "", part) for part in parts[:-1]), key=len, default="")
