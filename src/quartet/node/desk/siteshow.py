"""What a viewer is shown of sites and warnings, from what she sees of them: no more than a change of words."""

from quartet.core.ids import SECOND, Micros
from quartet.core.volume import UNITS, Volume
from quartet.desk import Said
from quartet.desk.protection import Episode, name_of
from quartet.desk.site import Call, Exemption, Notice, Site, Warned
from quartet.node.desk.sayings import About, Seen
from quartet.node.desk.siteviews import (
    CallView,
    EpisodeView,
    ExemptionView,
    NearView,
    NoticeView,
    SeenView,
    SiteWarningView,
    VolumeView,
)
from quartet.node.drafting import text_of
from quartet.node.views import moment
from quartet.picture.proximity import Near


def episode_view(
    episode: Episode, about: About, site: tuple[Said[Site], Seen], now: Micros, *, drill: bool
) -> EpisodeView:
    """Return what became of a warning at a site, `about` with the items themselves; a `drill` says so."""
    (said, (_, site_row)), row, newest = site, about.seen[episode.first][1], episode.newest.form
    by = episode.acknowledged
    return EpisodeView(
        ref=row.ref,
        tlp=row.tlp,
        site=site_row.ref,
        name=name_of(said.form, newest.volume),
        sort=said.form.sort,
        custodian=said.form.custodian,
        phones=said.form.phones,
        volume=newest.volume,
        mover=newest.mover,
        level=newest.level,
        highest=episode.highest,
        over=episode.over,
        waits=episode.waits,
        acknowledged=None if by is None else SeenView(officer=by.officer, at=moment(by.at)),
        seen=tuple(SeenView(officer=one.officer, at=moment(one.at)) for one in episode.seen),
        warnings=tuple(warning_view(one, about.seen[one.id][1].ref) for one in episode.warnings),
        calls=tuple(call_view(one, about.seen[one.id]) for one in episode.calls),
        call_due=None if episode.call_due is None else moment(episode.call_due),
        late=episode.call_due is not None and episode.call_due < now,
        exercise=drill,
    )


def near_view(one: Near, site: tuple[Said[Site], Seen], now: Micros, *, drill: bool) -> NearView:
    """Return a mover that is near a volume of a site, as it is now; a `drill` says so."""
    left = one.seconds - (now - one.mover.seen) / SECOND
    return NearView(
        site=site[1][1].ref,
        name=name_of(site[0].form, one.pair[1]),
        volume=one.pair[1],
        mover=one.mover.id,
        level=one.level.name,
        too_near_s=None if one.seconds == float("inf") else max(0, round(left)),
        distance_m=round(one.distance_m),
        bearing_deg=round(one.bearing_deg) % 360,
        height_m=one.mover.alt_m,
        seen=moment(one.mover.seen),
        exempt=one.exempt,
        exercise=drill,
    )


def volume_view(one: Volume, *, active: bool) -> VolumeView:
    """Return a volume with its corners in degrees."""
    return VolumeView(
        name=one.name,
        outline=tuple((lat / UNITS, lon / UNITS) for lat, lon in one.outline),
        radius_m=one.radius_m,
        floor_m=one.floor_m,
        ceiling_m=one.ceiling_m,
        spacing_m=one.spacing_m,
        spacing_up_m=one.spacing_up_m,
        near_aerodrome=one.near_aerodrome,
        on_notice=one.on_notice,
        windows=tuple((moment(window.begins), moment(window.ends)) for window in one.windows),
        active=active,
    )


def notice_view(one: Said[Notice], ref: str, *, runs: bool) -> NoticeView:
    """Return a notice."""
    return NoticeView(
        ref=ref,
        volume=one.form.volume,
        begins=moment(one.form.begins),
        ends=moment(one.form.ends),
        officer=one.officer,
        runs=runs,
    )


def exemption_view(one: Said[Exemption], ref: str) -> ExemptionView:
    """Return an exemption."""
    return ExemptionView(
        ref=ref,
        volume=one.form.volume,
        flight=one.form.flight,
        reason=one.form.reason,
        person=one.form.person,
        officer=one.officer,
        ends=moment(one.form.ends),
    )


def warning_view(one: Said[Warned], ref: str) -> SiteWarningView:
    """Return one step of a warning."""
    form = one.form
    return SiteWarningView(
        ref=ref,
        at=moment(one.at),
        level=form.level,
        seen=moment(form.seen),
        within_s=form.within_s,
        distance_m=form.distance_m,
        bearing_deg=form.bearing_deg,
        height_m=form.height_m,
        ended=form.ended,
    )


def call_view(one: Said[Call], seen: Seen) -> CallView:
    """Return a call."""
    return CallView(
        ref=seen[1].ref,
        officer=one.officer,
        called=one.form.called,
        phone=one.form.phone,
        at=moment(one.form.at),
        outcome=one.form.outcome,
        text=text_of(seen[0].statement),
    )
