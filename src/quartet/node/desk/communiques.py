"""Communiqués as one viewer sees them: who stands behind a text, what was published of it, and who signed that."""

from quartet.core.faults import Malformed
from quartet.core.hats import hat_of
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.action import Position
from quartet.desk.communique import (
    Agreement,
    Communique,
    Drafted,
    Stood,
    as_agreed,
    hash_of,
    heads,
    signers,
    stood,
)
from quartet.desk.said import CHAIR, for_members
from quartet.node.desk.communiqueviews import CommuniqueRow, CommuniqueView, PublishedView, SignatureView
from quartet.node.desk.sayings import About, Sayings, Seen
from quartet.node.drafting import title_of
from quartet.node.parts import Parts
from quartet.node.views import Draft, moment


class Communiques:
    """Answers how texts stand, and drafts what is published of one."""

    def __init__(self, parts: Parts, sayings: Sayings) -> None:
        self._me = parts.me
        self._sayings = sayings

    async def list(self, viewer: Viewer, limit: int = 100) -> tuple[CommuniqueRow, ...]:
        """Return the newest drafted texts that a viewer sees."""
        rows: list[CommuniqueRow] = []
        async for found in self._sayings.slices(Drafted, viewer):
            now = self._sayings.now()
            rows += [self._row(said, seen, self._stood(said, viewer, now)[0]) for said, seen in found]
            if len(rows) >= limit:
                break
        return tuple(rows[:limit])

    async def view(self, viewer: Viewer, ref: str) -> CommuniqueView:
        """Return one drafted text whole to a person: each RED item in it, of another member, is a view."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Drafted, viewer, now)
        await self._sayings.viewed((seen, *self._sayings.about(said.id, viewer, now).seen.values()), viewer)
        return self.show(viewer, ref)

    def show(self, viewer: Viewer, ref: str) -> CommuniqueView:
        """Return one drafted text whole; raise `Unavailable("unknown-item")`."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Drafted, viewer, now)
        found, about = self._stood(said, viewer, now)
        told = about.said(Position)
        stand = [one for member in said.form.members for one in heads(MemberId(member), said, told)]
        own = [one for one in stand if one.member == self._me]
        return CommuniqueView(
            row=self._row(said, seen, found),
            versions=said.form.versions,
            hash=hash_of(said.form.versions, said.form.members),
            concurring=found.concurring,
            objecting=found.objecting,
            void=found.void,
            words={one.member: one.form.text for one in stand if one.form.text},
            published=tuple(self._published(one, said, found, about, viewer, now) for one in about.said(Communique)),
            may=self._may(said, found, viewer),
            own=about.seen[own[0].id][1].ref if len(own) == 1 else None,
            previous=None if said.form.previous is None else self._sayings.ref(ItemId(said.form.previous), viewer, now),
            replaced_by=tuple(
                about.seen[one.id][1].ref
                for one in for_members(about.said(Drafted))
                if one.form.previous == said.id and one.member == said.member
            ),
        )

    def publication(self, viewer: Viewer, ref: str) -> Draft:
        """Return the draft of the text for everybody; raise `Malformed("not-agreed")` before all stand behind it."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Drafted, viewer, now)
        found, _ = self._stood(said, viewer, now)
        if found.state is not Agreement.AGREED:
            waits = sorted(set(said.form.members) - set(found.concurring))
            raise Malformed("not-agreed", f"{', '.join(waits) or 'nobody'} does not stand behind exactly this text")
        form = {
            "draft": said.id,
            "hash": hash_of(said.form.versions, said.form.members),
            "versions": [{"language": v.language, "title": v.title, "text": v.text} for v in said.form.versions],
            "members": list(said.form.members),
        }
        first = said.form.versions[0]
        title = first.title or title_of(seen[0].statement)
        return Draft(kind="communique", tlp="CLEAR", onward="TLP_RULE", title=title, text=first.text, form=form)

    def _stood(self, said: Said[Drafted], viewer: Viewer, now: Micros) -> tuple[Stood, About]:
        about = self._sayings.about(said.id, viewer, now)
        others = list(about.said(Drafted))
        return stood(said, about.said(Position), others), about

    def _row(self, said: Said[Drafted], seen: Seen, found: Stood) -> CommuniqueRow:
        spoke = {*found.concurring, *found.objecting, *found.void}
        return CommuniqueRow(
            ref=seen[1].ref,
            member=said.member,
            title=title_of(seen[0].statement) if seen[1].tlp == "RED" else said.form.versions[0].title,
            tlp=seen[1].tlp,
            at=moment(said.at),
            state=found.state.value,
            members=tuple(map(MemberId, said.form.members)),
            languages=tuple(one.language for one in said.form.versions),
            waits=self._me in said.form.members and self._me not in spoke and found.state is Agreement.OPEN,
        )

    def _published(
        self, one: Said[Communique], said: Said[Drafted], found: Stood, about: About, viewer: Viewer, now: Micros
    ) -> PublishedView:
        beside = self._sayings.about(one.id, viewer, now)
        told = beside.said(Position)
        signed = signers(one, told)
        newest: dict[MemberId, Said[Position]] = {p.member: p for p in told if p.member in signed}
        return PublishedView(
            ref=about.seen[one.id][1].ref,
            member=one.member,
            hat=one.hat,
            at=moment(one.at),
            agreed=as_agreed(one, said, found),
            signed=tuple(_signature(newest[m], beside.seen) for m in signed),
            missing=tuple(sorted(set(map(MemberId, one.form.members)) - set(signed))),
        )

    def _may(self, said: Said[Drafted], found: Stood, viewer: Viewer) -> tuple[str, ...]:
        """Return what this officer may do now; who presides stands behind nothing, and publishes what is agreed."""
        if hat_of(viewer.roles) == CHAIR:
            return ("publish",) if found.state is Agreement.AGREED else ()
        may: list[str] = []
        if self._me in said.form.members and found.state in (Agreement.OPEN, Agreement.OBJECTED):
            may.append("position")
        if said.member == self._me and found.state is not Agreement.REPLACED:
            may.append("revise")
        if self._me in said.form.members and found.state is Agreement.AGREED:
            may += ["publish", "sign"]
        return tuple(may)


def _signature(one: Said[Position], seen: dict[ItemId, Seen]) -> SignatureView:
    return SignatureView(ref=seen[one.id][1].ref, member=one.member, officer=one.officer, at=moment(one.at))
