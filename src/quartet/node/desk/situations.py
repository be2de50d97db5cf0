"""Render a situation report: what each audience may read of one text.

Whether an audience may have a wording, the gate says of a draft of that wording alone; and of every source by itself,
for its name stands in the report. What goes out is an ordinary item, which passes the ordinary gate once more.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Final, NamedTuple

import msgspec

from quartet.core.encoding import b64, digest64, encode
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros
from quartet.core.marking import TLP_ORDER, TlpWord
from quartet.core.reasons import Reason
from quartet.core.release import Viewer, Withheld
from quartet.core.terms import RED, terms_at
from quartet.core.verify import Verified
from quartet.desk.situation import Chosen, check_cut_off, choose, printed, strictest
from quartet.node.desk.renderings import Ties
from quartet.node.desk.situationviews import LeftOut, Rendering, Renderings, Reported, SentReport, WholeReport, Wording
from quartet.node.drafting import circles_of, resolve
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.publishing import Also, Publisher
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.node.views import Draft, Published, micros

TAG: Final = "quartet/sitrep-seen/v1"
Publish = Callable[[Draft, Viewer, Also], Awaitable[Published]]


class _Source(NamedTuple):
    """An item that a wording rests on."""

    item: Verified
    ref: str


class _Barred(NamedTuple):
    """Why a member cannot have a wording."""

    reason: str
    source: str | None = None


class Situations:
    """Renders situation reports."""

    def __init__(
        self,
        registry: Registry,
        holdings: Holdings,
        seeing: Seeing,
        publisher: Publisher,
        parts: Parts,
        ties: Ties,
    ) -> None:
        self._registry = registry
        self._holdings = holdings
        self._seeing = seeing
        self._publisher = publisher
        self._clock = parts.clock
        self._entropy = parts.entropy
        self._ties = ties

    def render(self, viewer: Viewer, report: WholeReport) -> Renderings:
        """Return what each audience would read, and why it would not read the rest; nothing is sent.

        Raise `Malformed("audiences-overlap")` where a member would read two; and as `check_cut_off`.
        """
        now = self._clock.now()
        check_cut_off(micros(report.cut_off), now)
        audiences = self._audiences(report)
        told = sorted({member for to in audiences for member in to})
        barred = {
            Chosen(part, number): self._barred(wording, told, viewer, now)
            for part, whole in enumerate(report.parts)
            for number, wording in enumerate(whole.wordings)
        }
        found = tuple(self._rendering(report, to, barred, viewer, now) for to in audiences)
        shown = [[one.to, one.title, one.tlp, one.text, one.contains, one.cites] for one in found]
        return Renderings(renderings=found, seen=digest64(TAG, encode([report.precedence, shown])))

    async def publish(self, viewer: Viewer, reported: Reported, publish: Publish) -> tuple[SentReport, ...]:
        """Publish each rendering as it was looked at, and keep here that they are of one report.

        Raise `Malformed("sitrep-changed")` if one would be another by now, and `("sitrep-empty")` for an audience that
        may have no part.
        """
        report, found = reported.report, self.render(viewer, reported.report)
        if found.seen != reported.seen:
            raise Malformed("sitrep-changed", "who may have what is not what you looked at: look again")
        empty = next((one for one in found.renderings if not one.parts), None)
        if empty is not None:
            raise Malformed("sitrep-empty", f"there is nothing in it for {', '.join(empty.to)}: leave them out")
        drafts = [(one, self._draft(report, one, reported.once)) for one in found.renderings]
        for one, draft in drafts:
            self._check(one, draft, viewer)
        tie = self._ties.note(self._name(reported, viewer))
        sent = [(one.to, await publish(draft, viewer, tie)) for one, draft in drafts]
        return tuple(SentReport(to=to, id=it.id, ref=it.ref) for to, it in sent)

    def _name(self, reported: Reported, viewer: Viewer) -> str:
        """Return a name for a report: what is sent again under its word is the same one."""
        word = b64(self._entropy(16)) if reported.once is None else reported.once
        return digest64(TAG, encode([word, viewer.name]))

    def _check(self, one: Rendering, draft: Draft, viewer: Viewer) -> None:
        """Raise unless the gate lets every member of its audience have a whole rendering."""
        for decided in self._publisher.preview(draft, viewer):
            if decided.member in one.to and not decided.admitted:
                raise Malformed("sitrep-changed", f"{decided.member} may not have its rendering: {decided.reason}")

    def _audiences(self, report: WholeReport) -> tuple[tuple[MemberId, ...], ...]:
        found = tuple(self._members(names) for names in report.audiences)
        names = [one for to in found for one in (to or (self._registry.me,))]
        twice = sorted({one for one in names if names.count(one) > 1})
        if twice:
            raise Malformed("audiences-overlap", f"{twice[0]} would read two of them, and see what one of them lacks")
        return found

    def _members(self, names: Iterable[str]) -> tuple[MemberId, ...]:
        """Return which other members are meant."""
        circles = circles_of(self._registry.state.terms)
        return tuple(m for m in resolve(names, self._registry.state.members, circles) if m != self._registry.me)

    def _barred(
        self, wording: Wording, told: Iterable[MemberId], viewer: Viewer, now: Micros
    ) -> dict[MemberId, _Barred]:
        """Return which members cannot have a wording, and why: our own member only what is RED."""
        sources = [self._source(ref, viewer, now) for ref in (*wording.contains, *wording.cites)]
        red = next((_Barred(Reason.PERSON_NOT_NAMED, s.ref) for s in sources if self._red(s.item, now)), None)
        found = {} if red is None else {self._registry.me: red}
        decided = {one.member: one for one in self._publisher.preview(_probe(wording, self._to(wording, told)), viewer)}
        for member in told:
            reason = red or self._kept_from(sources, member, now)
            if reason is None and not decided[member].admitted:
                reason = _Barred(decided[member].reason or Reason.NOT_NAMED)
            if reason is not None:
                found[member] = reason
        return found

    def _to(self, wording: Wording, told: Iterable[MemberId]) -> tuple[MemberId, ...]:
        return tuple(told) if wording.to is None else self._members(wording.to)

    def _source(self, ref: str, viewer: Viewer, now: Micros) -> _Source:
        found, row = self._seeing.find(ref, viewer, now)
        return _Source(found.item, row.ref)

    def _red(self, item: Verified, now: Micros) -> bool:
        said = self._holdings.facts
        return any(terms_at(c.control, said.on(c.id), now).tlp(now) >= RED for c in item.controls)

    def _kept_from(self, sources: Iterable[_Source], member: MemberId, now: Micros) -> _Barred | None:
        """Return the first source that a member may not have itself."""
        for source in sources:
            decision = self._holdings.release(source.item.id, member, now)
            if isinstance(decision, Withheld):
                return _Barred(decision.reason, source.ref)
        return None

    def _rendering(
        self,
        report: WholeReport,
        to: tuple[MemberId, ...],
        barred: dict[Chosen, dict[MemberId, _Barred]],
        viewer: Viewer,
        now: Micros,
    ) -> Rendering:
        readers = to or (self._registry.me,)
        chosen = choose(
            [len(part.wordings) for part in report.parts], lambda one: barred[one].keys().isdisjoint(readers)
        )
        wordings = [report.parts[one.part].wordings[one.wording] for one in chosen]
        contains = [self._source(ref, viewer, now) for wording in wordings for ref in wording.contains]
        cites = [self._source(ref, viewer, now) for wording in wordings for ref in wording.cites]
        texts = [(one.heading, one.text) for one in wordings]
        return Rendering(
            to=to,
            title=report.title,
            tlp=strictest([*(w.tlp for w in wordings), *self._labels(contains, now)]) if wordings else "",
            text=printed(micros(report.cut_off), texts) if wordings else "",
            parts=tuple(one.part + 1 for one in chosen),
            wordings=tuple(one.wording + 1 for one in chosen),
            contains=tuple(dict.fromkeys(one.ref for one in contains)),
            cites=tuple(dict.fromkeys(one.ref for one in cites)),
            left_out=tuple(_left_out(barred, chosen, readers)),
        )

    def _labels(self, sources: Iterable[_Source], now: Micros) -> list[str]:
        said = self._holdings.facts
        controls = [c for source in sources for c in source.item.controls]
        return [TLP_ORDER[terms_at(c.control, said.on(c.id), now).tlp(now)] for c in controls]

    def _draft(self, report: WholeReport, one: Rendering, once: str | None) -> Draft:
        """Return the item that says a rendering: of the report it is made from it has its own parts alone."""
        printed_so = zip(one.parts, one.wordings, strict=True)
        parts = [report.parts[part - 1].wordings[wording - 1] for part, wording in printed_so]
        form = {
            "cut_off": micros(report.cut_off),
            "parts": [{"heading": w.heading, "rests_on": [*dict.fromkeys((*w.contains, *w.cites))]} for w in parts],
        }
        return Draft(
            kind="sitrep",
            tlp=msgspec.convert(one.tlp, TlpWord),
            title=one.title,
            text=one.text,
            to=one.to,
            precedence=report.precedence,
            contains=one.contains,
            cites=one.cites,
            once=None if once is None else digest64(TAG, encode([once, one.to])),
            form=form,
        )


def _probe(wording: Wording, to: tuple[MemberId, ...]) -> Draft:
    """Return a draft of one wording alone, for the gate."""
    return Draft(
        tlp=wording.tlp,
        title=wording.heading,
        text=wording.text,
        to=to,
        contains=wording.contains,
        cites=(*wording.contains, *wording.cites),
    )


def _left_out(
    barred: dict[Chosen, dict[MemberId, _Barred]], chosen: Iterable[Chosen], readers: Iterable[MemberId]
) -> Iterator[LeftOut]:
    """Yield why an audience lacks each wording that is fuller than the one it gets."""
    got = {one.part: one.wording for one in chosen}
    for one, by in barred.items():
        if one.wording >= got.get(one.part, one.wording + 1):
            continue
        for member in readers:
            if member in by:
                why = by[member]
                yield LeftOut(one.part + 1, one.wording + 1, member, str(why.reason), why.source)
