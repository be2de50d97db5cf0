"""Situation reports as one viewer has them: each part with what it rests on, and whether that still stands."""

from quartet.core.ids import ItemId, Micros
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.situation import Part, Situation
from quartet.node.desk.renderings import Ties
from quartet.node.desk.sayings import Asked, Sayings, Seen
from quartet.node.desk.situationviews import ReportPart, SituationPage, SituationRow, SituationView, Which
from quartet.node.drafting import text_of, title_of
from quartet.node.seeing import Seeing
from quartet.node.views import Basis, moment


class SituationReading:
    """Answers which reports there are, and shows one."""

    def __init__(self, seeing: Seeing, sayings: Sayings, ties: Ties) -> None:
        self._seeing = seeing
        self._sayings = sayings
        self._ties = ties

    async def page(self, viewer: Viewer, after: str, limit: int, which: Which = "all") -> SituationPage:
        """Return the reports that a viewer may see, the newest first."""

        def wanted(row: SituationRow) -> bool:
            return which == "all" or (row.withdrawn if which == "withdrawn" else row.author == viewer.member)

        def told(said: Said[Situation], seen: Seen, now: Micros) -> SituationRow:
            return self._row(said, seen, viewer, now)

        rows, more = await self._sayings.page(Asked(after, limit), Situation, viewer, told, wanted)
        return SituationPage(items=rows, next=more)

    async def view(self, viewer: Viewer, ref: str) -> SituationView:
        """Return one report whole to a person: a RED one of another member is a view."""
        _, seen = self._sayings.find(ref, Situation, viewer, self._sayings.now())
        await self._sayings.viewed((seen,), viewer)
        return self.show(viewer, ref)

    def show(self, viewer: Viewer, ref: str) -> SituationView:
        """Return one report whole; raise `Unavailable("unknown-item")`."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Situation, viewer, now)
        return SituationView(
            row=self._row(said, seen, viewer, now),
            text=text_of(seen[0].statement),
            parts=tuple(self._part(number, part, viewer, now) for number, part in enumerate(said.form.parts, 1)),
            others=self._others(said.id, viewer, now),
        )

    def _others(self, item: ItemId, viewer: Viewer, now: Micros) -> tuple[SituationRow, ...]:
        """Return the other renderings that a viewer sees, in the order in which they went."""
        found = self._sayings.among(self._ties.others(item), Situation, viewer, now)
        return tuple(self._row(*one, viewer, now) for one in sorted(found, key=lambda one: one[1][1].admission))

    def _part(self, number: int, part: Part, viewer: Viewer, now: Micros) -> ReportPart:
        rests_on = tuple(self._basis(item, viewer, now) for item in part.rests_on)
        withdrawn = any(one.withdrawn for one in rests_on)
        return ReportPart(number=number, heading=part.heading, rests_on=rests_on, withdrawn=withdrawn)

    def _basis(self, item: ItemId, viewer: Viewer, now: Micros) -> Basis:
        """An item that the viewer could never see is an id, and whether it still stands, and nothing more."""
        row, withdrawn = self._seeing.known(item, viewer, now), self._seeing.withdrawn(item, viewer, now)
        ref, author = (None, None) if row is None else (row.ref, row.author)
        return Basis(id=item, ref=ref, member=author, withdrawn=withdrawn)

    def _row(self, said: Said[Situation], seen: Seen, viewer: Viewer, now: Micros) -> SituationRow:
        verified, row = seen
        items = {item for part in said.form.parts for item in part.rests_on}
        return SituationRow(
            id=verified.id,
            ref=row.ref,
            author=said.member,
            officer=said.officer,
            title=title_of(verified.statement),
            tlp=row.tlp,
            at=moment(said.at),
            cut_off=moment(said.form.cut_off),
            withdrawn=any(self._seeing.withdrawn(item, viewer, now) for item in items),
            to=tuple(member for member in self._sayings.marking(verified).named if member != said.member),
        )
