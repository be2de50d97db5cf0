"""Who an aircraft is, as members say: their statements stand side by side, and a handover is a word of each side.

What one member offers, the other takes over by a statement of its own that names the offer: the second is no new root.
A category that is none of ours is kept as it came, and shown as "states otherwise": its word is repeated nowhere.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta

from quartet.core.category import BASES, CATEGORIES, CONFIDED, FLAGS
from quartet.core.encoding import Value
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, ItemId, MemberField, MemberId, Micros, TimeField
from quartet.desk.action import Words
from quartet.desk.naming import Item
from quartet.desk.said import Said, about, by_name, for_members

LONGEST: Final = 24 * 3_600 * SECOND
"""How long a statement may hold at most: who flies on longer is stated again."""
UNANSWERED: Final = 120 * SECOND
"""How long before the boundary an offer that nobody answered alarms both desks."""
OVER: Final = 600 * SECOND
"""How long after the boundary an offer is of no more use."""
DUTY_ROLE: Final = "watch"
"""Duty officers: they inform the competent authority, and to them alone is shown that an aircraft says that it is
unlawfully interfered with."""
EARLIEST: Final = 600 * SECOND
"""How long before the boundary an offer may be made."""

Word = Annotated[str, Meta(pattern=r"^[A-Z][A-Z_]{0,31}\Z")]
Address = Annotated[str, Meta(pattern=r"^([0-9a-f]{6}|mmsi:[0-9]{9})\Z")]
Name = Annotated[str, Meta(pattern=r"^[!-~]{1,64}\Z")]
FlightId = Annotated[str, Meta(pattern=r"^[A-Z0-9]{1,8}\Z")]


class Aircraft(Value, frozen=True):
    """Which aircraft: its own 24-bit address, what its author's track of it is called, and its Flight ID."""

    address: Address | None = None
    track: Name | None = None
    flight_id: FlightId | None = None


class Identification(Value, frozen=True):
    """The form of an `identification` item, version 1: what a member states of an aircraft, on which bases, how long.

    `control` is that air traffic control said so; `offer` is the handover that this accepts; `informed` is the
    authority that was told. A category over what the bases carry has its `reason`.
    """

    aircraft: Aircraft
    category: Word
    valid_to: TimeField
    bases: Annotated[tuple[Word, ...], Meta(max_length=16)] = ()
    flags: Annotated[tuple[Word, ...], Meta(max_length=16)] = ()
    control: bool = False
    informed: Annotated[str, Meta(max_length=300)] = ""
    reason: Words = ""
    offer: Item | None = None


class TrackOffer(Value, frozen=True):
    """The form of a `track-offer` item: one member hands an aircraft to the next before it flies over the boundary."""

    to: MemberField
    aircraft: Aircraft
    category: Word
    boundary: Name
    crosses_at: TimeField
    bases: Annotated[tuple[Word, ...], Meta(max_length=16)] = ()
    flags: Annotated[tuple[Word, ...], Meta(max_length=16)] = ()
    plan: Item | None = None


class TrackAnswer(Value, frozen=True):
    """The form of a `track-answer` item: not accepted, or not yet. Who accepts says so in a statement of its own."""

    offer: Item
    word: Literal["REJECT", "ASK"]
    text: Words = ""


class Stage(StrEnum):
    """Where an offer has got to."""

    OPEN = "OPEN"
    ASKED = "ASKED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    UNANSWERED = "UNANSWERED"
    OVER = "OVER"


class Offered(Value, frozen=True):
    """An offer as it stands: its stage, and the words that brought it there."""

    stage: Stage
    answers: tuple[ItemId, ...] = ()
    accepted: ItemId | None = None


def check_identification(said: Identification, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for a word that is none of ours, for no aircraft, and for a time that cannot be."""
    _check_words(said.category, said.bases, said.flags)
    _check_aircraft(said.aircraft)
    _check_flags(said.flags)
    if not timed(said, at):
        raise Malformed("bad-form", "valid_to: after now, and within a day")
    if "PERSON" in said.bases and not said.reason.strip():
        raise Malformed("bad-form", "reason: who says otherwise than the bases says why")
    if said.control and "ATC" not in said.bases:
        raise Malformed("bad-form", "control: its word is the basis ATC")


def check_offer(offer: TrackOffer, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for a word that is none of ours, and for an offer too early or too late."""
    _check_words(offer.category, offer.bases, offer.flags)
    _check_aircraft(offer.aircraft)
    _check_flags(offer.flags)
    if not timed(offer, at):
        raise Malformed("bad-form", "crosses_at: an aircraft is offered in the ten minutes before the boundary")


def check_answer(answer: TrackAnswer, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for a question or a refusal without its text."""
    if not answer.text.strip():
        raise Malformed("bad-form", f"text: {answer.word} says what or why")


def timed(form: Identification | TrackOffer, at: Micros) -> bool:
    """Return whether what is said at a time is of a time that it can be of: a statement holds a day at most, and an
    offer is made in the ten minutes before the boundary. Nobody is followed for longer, whoever says so."""
    if isinstance(form, TrackOffer):
        return at <= form.crosses_at <= at + EARLIEST
    return at < form.valid_to <= at + LONGEST


def known(category: str) -> bool:
    """Return whether a category is one of ours; of any other it is shown that its member states otherwise."""
    return category in CATEGORIES


def same(one: Aircraft, other: Aircraft) -> bool:
    """Return whether two statements of one member, or of several by address, are of the same aircraft."""
    if one.address is not None or other.address is not None:
        return one.address == other.address
    return one.track is not None and one.track == other.track


def in_force(statements: Iterable[Said[Identification]], now: Micros) -> tuple[Said[Identification], ...]:
    """Return the newest statement of each member of each aircraft that holds at a time, in the order of members."""
    newest: dict[tuple[MemberId, str | None, str | None], Said[Identification]] = {}
    for one in for_members(statements):
        craft = one.form.aircraft
        if one.at <= now:
            newest[one.member, craft.address, None if craft.address else craft.track] = one
    held = (one for one in newest.values() if one.form.valid_to > now)
    return tuple(sorted(held, key=lambda one: (one.member, one.at, one.id)))


def offered(
    offer: Said[TrackOffer],
    answers: Iterable[Said[TrackAnswer]],
    statements: Iterable[Said[Identification]],
    now: Micros,
) -> Offered:
    """Return where an offer has got to: by the words of the member that it was made to, and of no other."""
    return _offered(offer, about("offer", offer.id, answers), about("offer", offer.id, statements), now)


def all_offered(
    offers: Iterable[Said[TrackOffer]],
    answers: Iterable[Said[TrackAnswer]],
    statements: Iterable[Said[Identification]],
    now: Micros,
) -> dict[ItemId, Offered]:
    """Return where each of many offers has got to: what was said is read once, however many there are."""
    said, taken = by_name("offer", for_members(answers)), by_name("offer", for_members(statements))
    return {one.id: _offered(one, said.get(one.id, ()), taken.get(one.id, ()), now) for one in offers}


def _offered(
    offer: Said[TrackOffer],
    answers: Iterable[Said[TrackAnswer]],
    statements: Iterable[Said[Identification]],
    now: Micros,
) -> Offered:
    to, crosses = offer.form.to, offer.form.crosses_at
    said = [one for one in answers if one.member == to]
    taken = [one for one in statements if one.member == to]
    words = tuple(one.id for one in said)
    if taken:
        return Offered(stage=Stage.ACCEPTED, answers=words, accepted=taken[-1].id)
    last = said[-1].form.word if said else None
    if last == "REJECT":
        return Offered(stage=Stage.REJECTED, answers=words)
    if now >= crosses + OVER:
        return Offered(stage=Stage.OVER, answers=words)
    if now >= crosses - UNANSWERED:
        return Offered(stage=Stage.UNANSWERED, answers=words)
    return Offered(stage=Stage.ASKED if last == "ASK" else Stage.OPEN, answers=words)


def _check_words(category: str, bases: Iterable[str], flags: Iterable[str]) -> None:
    for field, given, ours in (("category", (category,), CATEGORIES), ("bases", bases, BASES), ("flags", flags, FLAGS)):
        for word in given:
            if word not in ours:
                raise Malformed("bad-form", f"{field}: {word} is none of {', '.join(ours)}")


def check_duty(said: Value | None, roles: Iterable[str]) -> None:
    """Raise `Untrusted("not-on-duty")` for who informed the authority, or says so, and is no duty officer."""
    if isinstance(said, Identification) and said.informed and DUTY_ROLE not in roles:
        raise Untrusted("not-on-duty", f"informed: officers with the role {DUTY_ROLE} inform the authority")


def _check_flags(flags: Iterable[str]) -> None:
    for word in CONFIDED.intersection(flags):
        raise Malformed("bad-form", f"flags: {word} is for duty officers alone: it stands in no statement")


def _check_aircraft(aircraft: Aircraft) -> None:
    if aircraft.address is None and aircraft.track is None:
        raise Malformed("bad-form", "aircraft: name its address, or what your track of it is called")
