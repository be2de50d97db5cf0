"""What this member's officers said of aircraft, and the plans that were filed, as these are compared."""

from collections.abc import Iterable

from quartet.core.category import Category
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.desk import Said
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import Aircraft, Identification, TrackOffer, in_force, known
from quartet.picture.identify.bases import Words
from quartet.picture.identify.plan import Plan
from quartet.picture.track import DEGREE


def key_of(member: MemberId, aircraft: Aircraft) -> str:
    """Return under which name an aircraft is followed that a member speaks of; another's track says whose it is."""
    if aircraft.address is not None:
        return aircraft.address
    track = aircraft.track or ""
    return track if "/" in track else f"{member}/{track}"


def words_of(
    me: MemberId, statements: Iterable[Said[Identification]], offers: Iterable[Said[TrackOffer]], now: Micros
) -> dict[str, Words]:
    """Return what our officers' statements in force say of each aircraft, by its key; others' stand beside.

    Who informed the authority has done so, also where the aircraft was stated again since. A neighbour's word is that
    of the offer that was accepted.
    """
    offered = {said.id: said.form.category for said in offers}
    ours = [said for said in statements if said.member == me]
    holding = [one for one in ours if one.at <= now < one.form.valid_to]
    told = {key_of(me, one.form.aircraft): one.id for one in holding if one.form.informed}
    words: dict[str, Words] = {}
    for one in in_force(ours, now):
        form = one.form
        if not known(form.category):
            continue
        category: Category = form.category  # type: ignore[assignment]
        key = key_of(me, form.aircraft)
        rests = {one.id, told.get(key, one.id), form.offer or one.id}
        words[key] = Words(
            control=category if form.control else None,
            neighbour=None if form.offer is None else _known(offered.get(form.offer, category)),
            person=category if "PERSON" in form.bases else None,
            informed=key in told,
            reason=form.reason if "PERSON" in form.bases else "",
            offer=form.offer,
            rests=frozenset(rests),
        )
    return words


def _known(word: str) -> Category:
    return word if known(word) else "PENDING"  # type: ignore[return-value]


def plan_of(said: Said[FlightPlan]) -> Plan:
    """Return a filed plan as it is compared: its way where every point of it has a place, else none."""
    form = said.form
    way = tuple(
        (point.lat / DEGREE, point.lon / DEGREE)
        for point in form.points
        if point.lat is not None and point.lon is not None
    )
    return Plan(
        ref=said.id,
        flight_id=form.flight_id,
        begins=Micros(form.off_block),
        lasts=form.lasts_s * SECOND,
        way=way if form.complete else (),
        complete=form.complete,
        taken_off=None if form.taken_off is None else Micros(form.taken_off),
        address=form.address,
        registration=form.registration,
        code=form.code,
        speed_mps=None if form.speed_cms is None else form.speed_cms / 100,
        level_m=None if form.level_m is None else float(form.level_m),
        sort=form.sort,
    )
