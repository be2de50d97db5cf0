"""`sensors`: how this member's sensors are, and where one of them sees."""

from typing import Annotated, Final
from urllib.parse import quote

import typer
from rich.text import Text

from quartet.cli.client import Client
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, connect
from quartet.cli.outcome import Refusal
from quartet.cli.output import facts, one_line, say, say_json, screen, table, tlp_text, utc
from quartet.cli.polar import polar
from quartet.core.faults import Malformed
from quartet.core.units import NM_M
from quartet.node.sensorviews import CoverageView, OffsetsView, SensorView
from quartet.node.statusviews import Status
from quartet.node.views import Page, Row
from quartet.sensors.mending import mend

ADVICE: Final = {
    "never-heard": "nothing came yet: check address, port, multicast interface and firewall",
    "not-heard-yet": "nothing came yet: wait a minute",
    "silent": "nothing came for a minute: look at the sensor and at the line",
    "late": "it spoke, and stopped: look again in a minute",
    "not-begun": "the node is about to listen",
    "not-reached": "no connection: check address and port; it is tried again by itself",
    "ended": "it ended the connection; it is tried again by itself",
    "no-marking": "nobody may have what it sees: set tlp and to in the settings",
    "feed-recalled": "its feed was taken back: change its marking or title in the settings",
    "not-in-use": "it says itself that its data is not for use",
    "offset-doubtful": "its offset cannot be trusted, nor where its movers lie: have the radar looked at",
    "bug": "an error of this program: see the node's log",
}
COLUMNS: Final = ("SENSOR", "TLP", "HEALTH", "HEARD", "A SECOND", "TAKEN", "REFUSED", "TURN s", "REACH NM", "GAPS")
MAX_FEEDS: Final = 20
"""Feeds that are named."""


def sensors(
    coverage: Annotated[
        str | None, typer.Option(metavar="NAME", help="Where this one saw movers in the last hour.")
    ] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Tell how this member's sensors are: heard or silent, how much, and what was refused.

    Examples:

        quartet sensors --dir trial/north

        quartet sensors --coverage radar-1 --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        if coverage is not None:
            covered = _covered(client, coverage)
            say_json(covered) if json else _show(covered)
            return
        found = client.get("/sensors", list[SensorView])
        feeds = [] if json else _by_hand(client, found)
    if json:
        say_json(found)
        return
    if not found:
        say("no sensors: the settings name none that you may see; [[sensors]] in settings.toml adds one")
    else:
        _told(found)
    for feed in feeds:
        say(f"{feed.ref}: {one_line(feed.title)} ({feed.tlp}): opened by hand, as a replayed recording is")
    if feeds:
        say("`quartet picture` shows what is in them; how a sensor is, is known of those in the settings alone")


def _covered(client: Client, name: str) -> CoverageView:
    try:
        return client.get(f"/sensors/{quote(name, safe='')}/coverage", CoverageView)
    except Refusal as answer:
        raise Malformed(
            "unknown-sensor", f"{name}: there is no such sensor that you may see; `quartet sensors` lists them"
        ) from answer


def _by_hand(client: Client, known: list[SensorView]) -> list[Row]:
    """Return the feeds of this member that are no sensor's of the settings, the newest first, as far as she may see."""
    member = client.get("/status", Status).member
    page = client.get("/items", Page, {"kind": "feed", "author": member, "newest": True, "limit": MAX_FEEDS})
    named = {one.feed for one in known}
    return [row for row in page.items if row.ref not in named and row.author == member and not row.recalled]


def _told(found: list[SensorView]) -> None:
    table(COLUMNS, [_cells(one) for one in found])
    for one in found:
        if one.reason is not None:
            say(f"{one.name}: {one.reason}: {_advice(one)}")
        if one.offsets is not None:
            say(f"{one.name}: offset: {_offsets(one.offsets)}")


def _advice(one: SensorView) -> str:
    if one.reason == "quarantined":
        return f"{mend(one.mostly)}; then begin the node anew"
    return ADVICE.get(one.reason or "", "see docs/reference/reasons.md")


def _cells(one: SensorView) -> tuple[str | Text, ...]:
    refused = ", ".join(f"{count} {reason}" for reason, count in sorted(one.refused.items()))
    return (
        one.name,
        tlp_text(one.tlp) if one.tlp else "-",
        one.health,
        utc(one.heard),
        f"{one.per_s:g}",
        str(one.taken),
        refused or "none",
        "-" if one.rotation_s is None else f"{one.rotation_s:.2f}",
        f"{one.reach_m / NM_M:.0f}" if one.reach_m else "-",
        str(one.gaps),
    )


def _offsets(told: OffsetsView) -> str:
    """Return a radar's offsets in words: each with what it is within, 95 %."""
    parts = (
        _offset("range", told.range_m, told.range_within_m, "m", 0),
        _offset("azimuth", told.azimuth_deg, told.azimuth_within_deg, "deg", 2),
        _offset("time", told.time_s, told.time_within_s, "s", 3),
    )
    return ", ".join(parts) + (" (not to be trusted)" if told.doubtful else "")


def _offset(what: str, value: float | None, within: float | None, unit: str, digits: int) -> str:
    if value is None or within is None:
        return f"{what} not yet known"
    return f"{what} {round(value, digits) or 0.0:+.{digits}f} {unit} within {within:.{digits}f}"


def _show(covered: CoverageView) -> None:
    out = screen()
    facts(
        [
            ("sensor", one_line(covered.name)),
            ("at", f"{covered.lat:.4f}, {covered.lon:.4f}"),
            ("a ring", f"{covered.ring_m / NM_M:g} NM"),
        ]
    )
    cells = {(cell.sector, cell.ring): cell.bands for cell in covered.cells}
    for line in polar(cells, covered.sectors, covered.rings):
        out.print(line)
    say("█ seen   · a gap: nothing there in the last hour, though there was all around")
