"""Ratings that a member makes apart: kept here under the store's key, sealed by their hash, shown with everybody's."""

from collections.abc import Iterable
from typing import Any, Final, Literal

import msgspec

from quartet.core.encoding import Value, b64, unb64
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.incident import Question
from quartet.desk.rating import Rating, Revealed, Sealed, against, decisive, order, rated, seal_of
from quartet.node.desk.incidentviews import Ratings, RatingsView
from quartet.node.desk.sayings import Sayings, Seen
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.parts import Parts
from quartet.node.seeing import Seeing
from quartet.node.threads import Threads
from quartet.node.views import Draft

_KEPT: Final = "rating:"


class Kept(Value, frozen=True):
    """A member's ratings of a question with the nonce of their seal."""

    nonce: str
    ratings: tuple[Rating, ...]


class RatingRoom:
    """Keeps, seals and shows a member's ratings."""

    def __init__(self, parts: Parts, seeing: Seeing, sayings: Sayings, threads: Threads) -> None:
        self._parts = parts
        self._seeing = seeing
        self._sayings = sayings
        self._threads = threads

    async def seal(self, viewer: Viewer, ref: str, ratings: Ratings) -> Draft:
        """Keep ratings, and return the draft of their seal; raise `Malformed("rated-already")` for a second time."""
        said, seen = self._question(viewer, ref)
        now = self._sayings.now()
        if self._seals(said.id, viewer):
            raise Malformed("rated-already", "this member sealed its ratings: its first seal counts")
        cells = tuple(
            Rating(
                evidence=self._seeing.find(cell.evidence, viewer, now)[1].id,
                hypothesis=self._seeing.find(cell.hypothesis, viewer, now)[1].id,
                mark=cell.mark,
            )
            for cell in ratings.cells
        )
        kept = Kept(nonce=b64(self._parts.entropy(32)), ratings=cells)
        seal = seal_of(said.id, self._parts.me, kept.nonce, kept.ratings)
        place, box = _KEPT + seal, self._parts.store.box
        wrapped = b64(box.wrap(msgspec.json.encode(kept), place))
        await self._parts.store.write(lambda tx: tx.set_meta(place, wrapped))
        form = {"question": said.id, "seal": seal}
        return self._say(seen, "rating-seal", form, ratings.once)

    def show(self, viewer: Viewer, ref: str) -> Draft:
        """Return the draft that shows this member's ratings; raise `Malformed("not-rated")` where it made none."""
        said, seen = self._question(viewer, ref)
        kept = next((one for seal in self._seals(said.id, viewer) if (one := self._kept(seal)) is not None), None)
        if kept is None:
            raise Malformed("not-rated", "this member sealed no ratings of that question")
        form = {"question": said.id, "nonce": kept.nonce, "ratings": msgspec.to_builtins(kept.ratings)}
        return self._say(seen, "rating", form, None)

    def _question(self, viewer: Viewer, ref: str) -> tuple[Said[Question], Seen]:
        return self._sayings.find(ref, Question, viewer, self._sayings.now())

    def _seals(self, question: ItemId, viewer: Viewer) -> list[str]:
        """Return the seals of this member's ratings that the viewer sees: of others she is told nothing."""
        told = self._sayings.about(question, viewer, self._sayings.now()).said(Sealed)
        return [one.form.seal for one in told if one.member == self._parts.me and one.form.question == question]

    def _kept(self, seal: str) -> Kept | None:
        found = self._parts.store.reader.meta(_KEPT + seal)
        if found is None:
            return None
        return msgspec.json.decode(self._parts.store.box.unwrap(unb64(found), _KEPT + seal), type=Kept)

    def _say(self, seen: Seen, kind: str, form: dict[str, Any], once: str | None) -> Draft:
        marking, audience = self._threads.marking(seen[0]), self._threads.audience(seen[0])
        return beside(seen[0], marking, audience, Speech(kind=kind, form=form, once=once))


def rated_view(
    me: MemberId, question: ItemId, sealed: Iterable[Said[Sealed]], shown: Iterable[Said[Revealed]]
) -> RatingsView:
    """Return how a question is rated, by what this viewer sees of what was said of it."""
    found = rated(question, sealed, shown)
    return RatingsView(
        sealed=found.sealed,
        waiting=found.waiting,
        mine=_mine(me, sealed, shown),
        table={member: _table(one.ratings) for member, one in found.ratings.items()},
        against={member: against(one.ratings) for member, one in found.ratings.items()},
        order={member: order(one.ratings) for member, one in found.ratings.items()},
        decisive={member: decisive(one.ratings) for member, one in found.ratings.items()},
        followed=tuple(member for member, one in found.ratings.items() if not one.alone),
    )


def _mine(
    me: MemberId, sealed: Iterable[Said[Sealed]], shown: Iterable[Said[Revealed]]
) -> Literal["NONE", "SEALED", "SHOWN"]:
    if any(one.member == me for one in shown):
        return "SHOWN"
    return "SEALED" if any(one.member == me for one in sealed) else "NONE"


def _table(ratings: tuple[Rating, ...]) -> dict[ItemId, dict[ItemId, str]]:
    """Return ratings with a row a hypothesis: the usual way round strengthens what one believes already."""
    rows: dict[ItemId, dict[ItemId, str]] = {}
    for one in ratings:
        rows.setdefault(one.hypothesis, {})[one.evidence] = one.mark
    return rows
