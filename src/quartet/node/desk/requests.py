"""Requests for information as one viewer sees them: who is asked, where each has got to, what is due and overdue."""

from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.desk import Said
from quartet.desk.request import DONE, Asked, Closed, Part, Reply, Request, Stage, asked
from quartet.node.cursor import Cursors
from quartet.node.desk.requestviews import (
    Answer,
    PartView,
    ReplyView,
    RequestPage,
    RequestRow,
    RequestView,
    Which,
    Worth,
)
from quartet.node.desk.sayings import About, Sayings, Seen
from quartet.node.desk.speaking import Speech, beside
from quartet.node.drafting import text_of, title_of
from quartet.node.parts import Parts
from quartet.node.publishing import Publisher
from quartet.node.threads import Threads
from quartet.node.views import MAX_PAGE, Draft, moment

HAS: Final = ("VERIFIED", "HELD")
"""Receipts of who has a request."""


class Requests:
    """Answers what was asked of whom, and drafts what is said to it."""

    def __init__(
        self, parts: Parts, sayings: Sayings, threads: Threads, cursors: Cursors, publisher: Publisher
    ) -> None:
        self._me = parts.me
        self._publisher = publisher
        self._reader = parts.store.reader
        self._sayings = sayings
        self._threads = threads
        self._cursors = cursors

    async def page(self, viewer: Viewer, which: Which, after: str, limit: int) -> RequestPage:
        """Return requests that a viewer may see and asks for, the newest first."""
        if not 1 <= limit <= MAX_PAGE:
            raise Malformed("bad-query", f"{limit} requests where 1 to {MAX_PAGE} may be")
        begin, _ = self._cursors.place(viewer, after)
        rows: list[tuple[int, RequestRow]] = []
        async for found in self._sayings.slices(Request, viewer, begin):
            now = self._sayings.now()
            told = ((seen[1].admission, self._row(said, seen, viewer, now)) for said, seen in found)
            rows += [(admission, row) for admission, row in told if _wanted(row, which)]
            if len(rows) > limit:
                break
        page, more = rows[:limit], len(rows) > limit
        return RequestPage(
            items=tuple(row for _, row in page),
            next=self._cursors.at(viewer, page[-1][0]) if more else None,
        )

    async def view(self, viewer: Viewer, ref: str) -> RequestView:
        """Return one request whole to a person: each RED item in it, of another member, is a view."""
        view, items = self._whole(viewer, ref)
        for item in items:
            await self._publisher.viewed(item, viewer)
        return view

    def show(self, viewer: Viewer, ref: str) -> RequestView:
        """Return one request whole; raise `Unavailable("unknown-item")`."""
        return self._whole(viewer, ref)[0]

    def answer(self, viewer: Viewer, ref: str, answer: Answer) -> Draft:
        """Return the draft of what our member says to a request; raise `Malformed("not-asked")` if it was not asked."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Request, viewer, now)
        stands = self._stands(said, self._sayings.about(said.id, viewer, now))
        if self._me not in stands.parts:
            raise Malformed("not-asked", f"{seen[1].ref} does not ask {self._me}")
        form = {"request": said.id, "word": answer.word, "reason": answer.reason, "to": answer.transfer}
        words = Speech(
            kind="reply",
            form=form,
            text=answer.text,
            to=self._to(said, answer),
            tlp=answer.tlp,
            cites=answer.cites,
            once=answer.once,
        )
        return beside(seen[0], self._threads.audience(seen[0]), words)

    def close(self, viewer: Viewer, ref: str, worth: Worth) -> Draft:
        """Return the draft with which a request's asker closes it; raise `Malformed("not-asker")` for any other."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Request, viewer, now)
        if said.member != self._me:
            raise Malformed("not-asker", f"{seen[1].ref} was asked by {said.member}")
        form = {"request": said.id, "rating": worth.rating, "text": worth.text}
        words = Speech(kind="request-closed", form=form, text=worth.text, once=worth.once)
        return beside(seen[0], self._threads.audience(seen[0]), words)

    def _whole(self, viewer: Viewer, ref: str) -> tuple[RequestView, list[Verified]]:
        """Return a request whole, and the items whose words it shows."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Request, viewer, now)
        about = self._sayings.about(said.id, viewer, now)
        stands = self._stands(said, about)
        spoken = [item for part in stands.parts.values() for item in part.replies]
        items = [seen[0], *(about.seen[item][0] for item in (*spoken, *(c.id for c in _closings(said, about))))]
        view = RequestView(
            row=self._told(said, seen, stands, now),
            text=text_of(seen[0].statement),
            closed_with=next((text_of(about.seen[c.id][0].statement) for c in _closings(said, about)), ""),
            rating=stands.rating,
            parts=tuple(self._part(m, part, about, now) for m, part in stands.parts.items()),
            may_answer=self._me in stands.parts,
            may_close=said.member == self._me and not stands.closed,
        )
        return view, items

    def _to(self, said: Said[Request], answer: Answer) -> tuple[MemberId, ...]:
        """Return who gets an answer: whom its officer names, or else the asker alone."""
        asker = () if said.member == self._me else (said.member,)
        return asker if answer.to is None else answer.to

    def _stands(self, said: Said[Request], about: About) -> Asked:
        return asked(said, about.said(Reply), about.said(Closed), self._received(said))

    def _received(self, said: Said[Request]) -> dict[MemberId, Micros]:
        """Return when the request came to each member, as far as that is known here."""
        row = self._reader.row(said.id)
        if row is None or not row.mine:
            return {} if row is None else {self._me: row.received}
        receipts = self._reader.receipts(said.id)
        return {member: at for member, answer, at, _ in receipts if answer in HAS} | {self._me: row.received}

    def _row(self, said: Said[Request], seen: Seen, viewer: Viewer, now: Micros) -> RequestRow:
        return self._told(said, seen, self._stands(said, self._sayings.about(said.id, viewer, now)), now)

    def _told(self, said: Said[Request], seen: Seen, stands: Asked, now: Micros) -> RequestRow:
        verified, row = seen
        mine = stands.parts.get(self._me)
        due = [part.due for part in stands.parts.values() if part.due is not None and not part.done]
        return RequestRow(
            id=said.id,
            ref=row.ref,
            author=said.member,
            officer=said.officer,
            hat=said.hat,
            title=title_of(verified.statement),
            tlp=row.tlp,
            at=moment(said.at),
            precedence=said.form.precedence,
            asked=tuple(stands.parts),
            stages={m: part.stage.value for m, part in stands.parts.items()},
            due=moment(min(due)) if due and not stands.closed else None,
            overdue=tuple(m for m, part in stands.parts.items() if part.overdue(now) and not stands.closed),
            closed=stands.closed,
            mine=mine is not None and not mine.done and not stands.closed,
        )

    def _part(self, member: MemberId, part: Part, about: About, now: Micros) -> PartView:
        return PartView(
            member=member,
            stage=part.stage.value,
            due=None if part.due is None else moment(part.due),
            overdue=part.overdue(now),
            reason=part.reason,
            replies=tuple(self._reply(item, about) for item in part.replies),
        )

    def _reply(self, item: ItemId, about: About) -> ReplyView:
        verified, row = about.seen[item]
        form = next(one.form for one in about.said(Reply) if one.id == item)
        said = verified.statement
        return ReplyView(
            ref=row.ref,
            officer=said.officer,
            at=moment(Micros(said.at)),
            word=form.word,
            text=text_of(said),
            tlp=row.tlp,
            to=form.to,
        )


def _closings(said: Said[Request], about: About) -> list[Said[Closed]]:
    return [one for one in about.said(Closed) if one.member == said.member]


def _wanted(row: RequestRow, which: Which) -> bool:
    done = row.closed or all(Stage(stage) in DONE for stage in row.stages.values())
    match which:
        case "open":
            return not done
        case "overdue":
            return bool(row.overdue)
        case "mine":
            return row.mine
        case "done":
            return done
    return True
