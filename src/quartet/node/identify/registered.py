"""Aircraft that this member's registry knows: a file in its folder, `address,registration,own`, a line each.

Any bytes give a registry or `Malformed`.
"""

import csv
import io
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from quartet.core.faults import Malformed

MAX_FILE: Final = 32 * 1024 * 1024
MAX_AIRCRAFT: Final = 500_000
_ADDRESS: Final = re.compile(r"[0-9a-f]{6}\Z")
_REGISTRATION: Final = re.compile(r"[A-Z0-9-]{1,16}\Z")
_OWN: Final = {"": False, "0": False, "no": False, "1": True, "yes": True}


class Registered(NamedTuple):
    """One aircraft: its registration without a hyphen, as plans spell it, and whether it is this member's own."""

    registration: str
    own: bool = False


def read_registry(data: bytes) -> Mapping[str, Registered]:
    """Return the aircraft of a file by their addresses, or raise `Malformed`: (1) size, (2) text, (3) each line."""
    if len(data) > MAX_FILE:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_FILE} may be")
    try:
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        found = dict(_read(n, row) for n, row in enumerate(rows, start=1) if row and not _heads(n, row))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    if len(found) > MAX_AIRCRAFT:
        raise Malformed("too-many-aircraft", f"{len(found)} where {MAX_AIRCRAFT} may be")
    return MappingProxyType(found)


def _heads(n: int, row: list[str]) -> bool:
    return n == 1 and row[0].strip().lower() == "address"


def _read(n: int, row: list[str]) -> tuple[str, Registered]:
    cells = [cell.strip() for cell in row]
    if not 2 <= len(cells) <= 3:
        raise Malformed("bad-line", f"line {n}: write address,registration,own")
    address, registration = cells[0].lower(), cells[1].upper()
    own = _OWN.get(cells[2].lower() if len(cells) == 3 else "")
    if not _ADDRESS.match(address) or not _REGISTRATION.match(registration) or own is None:
        raise Malformed("bad-line", f"line {n}: an address of six digits 0-9 a-f, a registration, yes or no")
    return address, Registered(registration.replace("-", ""), own)
