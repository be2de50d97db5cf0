"""Find the real recordings that the demo and the tests replay: Mode S of a flight, Paris to Toulouse, in 57,793 frames;
and where 842 aircraft were over Switzerland on 1 August 2018, every ten seconds.

They lie in the `traffic` package (MIT), which is installed without its dependencies; its files are read, nothing of it
is imported.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from quartet.core.faults import Unavailable

RECORDING: Final = "traffic/data/samples/rs1090/full_flight_short.jsonl"
SKIES: Final = "traffic/data/samples/collections/switzerland.json.gz"
REFERENCE: Final = (49.0097, 2.5479)
"""Latitude and longitude of Paris Charles de Gaulle, where the recording begins on the ground."""
HOW_TO_GET_IT: Final = "run `make demo`, or: pip install --no-deps traffic==2.13"


def recording_path() -> Path:
    """Return the flight's file, or raise `Unavailable("no-recording")` that says how to get it."""
    return _path(RECORDING)


def skies_path() -> Path:
    """Return the file of the aircraft over Switzerland; raise as `recording_path`."""
    return _path(SKIES)


def _path(name: str) -> Path:
    try:
        path = Path(str(distribution("traffic").locate_file(name)))
    except PackageNotFoundError as error:
        raise Unavailable("no-recording", HOW_TO_GET_IT) from error
    if not path.is_file():
        raise Unavailable("no-recording", f"{path.name} is not in the installed traffic package; {HOW_TO_GET_IT}")
    return path
