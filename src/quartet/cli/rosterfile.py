"""Read the turns of a roster: from a small CSV or JSON file, or from options. A mistake is told with its line.

Times are UTC and say so. An end may be a time of day alone, `06:00Z`: the first one after the turn began, so that a
night needs no second date.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

import msgspec

from quartet.cli.options import utc_time
from quartet.core.faults import Malformed
from quartet.desk.roster import MAX_TURNS
from quartet.node.desk.rosterviews import RosterDraft, TurnDraft

COLUMNS: Final = ("since", "until", "name", "role", "phones")
EXAMPLE: Final = "2026-12-31T22:00Z,06:00Z,Officer 1,duty officer,+41 58 000 00 17"
WRITE: Final = "write 2026-12-31T22:00Z, or for an end 06:00Z"

_HOUR: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)Z\Z")


class Placed(NamedTuple):
    """A turn, and where it was read."""

    where: str
    turn: TurnDraft


def read_roster(text: str, name: str) -> RosterDraft:
    """Return the roster that a file holds, its turns in order; raise `Malformed("bad-roster")` with the line."""
    given: dict[str, Any] = {}
    if text.lstrip().startswith("{"):
        given = _object(text, name)
        placed = [_from_json(one, f"{name} turn {n}") for n, one in enumerate(_list(given, name), 1)]
    else:
        placed = list(_lines(text, name))
    if len(placed) > MAX_TURNS:
        raise Malformed("bad-roster", f"{name}: {len(placed)} turns where {MAX_TURNS} may be; plan in two rosters")
    begins, ends = (_time(str(given[key]), f"{name} {key}") if key in given else None for key in ("begins", "ends"))
    return RosterDraft(turns=in_order(placed), begins=begins, ends=ends)


def read_turn(text: str) -> Placed:
    """Return the turn that one option says, as a line of a file says it."""
    try:
        (cells,) = csv.reader([text])
    except (csv.Error, ValueError) as error:
        raise Malformed("bad-roster", f"--turn {text!r}: {error}") from error
    return Placed(f"--turn {text}", _turn(cells, f"--turn {text}"))


def in_order(placed: list[Placed]) -> tuple[TurnDraft, ...]:
    """Return turns in the order of time; raise `Malformed("bad-roster")` where two are on watch at once."""
    ordered = sorted(placed, key=lambda one: one.turn.since)
    for before, one in pairwise(ordered):
        if one.turn.since < before.turn.until:
            until = f"{before.turn.until:%Y-%m-%d %H:%M}Z"
            raise Malformed("bad-roster", f"{one.where}: {before.turn.name} is on watch until {until} ({before.where})")
    return tuple(one.turn for one in ordered)


def _lines(text: str, name: str) -> Iterator[Placed]:
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    rows = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
    try:
        for cells in rows:
            said = [cell.strip() for cell in cells]
            if not any(said) or said[0].startswith("#") or said[0].lower() == COLUMNS[0]:
                continue
            where = f"{name} line {rows.line_num}"
            yield Placed(where, _turn(said, where))
    except csv.Error as error:
        raise Malformed("bad-roster", f"{name} line {rows.line_num}: {error}") from error


def _turn(cells: list[str], where: str) -> TurnDraft:
    said = [cell.strip() for cell in cells]
    if len(said) < len(COLUMNS) - 2:
        raise Malformed("bad-roster", f"{where}: write since,until,name,role,phone,phone as in {EXAMPLE}")
    since, until, name, *rest = said
    phones = [phone for phone in rest[1:] if phone]
    return _made({"since": since, "until": until, "name": name, "role": "".join(rest[:1]), "phones": phones}, where)


def _from_json(one: object, where: str) -> Placed:
    if not isinstance(one, dict):
        raise Malformed("bad-roster", f"{where}: each turn is an object with {', '.join(COLUMNS)}")
    return Placed(where, _made(one, where))


def _made(told: dict[str, Any], where: str) -> TurnDraft:
    since = _time(str(told.get("since", "")), f"{where}: since")
    until = _end(str(told.get("until", "")), since, f"{where}: until")
    try:
        made = msgspec.convert({**told, "since": since, "until": until}, TurnDraft)
    except msgspec.ValidationError as error:
        raise Malformed("bad-roster", f"{where}: {error}") from error
    if not made.since < made.until:
        raise Malformed("bad-roster", f"{where}: it would end before it begins")
    return made


def _end(text: str, since: datetime, where: str) -> datetime:
    hour = _HOUR.match(text)
    if hour is None:
        return _time(text, where)
    at = since.replace(hour=int(hour[1]), minute=int(hour[2]), second=0, microsecond=0)
    return at if at > since else at + timedelta(days=1)


def _time(text: str, where: str) -> datetime:
    return utc_time(text, f"{where} {text!r}", WRITE)


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        raise Malformed("bad-roster", f"{name} line {error.lineno}: {error.msg}") from error
    except RecursionError as error:
        raise Malformed("bad-roster", f"{name}: it is nested deeper than any roster is") from error
    unknown = sorted(set(told) - {"begins", "ends", "turns"})
    if unknown:
        raise Malformed("bad-roster", f"{name}: {unknown[0]} is none of begins, ends, turns")
    return dict(told)


def _list(told: dict[str, Any], name: str) -> list[object]:
    turns = told.get("turns")
    if not isinstance(turns, list):
        raise Malformed("bad-roster", f"{name}: turns is a list of turns")
    return turns
