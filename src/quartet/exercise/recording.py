"""Find the real recordings that the demo and the tests replay: Mode S of a flight, Paris to Toulouse, in 57,793 frames;
where 842 aircraft were over Switzerland on 1 August 2018, every ten seconds; a flight whose satellite navigation was
spoofed, from Istanbul northwards on 17 September 2024; and the boundaries of Europe's flight information regions.

They lie in the `traffic` package (MIT), which is installed without its dependencies; its files are read, nothing of it
is imported.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from quartet.core.faults import Unavailable

RECORDING: Final = "traffic/data/samples/rs1090/full_flight_short.jsonl"
SKIES: Final = "traffic/data/samples/collections/switzerland.json.gz"
SPOOFED: Final = "traffic/data/samples/noisy/noisy_spoofing.json.gz"
FIRS: Final = "traffic/data/eurocontrol/eurofirs.json"
REFERENCE: Final = (49.0097, 2.5479)
"""Latitude and longitude of Paris Charles de Gaulle, where the recording begins on the ground."""
HOW_TO_GET_IT: Final = "run `make demo`, or: pip install --no-deps traffic==2.13"


def recording_path() -> Path:
    """Return the flight's file, or raise `Unavailable("no-recording")` that says how to get it."""
    return _path(RECORDING)


def skies_path() -> Path:
    """Return the file of the aircraft over Switzerland; raise as `recording_path`."""
    return _path(SKIES)


def spoofed_path() -> Path:
    """Return the file of the flight that was led astray; raise as `recording_path`."""
    return _path(SPOOFED)


def firs_path() -> Path:
    """Return the file of the boundaries (GeoJSON); raise as `recording_path`."""
    return _path(FIRS)


def _path(name: str) -> Path:
    try:
        path = Path(str(distribution("traffic").locate_file(name)))
    except PackageNotFoundError as error:
        raise Unavailable("no-recording", HOW_TO_GET_IT) from error
    if not path.is_file():
        raise Unavailable("no-recording", f"{path.name} is not in the installed traffic package; {HOW_TO_GET_IT}")
    return path
