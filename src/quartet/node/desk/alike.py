"""Which events of other reports may be the same as those of one, as far as a viewer may see; it is hers to say so.

All of it comes from reports that passed the gate for her, in her own order, and it is asked again when it answers: at
one of few times, as a search does.
"""

import asyncio
from collections.abc import Mapping
from itertools import islice
from typing import Final

from quartet.core.ids import ItemId
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.report import EventRef, Report, SameAs
from quartet.intake.alike import Pair, Told, alike, comparable
from quartet.intake.events import Polarity
from quartet.node.beat import Beat
from quartet.node.desk.alikereading import events_of, number_of
from quartet.node.desk.alikeviews import AlikeEvent, AlikePage, Offered
from quartet.node.desk.readonce import ReadOnce
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.drafting import title_of
from quartet.node.holdings import Holdings

MAX_REPORTS: Final = 200
"""Reports that are looked at, the newest that she sees."""
MAX_EVENTS: Final = 512
"""Events of them that are compared."""
MAX_COMPARED: Final = 400
"""Pairs of one type and time whose places are compared: some seconds at the worst, beside everything else."""
MAX_OFFERED: Final = 32
"""Events that are offered for one; those that are firmly alike come first, then the newest."""
Held = tuple[Said[Report], Seen]


class Alikes:
    """Answers what may be the same."""

    def __init__(self, holdings: Holdings, sayings: Sayings) -> None:
        self._sayings = sayings
        self.reading = ReadOnce[tuple[Told, ...]](holdings)

    async def of(self, viewer: Viewer, ref: str) -> AlikePage:
        """Return what may be the same as the events of a report; raise `Unavailable("unknown-item")`.

        What is shown of a RED report of another member is a view. What she sees to be said already is not offered.
        """
        beat = Beat()
        said, seen = self._sayings.find(ref, Report, viewer, self._sayings.now())
        mine = await self._told(said)
        others, more = await self._others(said, viewer) if mine else ([], False)
        pairs, beyond = await asyncio.to_thread(_alike, mine, others)
        await beat.wait()
        return await self._shown((said, seen), mine, pairs, viewer, more=more or beyond)

    async def _told(self, said: Said[Report]) -> tuple[Told, ...]:
        return await self.reading.of(said.id, lambda: events_of(said))

    async def _others(self, said: Said[Report], viewer: Viewer) -> tuple[list[tuple[Told, int]], bool]:
        """Return the events of other reports, the newest first, each with its place in that order."""
        found: list[tuple[Told, int]] = []
        looked = 0
        async for slice_ in self._sayings.slices(Report, viewer):
            for other, _ in slice_:
                if other.id == said.id:
                    continue
                told = await self._told(other)
                if looked >= MAX_REPORTS or len(found) + len(told) > MAX_EVENTS:
                    return found, True
                found += [(one, looked) for one in told]
                looked += 1
        return found, False

    async def _shown(
        self,
        held: Held,
        mine: tuple[Told, ...],
        pairs: Mapping[str, list[tuple[Told, Pair]]],
        viewer: Viewer,
        *,
        more: bool,
    ) -> AlikePage:
        """Return what is still hers to see by now."""
        now = self._sayings.now()
        said, seen = self._sayings.find(held[0].id, Report, viewer, now)
        linked = self._sayings.about(said.id, viewer, now).said(SameAs)
        wanted = {ItemId(other.text) for found in pairs.values() for other, _ in found}
        reports = {one.id: (one, its) for one, its in self._sayings.among(wanted, Report, viewer, now)}
        events: list[AlikeEvent] = []
        shown: set[str] = set()
        for number, event in enumerate(said.form.events):
            told = next((one for one in mine if number_of(one) == number), None)
            known = _linked(EventRef(said.id, number), linked)
            left = [
                (other, pair)
                for other, pair in (pairs[told.key] if told else [])
                if other.text in reports and (other.text, number_of(other)) not in known
            ]
            more = more or len(left) > MAX_OFFERED
            kept = left[:MAX_OFFERED]
            shown |= {other.text for other, _ in kept}
            events.append(_event(number, event.what, told, [(_offered(reports, *one), one[0]) for one in kept]))
        await self._sayings.viewed([seen, *(reports[ItemId(one)][1] for one in sorted(shown))], viewer)
        return AlikePage(events=tuple(events), more=more)


def _alike(mine: tuple[Told, ...], others: list[tuple[Told, int]]) -> tuple[dict[str, list[tuple[Told, Pair]]], bool]:
    """Return what may be the same as each event; and whether there was more to compare."""
    every = ((one, other, place) for one in mine for other, place in others if comparable(one, other))
    compared = list(islice(every, MAX_COMPARED + 1))
    found: dict[str, list[tuple[Told, Pair, int]]] = {one.key: [] for one in mine}
    for one, other, place in compared[:MAX_COMPARED]:
        if (pair := alike(one, other)) is not None:
            found[one.key].append((other, pair, place))
    ordered = {key: sorted(some, key=lambda it: (not it[1].firm, it[2], it[0].key)) for key, some in found.items()}
    pairs = {key: [(other, pair) for other, pair, _ in some] for key, some in ordered.items()}
    return pairs, len(compared) > MAX_COMPARED


def _linked(place: EventRef, said: tuple[Said[SameAs], ...]) -> set[tuple[str, int]]:
    """Return the events that somebody said to be the same as one."""
    return {(one.report, one.number) for link in said if place in link.form.events for one in link.form.events}


def _offered(reports: Mapping[ItemId, Held], other: Told, pair: Pair) -> Offered:
    said, (verified, row) = reports[ItemId(other.text)]
    number = number_of(other)
    event = said.form.events[number]
    return Offered(
        ref=row.ref,
        member=said.member,
        title=title_of(verified.statement),
        number=number,
        what=event.what,
        where=event.where,
        polarity=event.polarity,
        why=tuple(why.value for why in pair.why),
        firm=pair.firm,
    )


def _event(number: int, what: str, told: Told | None, offered: list[tuple[Offered, Told]]) -> AlikeEvent:
    every = [*([told] if told else []), *(one for _, one in offered)]
    asserting = [one for one in every if one.polarity is Polarity.ASSERTS]
    return AlikeEvent(
        number=number,
        what=what,
        type=told.type.value if told else None,
        offered=tuple(one for one, _ in offered),
        at_most=len({root for one in asserting for root in one.blinded}),
        unknown=sum(not one.blinded for one in asserting),
        denied=sum(one.polarity is Polarity.DENIES for one in every),
    )
