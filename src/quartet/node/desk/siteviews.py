"""What goes in and out of a node about sites; its JSON is held to as that of `views`."""

from typing import Annotated

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.ids import ItemId, MemberField, MemberId, OfficerName
from quartet.core.marking import TlpWord
from quartet.core.volume import VolumeName
from quartet.desk.duty import Phone
from quartet.desk.geojson import MAX_GEOJSON
from quartet.desk.site import Ended, Flight, LevelWord, Name, Reached, SiteSort
from quartet.node.views import Moment, OnceField, Reference, Text


class SiteDraft(Value, frozen=True):
    """A site as its owner registers it, or says it anew (`corrects`); `geojson` is its volumes.

    `to` are other members that are told of the site itself, whom nothing is told of what nears it.
    """

    tlp: TlpWord
    name: Name
    sort: SiteSort
    custodian: Name
    phones: Annotated[tuple[Phone, ...], Meta(min_length=1, max_length=4)]
    geojson: Annotated[str, Meta(max_length=MAX_GEOJSON)]
    text: Annotated[str, Meta(max_length=16_384)] = ""
    persons: tuple[Text, ...] = ()
    to: tuple[MemberField, ...] = ()
    corrects: Reference | None = None
    once: OnceField | None = None


class NoticeDraft(Value, frozen=True):
    """From when until when a volume of a site is active; without `begins` at once."""

    volume: VolumeName
    ends: Moment
    begins: Moment | None = None
    once: OnceField | None = None


class ExemptionDraft(Value, frozen=True):
    """One flight that may pass one volume: why, who allowed it, until when."""

    volume: VolumeName
    flight: Flight
    reason: Annotated[str, Meta(min_length=1, max_length=1024)]
    person: Name
    ends: Moment
    once: OnceField | None = None


class Lifting(Value, frozen=True):
    """Which notice or exemption ends now."""

    of: Reference
    once: OnceField | None = None


class Closing(Value, frozen=True):
    """That a site is looked after no more."""

    once: OnceField | None = None


class Seeing(Value, frozen=True):
    """That a warning is before an officer."""

    once: OnceField | None = None


class CallDraft(Value, frozen=True):
    """Who was called about a warning, and what was said and done; without `at` just now."""

    called: Name
    outcome: Reached
    text: Annotated[str, Meta(max_length=16_384)] = ""
    phone: Annotated[str, Meta(max_length=64)] = ""
    at: Moment | None = None
    once: OnceField | None = None


class NoticeView(Value, frozen=True):
    """When a volume is active besides its own times; `runs` is that it is by this, now."""

    ref: str
    volume: str
    begins: Moment
    ends: Moment
    officer: str
    runs: bool


class ExemptionView(Value, frozen=True):
    """Who may pass a volume."""

    ref: str
    volume: str
    flight: str
    reason: str
    person: str
    officer: str
    ends: Moment


class VolumeView(Value, frozen=True):
    """A volume with its corners in degrees (latitude, longitude); a single one is a circle's middle."""

    name: str
    outline: tuple[tuple[float, float], ...]
    radius_m: int
    floor_m: int | None
    ceiling_m: int | None
    spacing_m: int
    spacing_up_m: int
    near_aerodrome: bool
    on_notice: bool
    windows: tuple[tuple[Moment, Moment], ...]
    active: bool


class SiteView(Value, frozen=True):
    """A site as it stands. `own` is that it is this viewer's member's: what nears it is looked for here, unless it is
    `closed`."""

    id: ItemId
    ref: str
    member: MemberId
    officer: str
    tlp: str
    at: Moment
    name: str
    sort: SiteSort
    custodian: str
    phones: tuple[str, ...]
    text: str
    volumes: tuple[VolumeView, ...]
    notices: tuple[NoticeView, ...]
    exemptions: tuple[ExemptionView, ...]
    own: bool
    closed: bool = False


class NearView(Value, frozen=True):
    """A mover that is near a volume now: `level` as its last plots have it, `too_near_s` from now, 0 where it is.

    `exempt` movers raise nothing. `exercise` is that it was made of what is of an exercise: a sensor's feed, or the
    site.
    """

    site: str
    name: str
    volume: str
    mover: str
    level: str
    too_near_s: int | None
    distance_m: int
    bearing_deg: int
    height_m: int | None
    seen: Moment
    exempt: bool
    exercise: bool = False


class SiteWarningView(Value, frozen=True):
    """One step of a warning: how near the mover was when it was seen so."""

    ref: str
    at: Moment
    level: LevelWord
    seen: Moment
    within_s: int | None
    distance_m: int | None
    bearing_deg: int | None
    height_m: int | None
    ended: Ended | None


class SeenView(Value, frozen=True):
    """Who had a warning before her."""

    officer: str
    at: Moment


class CallView(Value, frozen=True):
    """A call that was made."""

    ref: str
    officer: str
    called: str
    phone: str
    at: Moment
    outcome: Reached
    text: str


class EpisodeView(Value, frozen=True):
    """One mover near one volume, from the first warning on, with what was done about it.

    `ref` names it, for an acknowledgement or a call; `waits` is that nobody has acknowledged its newest rise, while it
    is not over. `call_due` is until when the site is to be called, `late` that this is over. `exercise` is that it was
    made of what is of an exercise: a sensor's feed, or the site. `unshown` are the officers who see the site and are
    shown no warning of this mover there, while it is not over: its marking, or a sensor's, is not for them. `near` is
    where the mover is now, if it is near and this is asked with the sites; `too_near_s` in how long it is too near, 0
    where it is, by the newest that is known of it, None where that is not known.
    """

    ref: str
    tlp: str
    site: str
    name: str
    sort: SiteSort
    custodian: str
    phones: tuple[str, ...]
    volume: str
    mover: str
    level: LevelWord
    highest: LevelWord
    over: bool
    waits: bool
    acknowledged: SeenView | None
    seen: tuple[SeenView, ...]
    warnings: tuple[SiteWarningView, ...]
    calls: tuple[CallView, ...]
    call_due: Moment | None
    late: bool
    exercise: bool
    unshown: tuple[OfficerName, ...] = ()
    near: NearView | None = None
    too_near_s: int | None = None


class SitesView(Value, frozen=True):
    """The sites that a viewer may see, what is near her member's own now, and the warnings that are not done with.

    The most urgent warning stands first, as `siteorder` has it.
    """

    at: Moment
    sites: tuple[SiteView, ...]
    near: tuple[NearView, ...]
    warnings: tuple[EpisodeView, ...]


class EpisodePage(Value, frozen=True):
    """Some warnings, the newest first, and the `after` of the next page (None at the end)."""

    items: tuple[EpisodeView, ...]
    next: str | None = None


class SiteRecord(Value, frozen=True):
    """How much goes with a site that is recalled, as far as a viewer may see it; `open` warnings are not over."""

    warnings: int
    open: int
    calls: int
