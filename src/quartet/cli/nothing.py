"""Why nothing came of a recording, and what to do: by what its reader passed by most, not by a guess."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from quartet.core.faults import Malformed

MAX_PORTS: Final = 8
"""Ports of a capture that are named."""
ADVICE: Final = {
    "test-target": "they are simulated: add --caveat EXERCISE",
    "foreign-source": "they are of another station: set sac and sic of the sensor in the settings",
    "other-category": "they are of categories that are not read",
    "no-detection": "they tell of no detection",
    "no-position": "they tell no place, or too little for one: check --reference",
    "not-a-vessel": "they are of no vessels",
    "time-backwards": "its time runs backwards: sort the recording by time",
    "field-monitor": "they are of fixed transponders that check the radar",
}
"""By reason word, of what is passed by."""
DEFAULT: Final = "check --reference and --port"


def no_plots(path: Path, refused: Mapping[str, int]) -> Malformed:
    """Return the fault of a recording that was read and gave no plot."""
    said = f"{path} holds no plot that could be placed"
    if not refused:
        return Malformed("no-plots", f"{said}: {DEFAULT}")
    most = max(sorted(refused), key=lambda reason: refused[reason])
    return Malformed("no-plots", f"{said}: {refused[most]} {most}: {ADVICE.get(most, DEFAULT)}")


def none_to_port(path: Path, asked: int | None, ports: Counter[int]) -> Malformed:
    """Return the fault of a capture of which no datagram was read: `ports` counts those that are in it."""
    if not ports:
        return Malformed("no-plots", f"{path} holds no UDP datagram")
    there = ", ".join(str(port) for port, _ in ports.most_common(MAX_PORTS))
    return Malformed("no-plots", f"{path} holds nothing that went to port {asked}; there is {there}: check --port")
