"""One-time codes from a shared secret and the time (RFC 6238, with RFC 4226's truncation): SHA-1, 30 s, six digits.

SHA-1 because that is what authenticator programs compute; as an HMAC it is sound.
"""

import hmac
from base64 import b32encode
from typing import Final
from urllib.parse import quote

from quartet.core.ids import SECOND, Micros

STEP: Final = 30 * SECOND
DIGITS: Final = 6
SECRET_SIZE: Final = 20
DRIFT: Final = 1
"""Steps that a clock may be early or late."""


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of one step."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, code: str, now: Micros, after: int) -> int | None:
    """Return the step whose code this is, one later than `after`: a code counts once."""
    middle = now // STEP
    for step in range(max(middle - DRIFT, after + 1), middle + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step), code):
            return step
    return None


def secret_url(secret: bytes, member: str, officer: str) -> str:
    """Return what an authenticator program reads: by hand or as a picture."""
    label = quote(f"Quartet {member}:{officer}", safe="")
    return f"otpauth://totp/{label}?secret={b32encode(secret).decode().rstrip('=')}&issuer={quote(f'Quartet {member}')}"
