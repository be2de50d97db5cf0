"""Which bases an aircraft has for being who it is, and which of what it says contradicts its plan.

A base is compared, never guessed: what is not known is no basis, and no conflict either. What is of an exercise is
compared with what is of one, and what is so with what is so: here, and nowhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from quartet.core.category import Basis, Category, Flag
from quartet.core.ids import Micros
from quartet.picture.identify.airspace import Spot
from quartet.picture.identify.plan import (
    OVER_LAND_M,
    Plan,
    assigned,
    fits,
    from_origin,
    moves_so,
    named,
    strayed,
)

CODES: Final[Mapping[str, Flag]] = {"7500": "UNLAWFUL", "7600": "COMLOSS", "7700": "EMERGENCY"}
"""Mode 3/A codes that say what is wrong (ICAO Annex 10, volume IV, 2.1.4)."""
SORTS: Final[Mapping[str, Category]] = {
    "CIVIL": "IDENTIFIED_CIVIL",
    "STATE": "IDENTIFIED_STATE",
    "EXEMPT": "IDENTIFIED_EXEMPT",
}


class Mover(NamedTuple):
    """One aircraft of a picture: what is seen of it, and what it says of itself.

    `silent` is that a radar of ours sees it by its echo alone; `key` stays its own while it is tracked.
    `members` are those whose sensors see it; `names` what each of their tracks of it is called, with whose it is;
    `rests` the feeds from which all of this is; `drill` that these are an exercise's, as key, id and names say then.
    """

    key: str
    id: str
    at: Micros
    spot: Spot
    speed_mps: float | None = None
    track_deg: float | None = None
    address: str | None = None
    flight_id: str | None = None
    code: str | None = None
    silent: bool = False
    roots: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    rests: frozenset[str] = frozenset()
    drill: bool = False

    @property
    def called(self) -> tuple[str | None, ...]:
        """By what people name it; what is of an exercise by nothing that a real one may be called too."""
        return (self.key, self.id) if self.drill else (self.key, self.id, self.flight_id)


class Words(NamedTuple):
    """What people said of one aircraft: control, the neighbour whose handover was accepted, this member's officer.

    `reason` is why the officer says so, `offer` the neighbour's handover; `informed` is that the competent authority
    was. `rests` are the items in which it stands.
    """

    control: Category | None = None
    neighbour: Category | None = None
    person: Category | None = None
    informed: bool = False
    reason: str = ""
    offer: str | None = None
    rests: frozenset[str] = frozenset()


class Found(NamedTuple):
    """The bases of one aircraft, the plan that it flies, what category they would carry, and its flags."""

    bases: tuple[Basis, ...]
    named: Category
    plan: Plan | None
    flags: tuple[Flag, ...]
    mismatch: Plan | None


class Plans:
    """Flight plans, to be found by what an aircraft says it is; an exercise's for what is of an exercise alone."""

    def __init__(self, plans: Iterable[Plan] = ()) -> None:
        self._all: dict[bool, list[Plan]] = {False: [], True: []}
        self._by: dict[tuple[bool, str], list[Plan]] = {}
        for plan in plans:
            self._all[plan.drill].append(plan)
            for name in {plan.flight_id, plan.address, plan.code} - {None}:
                self._by.setdefault((plan.drill, str(name)), []).append(plan)

    def beside(self, mover: Mover) -> Sequence[Plan]:
        """Return all plans of the world that an aircraft is of."""
        return self._all[mover.drill]

    def of(self, mover: Mover, at: Micros) -> tuple[Plan, ...]:
        """Return the plans on their way that an aircraft says it is."""
        names = {mover.flight_id, mover.address, mover.code} - {None}
        held = (plan for name in names for plan in self._by.get((mover.drill, str(name)), ()))
        found = {plan.ref: plan for plan in held if plan.active(at)}
        return named(tuple(found.values()), mover.address, mover.flight_id, mover.code)


def bases_of(
    mover: Mover,
    first: tuple[Micros, Spot],
    plans: Plans,
    registry: Mapping[str, str],
    words: Words,
    corridor_m: float = OVER_LAND_M,
) -> Found:
    """Return the bases of an aircraft that was seen first at `first`; `registry` tells registrations by address.

    Who is registered flies in truth: of a simulated aircraft the registry says nothing.
    """
    said, known = plans.of(mover, mover.at), {} if mover.drill else registry
    plan = _flown(mover, said, plans.beside(mover), corridor_m)
    bases: list[Basis] = [] if plan is None else _planned(mover, first, plan, known, corridor_m)
    if "ADDRESS" not in bases and mover.address in known:
        bases.append("ADDRESS")
    if words.control is not None:
        bases.append("ATC")
    if words.neighbour is not None:
        bases.append("HANDOVER")
    if words.person is not None:
        bases.append("PERSON")
    mismatch = _mismatch(mover, said)
    return Found(tuple(bases), _sort(plan, words), plan, _flags(mover, plan, corridor_m), mismatch)


def _flown(mover: Mover, said: Sequence[Plan], every: Sequence[Plan], corridor_m: float) -> Plan | None:
    """Return the plan that it flies: the one that it says, best where it flies; or the only one that fits one that says
    nothing."""
    if said:
        return next((plan for plan in said if fits(plan, mover.spot, mover.at, corridor_m)), said[0])
    if mover.flight_id is not None:
        return None
    fitting = [plan for plan in every if plan.active(mover.at) and fits(plan, mover.spot, mover.at, corridor_m)]
    other = len(fitting) == 1 and fitting[0].address not in (None, mover.address) and mover.address is not None
    return fitting[0] if len(fitting) == 1 and not other else None


def _planned(
    mover: Mover, first: tuple[Micros, Spot], plan: Plan, registry: Mapping[str, str], corridor_m: float
) -> list[Basis]:
    """Return the bases that a plan gives."""
    registered = mover.address is not None and registry.get(mover.address)
    same = mover.address is not None and plan.address == mover.address
    holds: tuple[tuple[Basis, bool], ...] = (
        ("PLAN", fits(plan, mover.spot, mover.at, corridor_m)),
        ("CODE", assigned(mover.code) and plan.code == mover.code),
        ("ADDRESS", same or bool(registered and registered == plan.registration)),
        ("FLIGHT_ID", mover.flight_id == plan.flight_id),
        ("ORIGIN", from_origin(plan, first[1], first[0])),
        ("KINEMATICS", moves_so(plan, mover.speed_mps, mover.spot.alt_m)),
    )
    return [basis for basis, held in holds if held]


def _mismatch(mover: Mover, said: Sequence[Plan]) -> Plan | None:
    """Return the plan that contradicts an aircraft: its address flies under another name, or its name under another
    address."""
    if mover.address is None or mover.flight_id is None:
        return None
    if any(plan.flight_id == mover.flight_id and plan.address in (None, mover.address) for plan in said):
        return None
    return next((plan for plan in said if mover.address == plan.address or _borrowed(mover, plan)), None)


def _borrowed(mover: Mover, plan: Plan) -> bool:
    return plan.flight_id == mover.flight_id and plan.address not in (None, mover.address)


def _sort(plan: Plan | None, words: Words) -> Category:
    for said in (words.person, words.control, None if plan is None else SORTS[plan.sort], words.neighbour):
        if said is not None:
            return said
    return "IDENTIFIED_CIVIL"


def _flags(mover: Mover, plan: Plan | None, corridor_m: float) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    if plan is not None and strayed(plan, mover.spot, mover.at, corridor_m):
        flags.append("STRAYED")
    if mover.code is not None and mover.code in CODES:
        flags.append(CODES[mover.code])
    if mover.silent and not (mover.address or mover.flight_id or mover.code):
        flags.append("NON_COOPERATIVE")
    return tuple(flags)
