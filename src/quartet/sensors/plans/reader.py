"""Flight plans in a file: ICAO FPL messages, one or many, or a table (CSV); each good one is taken, each bad one named.

Any bytes give plans or `Malformed`. What is between messages, as telegrams have it, is passed over.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec

from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, Micros
from quartet.desk.flightplan import FlightPlan
from quartet.sensors.plans.fields import (
    field_7,
    field_8,
    field_9,
    field_10,
    field_13,
    field_16,
    field_18,
    level_m,
    off_block,
    speed_cms,
)
from quartet.sensors.plans.route import Points, points_of, split_15

MAX_FILE: Final = 8 * 1024 * 1024
MAX_PLANS: Final = 5_000
MAX_FAULTS: Final = 20
"""So many plans that were refused are named."""
MAX_MESSAGE: Final = 8_000
"""Characters of one message."""
FIELDS: Final = 9
"""FPL, 7, 8, 9, 10, 13, 15, 16, 18."""
COLUMNS: Final = (
    "flight_id",
    "rules",
    "type",
    "aircraft",
    "wake",
    "equipment",
    "surveillance",
    "origin",
    "off_block",
    "speed",
    "level",
    "route",
    "destination",
    "eet",
    "alternates",
    "code",
    "address",
    "registration",
    "special",
    "taken_off",
)
"""Of a table; those from `alternates` on may be left out, and stand empty."""

_MESSAGE: Final = re.compile(r"\(FPL[^()]*-")
_ADDRESS: Final = re.compile(r"[0-9A-Fa-f]{6}\Z")
_CODE: Final = re.compile(r"[0-7]{4}\Z")


class Read(NamedTuple):
    """What a file holds: plans, and how many were refused, by reason; `faults` says of the first of these why."""

    plans: tuple[FlightPlan, ...]
    refused: Mapping[str, int]
    faults: tuple[str, ...] = ()


def read_plans(data: bytes, known: Points, now: Micros) -> Read:
    """Return the plans in a file: messages where there is one, else a table.

    Raise `Malformed`: (1) size, (2) text, (3) how many, (4) no plan at all that can be read.
    """
    if len(data) > MAX_FILE:
        raise Malformed("too-large", f"{len(data)} bytes where {MAX_FILE} may be")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("bad-shape", str(error)[:200]) from error
    plans: list[FlightPlan] = []
    refused: Counter[str] = Counter()
    faults: list[str] = []
    for one in _each(text, known, datetime.fromtimestamp(now / SECOND, UTC)):
        if isinstance(one, FlightPlan):
            plans.append(one)
        else:
            refused[one.reason] += 1
            faults += [str(one)] if len(faults) < MAX_FAULTS else []
        if len(plans) + refused.total() > MAX_PLANS:
            raise Malformed("too-many-plans", f"more than {MAX_PLANS}")
    if not plans:
        raise Malformed("no-plan", faults[0] if faults else "neither an FPL message nor a table of plans")
    return Read(tuple(plans), dict(refused), tuple(faults))


def read_message(text: str, known: Points, now: datetime) -> FlightPlan:
    """Return the plan that one message files, or raise `Malformed`."""
    if len(text) > MAX_MESSAGE:
        raise Malformed("too-large", f"{len(text)} characters where {MAX_MESSAGE} may be")
    fields = [" ".join(field.split()) for field in text.strip().strip("()").split("-", FIELDS - 1)]
    if len(fields) < FIELDS - 1 or not fields[0].startswith("FPL"):
        raise Malformed("bad-shape", f"{len(fields)} fields where an FPL has {FIELDS}")
    _, f7, f8, f9, f10, f13, f15, f16, *rest = fields
    other = rest[0].partition(" -")[0] if rest else ""
    begin, route = split_15(f15)
    arrives = field_16(f16)
    origin, time = field_13(f13)
    said = field_18(other)
    identity, (rules, flight), (number, kind, wake) = field_7(f7), field_8(f8), field_9(f9)
    equipment, surveillance = field_10(f10)
    return _made(
        flight_id=identity.flight_id,
        code=identity.code,
        rules=rules,
        flight=flight,
        number=number,
        aircraft=kind,
        wake=wake,
        equipment=equipment,
        surveillance=surveillance,
        origin=origin,
        off_block=_micros(off_block(time, said.get("DOF"), now)),
        speed_cms=begin.speed_cms,
        level_m=begin.level_m,
        route=route,
        destination=arrives.destination,
        lasts_s=arrives.lasts_s,
        alternates=arrives.alternates,
        points=points_of(origin, route, arrives.destination, known),
        address=_address(said.get("CODE", "")),
        registration=said.get("REG", "").split(" ")[0].replace("-", "") or None,
        special=tuple(said.get("STS", "").split()),
        other=other,
    )


def read_row(row: Mapping[str, str], known: Points, now: datetime) -> FlightPlan:
    """Return the plan that a line of a table files, or raise `Malformed`."""
    origin, destination, route = (
        row["origin"].upper(),
        row["destination"].upper(),
        " ".join(row["route"].upper().split()),
    )
    rules, flight = field_8(row["rules"].upper() + row["type"].upper())
    arrives = field_16(f"{destination}{row['eet']}")
    code = row["code"]
    if code and not _CODE.match(code):
        raise Malformed("bad-field", f"code: {code[:12]!r}: four digits 0 to 7")
    return _made(
        flight_id=field_7(row["flight_id"].upper()).flight_id,
        code=code or None,
        rules=rules,
        flight=flight,
        aircraft=row["aircraft"].upper(),
        wake=row["wake"].upper() or None,
        equipment=row["equipment"].upper(),
        surveillance=row["surveillance"].upper(),
        origin=origin,
        off_block=_time(row["off_block"], now, "off_block"),
        speed_cms=speed_cms(row["speed"].upper()) if row["speed"] else None,
        level_m=level_m(row["level"].upper()) if row["level"] else None,
        route=route,
        destination=destination,
        lasts_s=arrives.lasts_s,
        alternates=tuple(row["alternates"].upper().split()),
        points=points_of(origin, route, destination, known),
        address=_address(row["address"]),
        registration=row["registration"].upper().replace("-", "") or None,
        special=tuple(row["special"].upper().split()),
        taken_off=_time(row["taken_off"], now, "taken_off") if row["taken_off"] else None,
    )


def _each(text: str, known: Points, now: datetime) -> Iterator[FlightPlan | Malformed]:
    starts = [found.start() for found in _MESSAGE.finditer(text)]
    if not starts:
        yield from _rows(text, known, now)
        return
    line, counted = 1, 0
    for n, start in enumerate(starts):
        line, counted = line + text.count("\n", counted, start), start
        until = starts[n + 1] if n + 1 < len(starts) else len(text)
        end = text.find(")", start, until)
        try:
            if end < 0:
                raise Malformed("bad-shape", "a message does not end")
            yield read_message(text[start : end + 1], known, now)
        except Malformed as fault:
            said = text[start : min(until, start + MAX_MESSAGE)]
            yield _of(fault, line, (said.split("-", 2)[1:2] or [""])[0])


def _of(fault: Malformed, line: int, flight: str) -> Malformed:
    """Return a fault with the line of the file where its plan begins, and the flight that this names."""
    named = "".join(char for char in flight.partition("/")[0].strip()[:12] if char.isprintable())
    return Malformed(fault.reason, f"line {line}{f' ({named})' if named else ''}: {fault.detail}")


def _rows(text: str, known: Points, now: datetime) -> Iterator[FlightPlan | Malformed]:
    try:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        head = [cell.strip().lower() for cell in next(rows, [])]
        missing = [name for name in COLUMNS[:14] if name not in head]
        if missing or set(head) - set(COLUMNS):
            raise Malformed("bad-shape", f"a table of plans has the columns {','.join(COLUMNS)}")
        for row in rows:
            if not row:
                continue
            cells = dict.fromkeys(COLUMNS, "") | dict(zip(head, map(str.strip, row), strict=False))
            try:
                yield read_row(cells, known, now)
            except Malformed as fault:
                yield _of(fault, rows.line_num, cells["flight_id"])
    except csv.Error as error:
        raise Malformed("bad-shape", str(error)[:200]) from error


def _made(**fields: Any) -> FlightPlan:
    try:
        return msgspec.convert(fields, FlightPlan)
    except msgspec.ValidationError as error:
        raise Malformed("bad-field", str(error)) from error


def _address(text: str) -> str | None:
    if not text:
        return None
    if not _ADDRESS.match(text):
        raise Malformed("bad-field", f"18: CODE/{text[:12]}: six digits 0-9 A-F")
    return text.lower()


def _time(text: str, now: datetime, column: str) -> Micros:
    """Return a time: 2026-03-01T12:00Z, or a time of day 1200, the nearest to now."""
    if re.match(r"[0-2]\d[0-5]\d\Z", text):
        if text > "2359":
            raise Malformed("bad-field", f"{column}: {text} is no time of day")
        return _micros(off_block(text, None, now))
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed("bad-field", f"{column}: write 1200 or 2026-03-01T12:00Z") from error
    if at.tzinfo is None:
        raise Malformed("bad-field", f"{column}: say UTC with a Z at its end")
    return _micros(at)


def _micros(at: datetime) -> Micros:
    return Micros(round(at.timestamp()) * SECOND)
