"""What the founders of a trial exchange agree on, before any key is made."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from quartet.core.cover import COVER_OFF
from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import MEMBER_PATTERN, MemberId, OfficerName
from quartet.core.marking import CAVEATS
from quartet.node.files import refused
from quartet.node.folder import check_file_name

DAY: Final = 86_400
LEAST_MEMBERS: Final = 2
MAX_MEMBERS: Final = 8
MAX_HUBS: Final = 2
PURPOSES: Final = ("EXERCISE",)


class Duty(Value, frozen=True):
    """An officer that a member has from the beginning, with her roles."""

    name: OfficerName
    roles: tuple[str, ...] = (*(f"trained:{caveat}" for caveat in sorted(CAVEATS)), "watch")


DUTY: Final = Duty(OfficerName("duty"))


class Plan(Value, frozen=True):
    """Who founds an exchange, and on what terms. Each member has `officers`, unless `officers_of` names others."""

    members: tuple[MemberId, ...]
    name: str = "trial"
    tick_s: float = 1
    recall_delay_s: float = DAY
    hubs: int = 1
    officers: tuple[Duty, ...] = (DUTY,)
    officers_of: Mapping[MemberId, tuple[Duty, ...]] = {}
    purposes: tuple[str, ...] = PURPOSES
    cover: str = COVER_OFF
    direct: tuple[tuple[MemberId, MemberId], ...] = ()
    """Pairs with a direct link: who listens, and who connects there."""

    def duties(self, member: MemberId) -> tuple[Duty, ...]:
        """Return the officers of a member."""
        return self.officers_of.get(member, self.officers)


def check_plan(plan: Plan) -> None:
    """Raise `Malformed` unless members, hubs and officers of a plan make sense; the charter's check sees the rest."""
    _check_members(plan.members)
    if not 1 <= plan.hubs <= MAX_HUBS:
        raise Malformed("bad-hubs", f"{plan.hubs} hubs where 1 to {MAX_HUBS} may be")
    if strangers := set(plan.officers_of) - set(plan.members):
        raise Malformed("unknown-member", f"officers of {', '.join(sorted(strangers))}")
    _check_direct(plan)
    for member in plan.members:
        names = [duty.name for duty in plan.duties(member)]
        for name in names:
            check_file_name(name)
        if not names or len(set(names)) != len(names):
            raise Malformed("bad-officers", f"{member}: {', '.join(names) or 'none'}: one at least, each once")


def _check_direct(plan: Plan) -> None:
    for pair in plan.direct:
        if len(set(pair)) != len(pair) or not set(pair) <= set(plan.members):
            raise Malformed("bad-direct", f"{'='.join(pair)}: two members of the exchange, say north=east")
    pairs = [frozenset(pair) for pair in plan.direct]
    if doubled := next((pair for pair in pairs if pairs.count(pair) > 1), None):
        raise Malformed("bad-direct", f"{'='.join(sorted(doubled))}: one link joins a pair, whoever listens")


def check_empty(directory: Path) -> None:
    """Raise `Malformed("folder-not-empty")` unless `directory` is empty or not there."""
    try:
        found = sorted(path.name for path in directory.iterdir()) if directory.exists() else []
    except NotADirectoryError as error:
        raise Malformed("folder-not-empty", f"{directory} is a file: name a new folder") from error
    except OSError as error:
        raise refused(error, directory, "cannot-read") from error
    if found:
        raise Malformed("folder-not-empty", f"{directory} has {found[0]} in it: name a new folder")


def check_member_name(member: str) -> None:
    """Raise `Malformed("bad-member-name")` unless this can be a member's id, and its folder no hub's."""
    if not re.search(MEMBER_PATTERN, member):
        raise Malformed("bad-member-name", f"{member!r}: small letters, digits and -, a letter first, at most 32")
    if re.search(r"^hub-\d+$", member):
        raise Malformed("bad-member-name", f"{member}: that is a hub's name")


def _check_members(members: tuple[MemberId, ...]) -> None:
    for member in members:
        check_member_name(member)
    if doubled := [m for m in sorted(set(members)) if members.count(m) > 1]:
        raise Malformed("member-twice", ", ".join(doubled))
    if not LEAST_MEMBERS <= len(members) <= MAX_MEMBERS:
        raise Malformed("bad-members", f"{len(members)} where {LEAST_MEMBERS} to {MAX_MEMBERS} may be: see --members")
