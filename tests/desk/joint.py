"""Joint actions in tests: a version, and what members say on it."""

import hashlib
import itertools
from dataclasses import dataclass, field
from typing import Any

from quartet.core.encoding import b64
from quartet.core.ids import ItemId, MemberId, Micros, OfficerName
from quartet.desk.action import HOUR, LAPSES, SILENCE, Acknowledged, Closing, Position, Proposal
from quartet.desk.outcome import CLOSES, Outcome, outcome
from quartet.desk.said import Said
from quartet.desk.stands import Away, Told

NORTH, EAST, SOUTH, WEST = (MemberId(m) for m in ("north", "east", "south", "west"))
BEGAN = Micros(1_800_000_000_000_000)
END = Micros(BEGAN + SILENCE)
LATE = Micros(END + LAPSES + SILENCE + CLOSES)
"""When everything is over."""

_numbers = itertools.count()


def said(member: MemberId, form: Any, at: int = BEGAN, *, hat: Any = "MEMBER", timely: int | None = None) -> Said[Any]:
    """Return an item of a member: timely at its date unless said otherwise."""
    made = ItemId(b64(hashlib.sha256(str(next(_numbers)).encode()).digest()))
    when = Micros(at if timely is None else timely)
    return Said(id=made, member=member, officer=OfficerName("duty"), at=Micros(at), form=form, hat=hat, timely=when)


def proposal(**change: Any) -> Said[Proposal]:
    form: dict[str, Any] = {
        "aim": "Search the strait together",
        "legal_basis": "memorandum 4",
        "area": "the strait",
        "begins": END,
        "ends": END + HOUR,
        "participants": (EAST, NORTH, SOUTH),
        "hosts": (NORTH,),
        "rule": "CONSENSUS",
        "decide_by": END,
    }
    return said(NORTH, Proposal(**form | change))


@dataclass
class Case:
    """A version and what is said on it, so that a test reads as what happens."""

    version: Said[Proposal] = field(default_factory=proposal)
    items: list[Said[Any]] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)

    def position(self, member: MemberId, stance: Any, at: int = BEGAN + HOUR, **about: Any) -> Said[Position]:
        previous = about.pop("previous", None)
        form = Position(version=about.pop("version", self.version.id), stance=stance, text="so", previous=previous)
        self.items.append(said(member, form, at, **about))
        return self.items[-1]

    def acknowledges(self, member: MemberId, at: int = BEGAN) -> None:
        self.items.append(said(member, Acknowledged(version=self.version.id), at))

    def closes(self, member: MemberId, *positions: Said[Position], at: int = END) -> Said[Closing]:
        form = Closing(version=self.version.id, positions=tuple(sorted(p.id for p in positions)))
        self.items.append(said(member, form, at))
        return self.items[-1]

    def told(self, items: Any = None) -> Told:
        known = list(self.items if items is None else items)
        of = {
            kind: tuple(i for i in known if type(i.form) is kind)
            for kind in (Position, Acknowledged, Closing, Proposal)
        }
        return Told(
            version=self.version,
            positions=of[Position],
            acknowledged=of[Acknowledged],
            closings=of[Closing],
            others=of[Proposal],
        )

    def at(self, now: int = LATE) -> Outcome:
        return outcome(self.told(), self.away, Micros(now))


def silent_south(**change: Any) -> Case:
    """North and east concur, south says nothing, and everything that its silence needs is there."""
    case = Case(proposal(**change))
    norths, easts = case.position(NORTH, "CONCUR"), case.position(EAST, "CONCUR")
    case.acknowledges(SOUTH)
    case.closes(NORTH, norths)
    case.closes(EAST, easts)
    case.closes(SOUTH)
    return case


def replace_form(form: Proposal, **change: Any) -> Proposal:
    return Proposal(**{name: getattr(form, name) for name in form.__struct_fields__} | change)
