"""How what others wrote leaves a door: as bytes to keep, never as something that a browser runs in our origin."""

from typing import Final
from urllib.parse import quote

from quartet.core.attachment import safe_name

POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Should a browser show it all the same: in an origin of its own, without scripts, forms, or anything fetched."""
_QUOTED: Final = frozenset('"\\%')


def sealed(name: str) -> dict[str, str]:
    """Return the headers of a file that is to be kept under a name (RFC 6266), whatever it says that it is."""
    kept = safe_name(name)
    plain = "".join(c if c.isascii() and c not in _QUOTED else "_" for c in kept)
    shown = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(kept, safe='')}"
    return {"Content-Disposition": shown, "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
