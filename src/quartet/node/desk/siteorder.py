"""Which warning of a site is the most urgent: the order in which every list and every bar of alarms has them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from msgspec import structs

from quartet.desk.site import LevelWord
from quartet.node.desk.siteviews import EpisodeView, NearView

RANK: Final[tuple[LevelWord, ...]] = ("INSIDE", "PREDICTED", "ADVISORY", "OVER")


def urgent_first(episodes: Iterable[EpisodeView]) -> tuple[EpisodeView, ...]:
    """Return warnings, the most urgent first.

    What is real stands before an exercise's, what waits for a word or a call before the rest; then by level, by when
    the mover is too near, and the oldest.
    """
    return tuple(sorted(episodes, key=_place))


def known_now(one: EpisodeView, near: NearView | None, now: datetime) -> EpisodeView:
    """Return a warning with where its mover is now, and in how long it is too near by the newest that is known."""
    return structs.replace(one, near=near, too_near_s=_too_near_s(one, near, now))


def _too_near_s(one: EpisodeView, near: NearView | None, now: datetime) -> int | None:
    if one.over:
        return None
    if one.level == "INSIDE":
        return 0
    if near is not None and near.too_near_s is not None:
        return near.too_near_s
    step = one.warnings[-1]
    return None if step.within_s is None else max(0, round(step.within_s - (now - step.seen).total_seconds()))


def _place(one: EpisodeView) -> tuple[bool, bool, int, float, datetime]:
    done = not one.waits and one.call_due is None
    soon = float("inf") if one.too_near_s is None else one.too_near_s
    return one.exercise, done, RANK.index(one.level), soon, one.warnings[0].at
