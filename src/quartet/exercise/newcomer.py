"""Make the folder of one more member for a trial exchange; the others then admit it by an act of the charter."""

import time
from pathlib import Path

from quartet.core.charter import CharterMember, CharterState
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros
from quartet.exercise.plan import Plan, check_empty, check_member_name
from quartet.exercise.ports import choose_ports
from quartet.exercise.setup import draw_founder, sign_manifests, write_member
from quartet.node.folder import MemberFolder
from quartet.node.office import charter_member, keep_acts


def new_member(directory: Path, member: str, state: CharterState) -> CharterMember:
    """Make the folder of `member` in the exchange's directory; return what the act of its admission says of it.

    Its node serves once that act lies in its `acts`; until then its manifests are not the exchange's.
    """
    check_member_name(member)
    if MemberId(member) in state.members:
        raise Malformed("member-twice", f"{member} is a member, or was: use its own folder")
    check_empty(directory / member)
    plan = Plan((MemberId(member),))
    newcomer = draw_founder(MemberId(member), plan, Micros(time.time_ns() // 1000), *choose_ports(2))
    folder = MemberFolder(directory / member)
    write_member(folder, newcomer, state.founding, sign_manifests(newcomer, state.exchange))
    keep_acts(folder.acts, state.acts)
    return charter_member(newcomer.id, newcomer.keys, newcomer.offline)
