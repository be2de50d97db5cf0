"""Say of a value in the settings that cannot be where it stands, by the sensor's name, and how it is written."""

import re
from collections.abc import Mapping
from typing import Any, Final, get_args

from quartet.core.marking import TlpWord
from quartet.node.sensor import KINDS

HOW: Final = {
    "address": "write udp://HOST:PORT or tcp://HOST:PORT",
    "format": f"the formats are {', '.join(KINDS)}",
    "tlp": f"the labels are {', '.join(get_args(TlpWord))}",
    "editions": 'write them as ["048 1.32"]: the category, a space, and its edition',
    "interface": "write the IP address of this machine in that network",
    "sender": "write the IP address of who sends",
    "name": "write small letters, digits and hyphens, as radar-1",
    "caveats": "write words in capitals, as EXERCISE",
}
"""How each value of a sensor is written, where its type alone does not say it for a person."""
_PLACE: Final = re.compile(r" - at `\$\.?([^`]*)`$")
_SENSOR: Final = re.compile(r"sensors\[(\d+)\]\.?(\w*)(.*)")
_ORDINALS: Final = {1: "st", 2: "nd", 3: "rd"}


def wrong_value(raw: Mapping[str, Any], said: str) -> str:
    """Return in an officer's words what a decoder said of a value in `raw`: where it stands, and what may stand there.

    What the decoder said without a place is returned as it is.
    """
    found = _PLACE.search(said)
    if found is None or not found[1]:
        return _PLACE.sub("", said)
    why, place = said[: found.start()], found[1]
    sensor = _SENSOR.fullmatch(place)
    if sensor is None:
        return f"{place}: {why}"
    number, key, rest = int(sensor[1]), sensor[2], sensor[3]
    if not key:
        return f"{_named(raw, number)}: {why}"
    return f"{_named(raw, number)}: {key}{rest}{_given(raw, number, key)}: {HOW.get(key, why)}"


def _named(raw: Mapping[str, Any], number: int) -> str:
    """Return the sensor's name, if it has one that can be told; else which one it is."""
    name = _value(raw, number, "name")
    return f"sensor {name!r}" if isinstance(name, str) and name else f"the {_ordinal(number + 1)} [[sensors]]"


def _given(raw: Mapping[str, Any], number: int, key: str) -> str:
    value = _value(raw, number, key)
    return "" if value is None else f" = {repr(value)[:80]}"


def _value(raw: Mapping[str, Any], number: int, key: str) -> object:
    sensors = raw.get("sensors")
    one = sensors[number] if isinstance(sensors, list | tuple) and number < len(sensors) else None
    return one.get(key) if isinstance(one, Mapping) else None


def _ordinal(number: int) -> str:
    return f"{number}{'th' if number % 100 in (11, 12, 13) else _ORDINALS.get(number % 10, 'th')}"
