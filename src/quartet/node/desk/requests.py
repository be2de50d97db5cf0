"""Requests for information as one viewer sees them: who is asked, where each has got to, what is due and overdue."""

from quartet.core.faults import Malformed
from quartet.core.hats import hat_of
from quartet.core.ids import ItemId, MemberId, Micros
from quartet.core.release import Viewer
from quartet.desk import Said
from quartet.desk.request import DONE, Closed, Part, Reply, Request, Stage, asked
from quartet.desk.request import Asked as Stands
from quartet.desk.said import CHAIR
from quartet.node.desk.brokering import Brokering
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
from quartet.node.desk.sayings import About, Asked, Sayings, Seen
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.drafting import text_of, title_of
from quartet.node.parts import Parts
from quartet.node.threads import Threads
from quartet.node.views import Draft, moment


class Requests:
    """Answers what was asked of whom, and drafts what is said to it."""

    def __init__(self, parts: Parts, sayings: Sayings, threads: Threads, brokering: Brokering) -> None:
        self._me = parts.me
        self._sayings = sayings
        self._threads = threads
        self._brokering = brokering

    async def page(self, viewer: Viewer, which: Which, after: str, limit: int) -> RequestPage:
        """Return requests that a viewer may see and asks for, the newest first."""

        def told(said: Said[Request], seen: Seen, now: Micros) -> RequestRow:
            return self._row(said, seen, viewer, now)

        asked = Asked(after, limit)
        rows, more = await self._sayings.page(asked, Request, viewer, told, lambda row: _wanted(row, which))
        return RequestPage(items=rows, next=more)

    async def view(self, viewer: Viewer, ref: str) -> RequestView:
        """Return one request whole to a person: each RED item in it, of another member, is a view."""
        view, items = self._whole(viewer, ref)
        await self._sayings.viewed(items, viewer)
        return view

    def show(self, viewer: Viewer, ref: str) -> RequestView:
        """Return one request whole; raise `Unavailable("unknown-item")`."""
        return self._whole(viewer, ref)[0]

    def answer(self, viewer: Viewer, ref: str, answer: Answer) -> Draft:
        """Return the draft of what our member, or its chair, says to a request.

        Raise `Malformed("not-asked")` if it was not asked, or not under this hat; `Malformed("not-brokered")` for what
        the chair did not put to others; `Malformed("names-asker")` where she would hand on what hides who asks.
        """
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Request, viewer, now)
        stands = self._stands(said, self._sayings.about(said.id, viewer, now))
        if not self._may_answer(said, stands, viewer):
            whom = f"the chair of {self._me} alone" if said.form.broker else f"no officer of {self._me} under this hat"
            raise Malformed("not-asked", f"{seen[1].ref} asks {whom if self._me in stands.parts else 'others'}")
        if said.form.broker and answer.word == "TRANSFER":
            raise Malformed("names-asker", f"{seen[1].ref} hides who asks: whoever you hand it to would learn it")
        if answer.word == "BROKERED":
            if not said.form.broker or answer.question is None:
                raise Malformed("not-brokered", f"{seen[1].ref} is not to be put to others, or by no question")
            self._brokering.check_question(viewer, answer.question)
        form = {
            "request": said.id,
            "word": answer.word,
            "reason": answer.reason,
            "to": answer.transfer,
            "question": answer.question,
        }
        words = Speech(
            kind="reply",
            form=form,
            text=answer.text,
            to=self._to(said, answer),
            tlp=answer.tlp,
            cites=answer.cites,
            once=answer.once,
        )
        return beside(seen[0], self._threads.marking(seen[0]), self._threads.audience(seen[0]), words)

    def close(self, viewer: Viewer, ref: str, worth: Worth) -> Draft:
        """Return the draft with which a request's asker closes it; raise `Malformed("not-asker")` for any other."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Request, viewer, now)
        if not self._is_asker(said, viewer):
            who = f"the chair of {said.member}" if said.hat == CHAIR else said.member
            raise Malformed("not-asker", f"{seen[1].ref} was asked by {who}")
        form = {"request": said.id, "rating": worth.rating, "text": worth.text}
        words = Speech(kind="request-closed", form=form, text=worth.text, once=worth.once)
        return beside(seen[0], self._threads.marking(seen[0]), self._threads.audience(seen[0]), words)

    def _whole(self, viewer: Viewer, ref: str) -> tuple[RequestView, list[Seen]]:
        """Return a request whole, and the items whose words it shows."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Request, viewer, now)
        about = self._sayings.about(said.id, viewer, now)
        stands = self._stands(said, about)
        spoken = [item for part in stands.parts.values() for item in part.replies]
        items = [seen, *(about.seen[item] for item in (*spoken, *stands.closings))]
        view = RequestView(
            row=self._told(said, seen, stands, now),
            text=text_of(seen[0].statement),
            closed_with=next((text_of(about.seen[item][0].statement) for item in stands.closings), ""),
            rating=stands.rating,
            parts=tuple(self._part(m, part, about, now) for m, part in stands.parts.items()),
            may_answer=self._may_answer(said, stands, viewer),
            may_close=self._is_asker(said, viewer) and not stands.closed,
            may_put=self._brokering.may_put(said, viewer),
            among=said.form.among,
            questions=self._brokering.questions(stands.questions, viewer, now),
            behalf=self._brokering.behalf(said, viewer, now) if said.hat == CHAIR else None,
        )
        return view, items

    def _may_answer(self, said: Said[Request], stands: Stands, viewer: Viewer) -> bool:
        return self._me in stands.parts and (hat_of(viewer.roles) == CHAIR) == said.form.broker

    def _is_asker(self, said: Said[Request], viewer: Viewer) -> bool:
        return (said.member, said.hat) == (self._me, hat_of(viewer.roles))

    def _to(self, said: Said[Request], answer: Answer) -> tuple[MemberId, ...]:
        """Return who gets an answer: whom its officer names, or else the asker alone."""
        asker = () if said.member == self._me else (said.member,)
        return asker if answer.to is None else answer.to

    def _stands(self, said: Said[Request], about: About) -> Stands:
        return asked(said, about.said(Reply), about.said(Closed), self._sayings.received(said.id))

    def _row(self, said: Said[Request], seen: Seen, viewer: Viewer, now: Micros) -> RequestRow:
        return self._told(said, seen, self._stands(said, self._sayings.about(said.id, viewer, now)), now)

    def _told(self, said: Said[Request], seen: Seen, stands: Stands, now: Micros) -> RequestRow:
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
            broker=said.form.broker,
        )

    def _part(self, member: MemberId, part: Part, about: About, now: Micros) -> PartView:
        forms = {one.id: one.form for one in about.said(Reply)}
        return PartView(
            member=member,
            stage=part.stage.value,
            due=None if part.due is None else moment(part.due),
            overdue=part.overdue(now),
            reason=part.reason,
            replies=tuple(self._reply(item, forms[item], about) for item in part.replies),
        )

    def _reply(self, item: ItemId, form: Reply, about: About) -> ReplyView:
        verified, row = about.seen[item]
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
