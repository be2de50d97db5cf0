"""Requests for consent as one viewer sees them: which item for whom, whose word is due, and who has granted it."""

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, MemberId, Micros
from quartet.core.release import Viewer, Withheld
from quartet.desk import Said
from quartet.desk.consent import ConsentWord, Share, Sought, Stage, shares
from quartet.node.consents import Consents
from quartet.node.desk.brokering import Brokering
from quartet.node.desk.consentviews import (
    ConsentAnswer,
    ConsentPage,
    ConsentView,
    Seek,
    ShareView,
    WhichConsents,
)
from quartet.node.desk.sayings import About, Asked, Sayings, Seen
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.drafting import text_of, title_of
from quartet.node.parts import Parts
from quartet.node.seeing import Seeing
from quartet.node.threads import Threads
from quartet.node.views import Draft, moment


class ConsentRoom:
    """Answers who asks for whose consent, and drafts what is asked and answered."""

    def __init__(
        self,
        parts: Parts,
        seeing: Seeing,
        sayings: Sayings,
        threads: Threads,
        consents: Consents,
        brokering: Brokering,
    ) -> None:
        self._me = parts.me
        self._brokering = brokering
        self._consents = consents
        self._seeing = seeing
        self._sayings = sayings
        self._threads = threads

    async def page(self, viewer: Viewer, which: WhichConsents, after: str, limit: int) -> ConsentPage:
        """Return requests for consent that a viewer may see and asks for, the newest first.

        What is said under RED is in no list: reading it is a view.
        """

        def told(said: Said[Sought], seen: Seen, now: Micros) -> ConsentView:
            return self._told(said, seen, viewer, now, whole=False)[0]

        rows, more = await self._sayings.page(
            Asked(after, limit), Sought, viewer, told, lambda view: _wanted(view, which)
        )
        return ConsentPage(items=rows, next=more)

    async def view(self, viewer: Viewer, ref: str) -> ConsentView:
        """Return one request whole to a person: each RED item in it, of another member, is a view."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Sought, viewer, now)
        view, items = self._told(said, seen, viewer, now, whole=True)
        await self._sayings.viewed([seen, *items], viewer)
        return view

    def seek(self, viewer: Viewer, ref: str, seek: Seek) -> Draft:
        """Return the draft with which the controllers of an item are asked whether a member may have it.

        Raise `Unavailable("unknown-item")`; `Untrusted` with the reason why no consent helps; `Malformed("has-it")`
        where it needs none, `Malformed("ours-to-grant")` where it needs none but ours, `Malformed("names-asker")` for
        an answer to what our chair asked, and as `beside` does for a controller that may not have the item.
        """
        now = self._sayings.now()
        found, row = self._seeing.find(ref, viewer, now)
        if self._brokering.hides(found.item):
            raise Malformed(
                "names-asker", f"asking for one member tells for whom the chair asked: pass {row.ref} on to all"
            )
        needed = self._consents.needed(found.item, seek.member, now)
        if isinstance(needed, Withheld):
            raise Untrusted(str(needed.reason), f"no consent lets {seek.member} have {row.ref}")
        asked = sorted(needed - {self._me})
        if not needed:
            raise Malformed("has-it", f"{seek.member} may have {row.ref} already")
        if not asked:
            raise Malformed("ours-to-grant", f"{row.ref} needs no consent but ours: grant it")
        form = {"item": found.item.id, "member": seek.member, "asked": asked}
        words = Speech(kind="consent-request", form=form, text=seek.text, to=tuple(asked), once=seek.once)
        return beside(found.item, self._threads.marking(found.item), self._threads.audience(found.item), words)

    def answer(self, viewer: Viewer, ref: str, answer: ConsentAnswer) -> Draft:
        """Return the draft of our word to the asker.

        Raise `Malformed("not-asked")` if it is not asked of us, and `Malformed("not-granted")` if we say that we
        granted it and did not.
        """
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Sought, viewer, now)
        if self._me not in said.form.asked:
            raise Malformed("not-asked", f"{seen[1].ref} does not ask {self._me}")
        if answer.word == "GRANT" and self._me not in self._granted(said, viewer, now):
            raise Malformed("not-granted", f"no grant of ours lets {said.form.member} have it: grant it first")
        form = {"request": said.id, "word": answer.word, "condition": answer.condition, "reason": answer.reason}
        words = Speech(kind="consent-answer", form=form, text=answer.text, to=(said.member,), once=answer.once)
        return beside(seen[0], self._threads.marking(seen[0]), self._threads.audience(seen[0]), words)

    def _told(
        self, said: Said[Sought], seen: Seen, viewer: Viewer, now: Micros, *, whole: bool
    ) -> tuple[ConsentView, list[Seen]]:
        """Return a request as it stands, and the items whose words it shows beside its own; of a RED one if `whole`."""
        about = self._sayings.about(said.id, viewer, now)
        stand = shares(said, about.said(ConsentWord), self._granted(said, viewer, now), self._sayings.received(said.id))
        subject = self._seeing.see(said.form.item, viewer, now)
        mine = stand.get(self._me)
        view = ConsentView(
            id=said.id,
            ref=seen[1].ref,
            author=said.member,
            officer=said.officer,
            tlp=seen[1].tlp,
            at=moment(said.at),
            item=self._sayings.ref(said.form.item, viewer, now),
            title=None if subject is None else title_of(subject.item.statement),
            member=said.form.member,
            text=_text(seen, whole=whole),
            shares=tuple(_share(member, share, about, now, whole=whole) for member, share in stand.items()),
            mine=mine is not None and mine.stage == Stage.ASKED,
            granted=all(share.stage == Stage.GRANTED for share in stand.values()),
        )
        return view, [about.seen[share.answer] for share in stand.values() if share.answer is not None]

    def _granted(self, said: Said[Sought], viewer: Viewer, now: Micros) -> set[MemberId]:
        """Return who of those that were asked needs to consent no more, by what this member may know of an item."""
        found = self._seeing.see(said.form.item, viewer, now)
        needed = None if found is None else self._consents.needed(found.item, said.form.member, now)
        return set() if needed is None or isinstance(needed, Withheld) else set(said.form.asked) - needed


def _share(member: MemberId, share: Share, about: About, now: Micros, *, whole: bool) -> ShareView:
    answer = None if share.answer is None else about.seen[share.answer]
    return ShareView(
        member=member,
        stage=share.stage.value,
        due=None if share.due is None else moment(share.due),
        lapsed=share.lapsed(now),
        condition=share.condition,
        reason=share.reason,
        ref=None if answer is None else answer[1].ref,
        officer=None if answer is None else answer[0].statement.officer,
        text="" if answer is None else _text(answer, whole=whole),
        waited_s=None if share.waited is None else share.waited / SECOND,
    )


def _text(seen: Seen, *, whole: bool) -> str:
    return text_of(seen[0].statement) if whole or seen[1].tlp != "RED" else ""


def _wanted(view: ConsentView, which: WhichConsents) -> bool:
    return view.mine if which == "mine" else which == "all" or not view.granted
