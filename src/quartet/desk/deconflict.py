"""Deconfliction: whether activities that two members notified to one desk meet in place, height and time.

The desk alone holds the outlines. What it tells each of two owners is the least with which they can speak: a cell, a
time and whom to call. That says nothing of who the other is, how high it flies, or where else it goes.
"""

from collections.abc import Iterable
from itertools import combinations
from typing import Annotated

from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberField, MemberId, Micros, TimeField
from quartet.desk.cells import Cell, Cells, cell_numbers
from quartet.desk.naming import Item
from quartet.desk.said import Said, for_members

Metres = Annotated[int, Meta(ge=-12_000, le=100_000)]
"""Above mean sea level."""
Contact = Annotated[str, Meta(min_length=1, max_length=300)]


class Activity(Value, frozen=True):
    """The form of an `activity` item: an outline that its owner releases to the desk of its choice, and to no other."""

    desk: MemberField
    cells: Cells
    floor_m: Metres
    ceiling_m: Metres
    begins: TimeField
    ends: TimeField
    contact: Contact


class Conflict(Value, frozen=True):
    """The form of a `conflict` item: what a desk tells the owner of an activity: one cell, a time, whom to call."""

    activity: Item
    cell: Cell
    begins: TimeField
    ends: TimeField
    contact: Contact


class Clash(Value, frozen=True):
    """Two activities that meet: in which cell first, by name, and from when to when. For the desk's eyes."""

    first: ItemId
    second: ItemId
    cell: str
    begins: Micros
    ends: Micros


def check_activity(activity: Activity, at: Micros) -> None:
    """Raise `Malformed("bad-form")` for an outline that is upside down or past, or whose cells are not in order."""
    for cell in activity.cells:
        cell_numbers(cell)
    if list(activity.cells) != sorted(set(activity.cells)):
        raise Malformed("bad-form", "cells: each once, in the order of their names")
    if activity.ceiling_m < activity.floor_m:
        raise Malformed("bad-form", "ceiling_m: it lies below the floor")
    if activity.ends <= max(activity.begins, at):
        raise Malformed("bad-form", "ends: after it begins, and after now")


def check_conflict(conflict: Conflict, _: Micros) -> None:
    """Raise `Malformed("bad-form")` for a cell that is none, or a time that ends before it begins."""
    cell_numbers(conflict.cell)
    if conflict.ends <= conflict.begins:
        raise Malformed("bad-form", "ends: after it begins")


def clashes(desk: MemberId, activities: Iterable[Said[Activity]], now: Micros) -> tuple[Clash, ...]:
    """Return which activities of different members meet that both chose this desk, and are not over; sorted by time."""
    within: dict[str, list[Said[Activity]]] = {}
    for one in for_members(activities):
        if one.form.desk == desk and one.form.ends > now:
            for cell in set(one.form.cells):
                within.setdefault(cell, []).append(one)
    found: dict[tuple[ItemId, ItemId], Clash] = {}
    for cell in sorted(within):
        for one, other in combinations(within[cell], 2):
            met = meets(one, other, cell)
            if met is not None:
                found.setdefault((met.first, met.second), met)
    return tuple(sorted(found.values(), key=lambda met: (met.begins, met.first, met.second)))


def meets(one: Said[Activity], other: Said[Activity], cell: str) -> Clash | None:
    """Return how two activities that are both in a cell meet there; None if they do not: heights and times must too.

    Of one member they never do: who owns both needs no desk. Bands that touch meet; times that touch do not.
    """
    first, second = sorted((one, other), key=lambda said: said.id)
    a, b = first.form, second.form
    begins, ends = Micros(max(a.begins, b.begins)), Micros(min(a.ends, b.ends))
    apart = a.ceiling_m < b.floor_m or b.ceiling_m < a.floor_m or ends <= begins
    if apart or first.member == second.member:
        return None
    return Clash(first=first.id, second=second.id, cell=cell, begins=begins, ends=ends)


def telling(clash: Clash, activity: ItemId, contact: str) -> Conflict:
    """Return what the owner of one of the two is told: its own activity, and nothing of the other's."""
    return Conflict(activity=activity, cell=clash.cell, begins=clash.begins, ends=clash.ends, contact=contact)


def told(clash: Clash, conflicts: Iterable[Said[Conflict]], desk: MemberId) -> tuple[ItemId, ...]:
    """Return of which of the two activities the owner was told of this clash by the desk."""
    said = {
        one.form.activity
        for one in for_members(conflicts)
        if one.member == desk and (one.form.cell, one.form.begins, one.form.ends) == _place(clash)
    }
    return tuple(activity for activity in (clash.first, clash.second) if activity in said)


def _place(clash: Clash) -> tuple[str, Micros, Micros]:
    return clash.cell, clash.begins, clash.ends
