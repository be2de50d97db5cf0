"""Sites in a terminal: what is protected, what is near, and what became of each warning."""

from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter
from typing import Final

from rich.text import Text

from quartet.cli.output import drill_text, facts, say, tlp_text, utc
from quartet.cli.send import as_typed
from quartet.core.units import NM_M
from quartet.node.desk.siteviews import EpisodeView, NearView, SiteView
from quartet.node.inforce import called

ENDED: Final[dict[str, str]] = {
    "LOST": ": nothing sees it any more",
    "NOT_ACTIVE": ": the volume is not active any more",
    "EXEMPT": ": it may pass",
}
"""Why a warning is over, where it did not simply go away."""


def site_row(one: SiteView) -> tuple[str | Text, ...]:
    """Return a site as a row of a table."""
    volumes = ", ".join(volume.name + ("" if volume.active else " (not active)") for volume in one.volumes)
    volumes = "CLOSED" if one.closed else volumes
    sort = one.sort.lower()
    return one.ref, tlp_text(one.tlp), one.member, sort, one.name, volumes, one.custodian, ", ".join(one.phones)


def near_row(one: NearView) -> tuple[str | Text, ...]:
    """Return what is near a site as a row of a table."""
    level = "exempt" if one.exempt else one.level.lower()
    soon = "-" if one.too_near_s is None else f"{one.too_near_s} s"
    mover = drill_text(one.mover, exercise=one.exercise)
    return one.name, mover, level, soon, f"{one.distance_m / NM_M:.1f} NM", f"{one.bearing_deg:03} deg"


def say_warnings(episodes: tuple[EpisodeView, ...]) -> None:
    """Say of each warning how it stands, who had it before her, until when to call, and what happened, in its order."""
    for one in episodes:
        by = _had_by(one)
        what = f"{called(one.name, exercise=one.exercise)}: {one.mover} {_state(one)}"
        facts([(one.ref, f"{what}; {by}; {_call(one)}; phone {', '.join(one.phones)}")])
        if one.unshown:
            names = ", ".join(one.unshown)
            say(f"  not shown to {names}, who see the site: its marking, or a sensor's, is not for them")
        for _, line in sorted((*_levels(one), *_calls(one)), key=itemgetter(0)):
            say(f"  {line}")


def _levels(one: EpisodeView) -> Iterator[tuple[datetime, str]]:
    """Yield how near it came, each time with its moment."""
    for step in one.warnings:
        soon = "" if step.within_s is None else f" in {step.within_s} s"
        yield step.at, f"{utc(step.at)} {step.level.lower()}{soon}{ENDED.get(step.ended or 'CLEAR', '')}"


def _calls(one: EpisodeView) -> Iterator[tuple[datetime, str]]:
    """Yield who was called, each time with its moment."""
    for made in one.calls:
        outcome = as_typed(made.outcome)
        yield made.at, f"{utc(made.at)} {made.officer} called {made.called}: {outcome} {made.text}".rstrip()


def _call(one: EpisodeView) -> str:
    """Return until when the site is to be called, or that it should have been by now; after a call, once more."""
    if one.call_due is None:
        return f"called: {len(one.calls)}"
    what = "CALL AGAIN" if one.calls else "CALL"
    return f"{what}, OVERDUE SINCE {utc(one.call_due)}" if one.late else f"{what} BY {utc(one.call_due)}"


def _had_by(one: EpisodeView) -> str:
    """Return who has a warning before her: as near as it came, or only as it was before it rose."""
    if one.acknowledged is not None:
        return f"seen by {one.acknowledged.officer}"
    nobody = "NOT ACKNOWLEDGED" if one.waits else "nobody acknowledged it"
    return f"{nobody} as {one.highest.lower()}; seen by {one.seen[-1].officer} before" if one.seen else nobody


def _state(one: EpisodeView) -> str:
    """Return how near a mover is; of one that is over, whether it went away or is only not seen any more."""
    if not one.over:
        return one.level.lower()
    lost = one.warnings[-1].ended == "LOST"
    return f"{'LOST SIGHT OF' if lost else 'over'}, was {one.highest.lower()}"
