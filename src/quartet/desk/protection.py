"""How things stand at a site: which volumes are active, who may pass, and what became of each warning. Pure folds."""

from collections.abc import Iterable
from typing import Final

from quartet.core.encoding import Value
from quartet.core.ids import SECOND, ItemId, Micros, OfficerName
from quartet.core.volume import Volume, in_window
from quartet.desk.said import Said, distinct
from quartet.desk.site import Call, Exemption, LevelWord, Lifted, Notice, Site, SiteSeen, Warned

PHONE_WITHIN: Final = 60 * SECOND
"""How soon after a warning that a mover is about to be too near, or is, its site is called; and how soon after a call
that reached nobody it is called again."""
HEIGHT_OF: Final[dict[LevelWord, int]] = {"OVER": 0, "ADVISORY": 1, "PREDICTED": 2, "INSIDE": 3}
CALLED_FOR: Final = HEIGHT_OF["PREDICTED"]


class Seen(Value, frozen=True):
    """Who had a warning before her, when, by which item."""

    item: ItemId
    officer: OfficerName
    at: Micros


class Episode(Value, frozen=True):
    """One mover near one volume, from the first warning on.

    `highest` is the nearest that it was said to be; `acknowledged` by whom the newest rise was seen, None while nobody
    has; `call_due` until when the site is to be called, None where it need not be, it is over, or somebody there was
    reached: a call that reached nobody starts the time anew, for the next.
    """

    first: ItemId
    warnings: tuple[Said[Warned], ...]
    highest: LevelWord
    over: bool
    seen: tuple[Seen, ...]
    acknowledged: Seen | None
    calls: tuple[Said[Call], ...]
    call_due: Micros | None

    @property
    def newest(self) -> Said[Warned]:
        """The warning that was said last."""
        return self.warnings[-1]

    @property
    def waits(self) -> bool:
        """Whether somebody is to acknowledge it: what is over asks for nothing, and its record says that nobody did."""
        return self.acknowledged is None and not self.over


def lifted(items: Iterable[Said[Lifted]]) -> frozenset[ItemId]:
    """Return which notices and exemptions were ended."""
    return frozenset(ItemId(one.form.of) for one in items)


def is_active(volume: Volume, notices: Iterable[Said[Notice]], ended: frozenset[ItemId], now: Micros) -> bool:
    """Return whether a volume is active: by its own times, or by a notice that nobody ended; at once, both ways."""
    return in_window(volume, now) or any(runs(one, ended, now) for one in notices if one.form.volume == volume.name)


def runs(notice: Said[Notice], ended: frozenset[ItemId], now: Micros) -> bool:
    """Return whether a notice makes its volume active now."""
    return notice.id not in ended and notice.form.begins <= now < notice.form.ends


def holds(exemption: Said[Exemption], ended: frozenset[ItemId], now: Micros) -> bool:
    """Return whether an exemption still holds."""
    return exemption.id not in ended and now < exemption.form.ends


def episode_of(
    warnings: Iterable[Said[Warned]], seen: Iterable[Said[SiteSeen]], calls: Iterable[Said[Call]]
) -> Episode | None:
    """Return what became of one mover near one volume: of its first warning, of those that went on from it, and of what
    was said about each; None without a warning."""
    said = distinct(warnings)
    if not said:
        return None
    first = next((one for one in said if one.form.first is None), said[0])
    at = {one.id: one.at for one in said}
    before = tuple(Seen(one.id, one.officer, one.at) for one in distinct(seen) if one.form.warning in at)
    until = max((at[ItemId(one.form.warning)] for one in seen if one.form.warning in at), default=Micros(-1))
    rises = [one for n, one in enumerate(said) if _rises(said, n)]
    open_ones = [one for one in rises if one.at > until]
    made = tuple(one for one in distinct(calls) if one.form.warning in at)
    over = said[-1].form.level == "OVER"
    return Episode(
        first=first.id,
        warnings=said,
        highest=max((one.form.level for one in said), key=lambda word: HEIGHT_OF[word]),
        over=over,
        seen=before,
        acknowledged=before[-1] if before and not open_ones else None,
        calls=made,
        call_due=None if over else _call_due(rises, made),
    )


def _call_due(rises: Iterable[Said[Warned]], calls: tuple[Said[Call], ...]) -> Micros | None:
    """Return until when a site is to be called: a minute after the warning, or after the last call that reached nobody.

    What is dated ahead counts from when it was signed: nobody puts off a call so.
    """
    since = min((one.at for one in rises if HEIGHT_OF[one.form.level] >= CALLED_FOR), default=None)
    if since is None or any(one.form.outcome == "REACHED" for one in calls):
        return None
    tried = (min(Micros(one.form.at), one.at) for one in calls)
    return Micros(max((since, *tried)) + PHONE_WITHIN)


def _rises(said: tuple[Said[Warned], ...], n: int) -> bool:
    """Return whether a warning says more than the one before it."""
    return HEIGHT_OF[said[n].form.level] > (HEIGHT_OF[said[n - 1].form.level] if n else 0)


def name_of(site: Site, volume: str) -> str:
    """Return how a site and a volume of it are called together."""
    return site.name if len(site.volumes) == 1 else f"{site.name}: {volume}"
