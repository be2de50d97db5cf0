"""A site that its owner protects: where it is, who keeps it, who may pass for once, and what was seen of movers near.

A site is for its owner's officers, or for some of them: AMBER+STRICT, or RED. All that is said of what nears it stays
with its owner, whoever else was told of the site itself. Nothing here says where a mover goes, or what it wants.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, MemberId, Micros, TimeField
from quartet.core.marking import TLP_ORDER
from quartet.core.volume import MAX_VOLUMES, Volume, VolumeName, check_volumes
from quartet.desk.duty import Phone
from quartet.desk.naming import Item

SiteSort = Literal["INSTALLATION", "SANCTUARY", "HOSPITAL", "HERITAGE"]
LevelWord = Literal["ADVISORY", "PREDICTED", "INSIDE", "OVER"]
"""How near a mover is: minutes away, about to be too near, too near; OVER is that this has ended."""
Ended = Literal["CLEAR", "LOST", "NOT_ACTIVE", "EXEMPT"]
"""Why it is over: it keeps away, it is seen no more, the volume is not active any more, it may pass."""
Reached = Literal["REACHED", "NO_ANSWER", "REFUSED"]

WIDEST: Final = "AMBER+STRICT"
"""The widest label that a site may bear."""
MAX_EXEMPT: Final = 31 * 86_400 * SECOND
"""An exemption that is said to last longer is a mistyped date: it is of one flight."""
MAX_NOTICE: Final = 366 * 86_400 * SECOND
MAX_EARLY: Final = 300 * SECOND
"""How far a call may be dated ahead: what clocks differ by."""

Name = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"\S")]
FLIGHT_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9:./_-]{0,63}\Z"
Flight = Annotated[str, Meta(min_length=1, max_length=64, pattern=FLIGHT_PATTERN)]
"""What a mover is called: its 24-bit address `4b1805`, `mmsi:211234560`, or the name of its track."""

ADDRESS: Final = re.compile(r"(?i)[0-9a-f]{6}|mmsi:[0-9]{9}")
"""What a mover gives of itself, however it is typed; any other name is that of a track."""


class Site(Value, frozen=True):
    """The form of a `site` item, version 1."""

    name: Name
    sort: SiteSort
    custodian: Name
    phones: Annotated[tuple[Phone, ...], Meta(min_length=1, max_length=4)]
    volumes: Annotated[tuple[Volume, ...], Meta(min_length=1, max_length=MAX_VOLUMES)]


class Notice(Value, frozen=True):
    """The form of a `site-notice` item: a volume is active from when until when; at once, if that is past."""

    site: Item
    volume: VolumeName
    begins: TimeField
    ends: TimeField


class Exemption(Value, frozen=True):
    """The form of a `site-exemption` item: one flight may pass one volume until a time; why, and who allowed it."""

    site: Item
    volume: VolumeName
    flight: Flight
    reason: Annotated[str, Meta(min_length=1, max_length=1024, pattern=r"\S")]
    person: Name
    ends: TimeField


class Lifted(Value, frozen=True):
    """The form of a `site-lifted` item: a notice or an exemption of this site ends now.

    Where `of` is the site itself, that it is protected ends: its volumes are active no more.
    """

    site: Item
    of: Item


class Warned(Value, frozen=True):
    """The form of a `site-warning` item, which a node says: a mover is so near to a volume.

    `first` is the warning that this goes on from. `seen` is when it was seen so, `within_s` in how many seconds of that
    it is too near, 0 where it is; `distance_m` and `bearing_deg` where it was then, from the volume.
    """

    site: Item
    volume: VolumeName
    mover: Annotated[str, Meta(min_length=1, max_length=64)]
    level: LevelWord
    seen: TimeField
    within_s: Annotated[int, Meta(ge=0, le=3600)] | None = None
    distance_m: Annotated[int, Meta(ge=0, le=20_000_000)] | None = None
    bearing_deg: Annotated[int, Meta(ge=0, le=360)] | None = None
    height_m: Annotated[int, Meta(ge=-12_000, le=100_000)] | None = None
    ended: Ended | None = None
    first: Item | None = None


class SiteSeen(Value, frozen=True):
    """The form of a `site-seen` item: an officer has a warning before her, and all before it of the same mover."""

    warning: Item


class Call(Value, frozen=True):
    """The form of a `site-call` item: who was called about a warning, when; its text is what was said and done."""

    warning: Item
    called: Name
    at: TimeField
    outcome: Reached
    phone: Annotated[str, Meta(max_length=64)] = ""


STAYS: Final[tuple[type[Value], ...]] = (Notice, Exemption, Lifted, Warned, SiteSeen, Call)
"""What is said about a site, and stays with its owner."""
SITE_KINDS: Final = frozenset(
    {"site", "site-notice", "site-exemption", "site-lifted", "site-warning", "site-seen", "site-call"}
)


def called(flight: str) -> str:
    """Return what a mover is called, as tracks have it: an address, or a ship's number, in small letters."""
    return flight.lower() if ADDRESS.fullmatch(flight) else flight


def check_site(site: Site, _: Micros) -> None:
    """Raise `Malformed("bad-volume")` for a volume that makes no sense, or two of one name."""
    check_volumes(site.volumes)


def check_notice(notice: Notice, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for a notice that is over, ends before it begins, or lasts too long."""
    if notice.ends <= max(notice.begins, at):
        raise Malformed("bad-form", "ends: after it begins, and after now")
    if notice.ends - max(notice.begins, at) > MAX_NOTICE:
        raise Malformed("bad-form", f"ends: a notice lasts {MAX_NOTICE // (86_400 * SECOND)} days at most")


def check_exemption(exemption: Exemption, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for an exemption that is over, or is not of one flight but for ever."""
    if exemption.ends <= at:
        raise Malformed("bad-form", "ends: after now")
    if exemption.ends - at > MAX_EXEMPT:
        raise Malformed("bad-form", f"ends: an exemption lasts {MAX_EXEMPT // (86_400 * SECOND)} days at most")


def check_call(call: Call, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for a call that is dated ahead."""
    if call.at > at + MAX_EARLY:
        raise Malformed("bad-form", "at: a call is noted after it was made")


def check_close(form: Value | None, labels: Iterable[str], to: Iterable[MemberId], me: MemberId) -> None:
    """Raise `Malformed("site-too-wide")` for a site, or a word about one, that too many could read.

    `labels` are all that it bears, now and later; `to` whom it goes to. What is said about a site goes to no other.
    """
    if not isinstance(form, (Site, *STAYS)):
        return
    wide = [label for label in labels if TLP_ORDER.index(label) < TLP_ORDER.index(WIDEST)]
    if wide:
        raise Malformed("site-too-wide", f"{wide[0]}: a site is {WIDEST} or RED, and so is what is said about it")
    others = sorted(set(to) - {me})
    if others and not isinstance(form, Site):
        raise Malformed("site-too-wide", f"{', '.join(others)}: what nears a site is for its owner's own officers")
