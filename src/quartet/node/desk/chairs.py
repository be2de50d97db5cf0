"""Who presides, and the procedural log: what chairs said, what had effect, and what members contest of it."""

from collections.abc import Iterable
from typing import Final, get_args

from quartet.core.hats import hat_of
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.keyring import Rota
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.desk import KIND_OF, Said
from quartet.desk.chair import Act, Challenge, Consent, Procedure, effective, next_of, presides
from quartet.desk.said import CHAIR, for_members
from quartet.node.desk.chairviews import ChairView, ChallengeView, Presiding, ProcedureView
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.drafting import text_of
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.views import moment
from quartet.store import ItemRow

LOG: Final = 200
"""What chairs said that is shown, the newest."""


class Chairs:
    """Answers who presides, and knows all that chairs ever said: what one did holds, however much came after it."""

    def __init__(self, parts: Parts, registry: Registry, holdings: Holdings, sayings: Sayings) -> None:
        self._me = parts.me
        self._reader = parts.store.reader
        self._registry = registry
        self._holdings = holdings
        self._sayings = sayings
        self._known: dict[ItemId, None] = {}
        self._began = False
        holdings.on_news.append(self._heard)

    @property
    def rotas(self) -> tuple[Rota, ...]:
        """Return who might preside, in turn, as the charter had it since the founding."""
        return self._registry.keyring.rotas

    def procedures(self, viewer: Viewer, now: Micros) -> tuple[Said[Procedure], ...]:
        """Return what chairs said, as far as a viewer sees it."""
        return tuple(said for said, _ in self._sayings.among(self._all(), Procedure, viewer, now))

    def held(self) -> tuple[Said[Procedure], ...]:
        """Return what chairs said, as far as this node holds it."""
        return tuple(self._sayings.held_among(self._all(), Procedure))

    def _all(self) -> Iterable[ItemId]:
        """Return what was said under the chair's hat: who speaks for a member adds nothing to it, and hides nothing."""
        if not self._began:
            self._began = True
            for row in self._reader.items(0, self._reader.last_admission(), kind=KIND_OF[Procedure]):
                verified = self._holdings.verified(row.id)
                if verified is not None:
                    self._heard(verified)
        return self._known

    def _heard(self, verified: Verified) -> None:
        if verified.statement.kind == KIND_OF[Procedure] and verified.statement.hat == CHAIR:
            self._known[verified.id] = None

    async def view(self, viewer: Viewer) -> ChairView:
        """Return the procedural log to a person: each RED item in it, of another member, is a view."""
        now = self._sayings.now()
        seen = [held for _, held in self._log(viewer, now)]
        beside = [self._sayings.about(verified.id, viewer, now) for verified, _ in seen]
        await self._sayings.viewed([*seen, *(held for one in beside for held in one.seen.values())], viewer)
        return self.show(viewer)

    def _log(self, viewer: Viewer, now: Micros) -> list[tuple[Said[Procedure], Seen]]:
        """Return the newest of what a viewer sees, the newest first."""
        found = self._sayings.among(self._all(), Procedure, viewer, now)
        return sorted(found, key=lambda one: one[1][1].admission, reverse=True)[:LOG]

    def presiding(self, viewer: Viewer) -> Presiding:
        """Return who presides, and nothing of the log: to ask is no view of it."""
        now = self._sayings.now()
        return Presiding(member=presides(self.rotas, self.procedures(viewer, now), now))

    def show(self, viewer: Viewer) -> ChairView:
        """Return who presides, and the procedural log."""
        now, keyring = self._sayings.now(), self._registry.keyring
        seen, told = self._log(viewer, now), self.procedures(viewer, now)
        held = {one.id for one in effective(self.rotas, told)}
        who = presides(self.rotas, told, now)
        return ChairView(
            rota=keyring.rota_at(keyring.epoch, now),
            presides=who,
            mine=who == self._me,
            log=tuple(self._view(said, row, held, viewer, now) for said, (_, row) in seen),
            may=self._may(who, viewer),
        )

    def _may(self, who: MemberId | None, viewer: Viewer) -> tuple[str, ...]:
        """Return her acts: whoever presides does all but take the chair, which is for the next of the rota."""
        rota = self.rotas[-1].members
        if hat_of(viewer.roles) != CHAIR or who not in rota or self._me not in rota:
            return ()
        if who == self._me:
            return tuple(act for act in get_args(Act) if act != "TAKE")
        return ("TAKE",) if next_of(rota, who) == self._me else ()

    def _view(
        self, said: Said[Procedure], row: ItemRow, held: set[ItemId], viewer: Viewer, now: Micros
    ) -> ProcedureView:
        form, about = said.form, self._sayings.about(said.id, viewer, now)
        answers = [one.form.accepts for one in for_members(about.said(Consent)) if one.member == form.member]
        return ProcedureView(
            ref=row.ref,
            member=said.member,
            officer=said.officer,
            tlp=row.tlp,
            at=moment(said.at),
            act=form.act,
            holds=said.id in held,
            proven=said.timely is not None,
            about=None if form.about is None else self._sayings.ref(ItemId(form.about), viewer, now),
            of=None if form.member is None else MemberId(form.member),
            until=None if form.until is None else moment(Micros(form.until)),
            state=form.state,
            text=form.text,
            accepted=answers[-1] if answers else None,
            challenges=tuple(
                ChallengeView(
                    ref=about.seen[one.id][1].ref,
                    member=one.member,
                    text=one.form.text or text_of(about.seen[one.id][0].statement),
                )
                for one in for_members(about.said(Challenge))
            ),
        )
