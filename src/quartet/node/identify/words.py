"""What this member's officers said of aircraft, and the plans that were filed, as these are compared."""

from collections.abc import Callable, Iterable

from quartet.core.category import Category
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.desk import Said
from quartet.desk.flightplan import FlightPlan
from quartet.desk.identification import Aircraft, Identification, TrackOffer, in_force, known
from quartet.picture.fusion import DRILL
from quartet.picture.identify.bases import Words
from quartet.picture.identify.plan import Plan
from quartet.picture.track import DEGREE

Drills = Callable[[str], bool]
"""Whether an item is of an exercise."""


def key_of(member: MemberId, aircraft: Aircraft, *, drill: bool) -> str:
    """Return under which name an aircraft is followed that a member speaks of; another's track says whose it is.

    What is said in a drill is of the simulated one, whatever it is called there: of who flies in truth it says nothing.
    """
    track = aircraft.track or ""
    whose, _, name = (track if "/" in track else f"{member}/{track}").partition("/")
    if aircraft.address is not None:
        return f"{DRILL if drill else ''}{aircraft.address}"
    if not drill or DRILL in track:
        return f"{whose}/{name}"
    return f"{whose}/{DRILL}{name}"


def stated_now(
    statements: Iterable[Said[Identification]], drills: Drills, now: Micros
) -> dict[str, list[Said[Identification]]]:
    """Return the newest statement of each member that holds, by the key of its aircraft: none of a drill takes the
    place of one that is so."""
    worlds: dict[bool, list[Said[Identification]]] = {False: [], True: []}
    for one in statements:
        worlds[drills(one.id)].append(one)
    found: dict[str, list[Said[Identification]]] = {}
    for drill, said in worlds.items():
        for one in in_force(said, now):
            found.setdefault(key_of(one.member, one.form.aircraft, drill=drill), []).append(one)
    return found


def words_of(
    me: MemberId,
    statements: Iterable[Said[Identification]],
    offers: Iterable[Said[TrackOffer]],
    drills: Drills,
    now: Micros,
) -> dict[str, Words]:
    """Return what our officers' statements in force say of each aircraft, by its key; others' stand beside.

    Who informed the authority has done so, also where the aircraft was stated again since. A neighbour's word is that
    of the offer that was accepted.
    """
    offered = {said.id: said.form.category for said in offers}
    ours = [said for said in statements if said.member == me]
    holding = [one for one in ours if one.form.informed and one.at <= now < one.form.valid_to]
    told = {key_of(me, one.form.aircraft, drill=drills(one.id)): one.id for one in holding}
    words: dict[str, Words] = {}
    for key, one in ((key, one) for key, some in stated_now(ours, drills, now).items() for one in some):
        form = one.form
        if not known(form.category):
            continue
        category: Category = form.category  # type: ignore[assignment]
        taken = form.offer is not None and drills(form.offer) is drills(one.id)
        rests = {one.id, told.get(key, one.id), form.offer or one.id}
        words[key] = Words(
            control=category if form.control else None,
            neighbour=_known(offered.get(ItemId(form.offer or ""), category)) if taken else None,
            person=category if "PERSON" in form.bases else None,
            informed=key in told,
            reason=form.reason if "PERSON" in form.bases else "",
            offer=form.offer,
            rests=frozenset(rests),
        )
    return words


def _known(word: str) -> Category:
    return word if known(word) else "PENDING"  # type: ignore[return-value]


def plan_of(said: Said[FlightPlan], drills: Drills) -> Plan:
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
        drill=drills(said.id),
    )
