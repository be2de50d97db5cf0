"""Find the real Mode S recording that the demo and the tests replay: 57,793 frames of one flight, Paris to Toulouse.

It lies in the `traffic` package (MIT), which is installed without its dependencies; its files are read, nothing of it
is imported.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from quartet.core.faults import Unavailable

RECORDING: Final = "traffic/data/samples/rs1090/full_flight_short.jsonl"
REFERENCE: Final = (49.0097, 2.5479)
"""Latitude and longitude of Paris Charles de Gaulle, where the recording begins on the ground."""
HOW_TO_GET_IT: Final = "run `make demo`, or: pip install --no-deps traffic==2.13"


def recording_path() -> Path:
    """Return the recording's file, or raise `Unavailable("no-recording")` that says how to get it."""
    try:
        path = Path(str(distribution("traffic").locate_file(RECORDING)))
    except PackageNotFoundError as error:
        raise Unavailable("no-recording", HOW_TO_GET_IT) from error
    if not path.is_file():
        raise Unavailable("no-recording", f"{path.name} is not in the installed traffic package; {HOW_TO_GET_IT}")
    return path
