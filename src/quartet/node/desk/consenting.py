"""Requests for consent as one viewer sees them: which item for whom, whose word is due, and who has granted it."""

from msgspec.structs import replace

from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import SECOND, ItemId, MemberId, Micros
from quartet.core.release import Viewer, Withheld, consent_needed
from quartet.core.verify import Verified
from quartet.desk import Said
from quartet.desk.consent import ConsentWord, Share, Sought, Stage, shares
from quartet.node.desk.consentviews import (
    ConsentAnswer,
    ConsentPage,
    ConsentView,
    Seek,
    ShareView,
    WhichConsents,
)
from quartet.node.desk.requests import HAS
from quartet.node.desk.sayings import About, Asked, Sayings, Seen
from quartet.node.desk.speaking import Speech, beside
from quartet.node.drafting import text_of, title_of
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.seeing import Seeing
from quartet.node.threads import Threads
from quartet.node.views import Draft, moment


class ConsentRoom:
    """Answers who asks for whose consent, and drafts what is asked and answered."""

    def __init__(
        self, parts: Parts, registry: Registry, holdings: Holdings, seeing: Seeing, sayings: Sayings, threads: Threads
    ) -> None:
        self._me = parts.me
        self._reader = parts.store.reader
        self._registry = registry
        self._holdings = holdings
        self._seeing = seeing
        self._sayings = sayings
        self._threads = threads

    async def page(self, viewer: Viewer, which: WhichConsents, after: str, limit: int) -> ConsentPage:
        """Return requests for consent that a viewer may see and asks for, the newest first.

        What is said under RED is in no list: reading it is a view.
        """

        def told(said: Said[Sought], seen: Seen, now: Micros) -> ConsentView:
            view = self._told(said, seen, viewer, now)[0]
            return _unread(view) if view.tlp == "RED" else view

        rows, more = await self._sayings.page(
            Asked(after, limit), Sought, viewer, told, lambda view: _wanted(view, which)
        )
        return ConsentPage(items=rows, next=more)

    async def view(self, viewer: Viewer, ref: str) -> ConsentView:
        """Return one request whole to a person: each RED item in it, of another member, is a view."""
        now = self._sayings.now()
        said, seen = self._sayings.find(ref, Sought, viewer, now)
        view, items = self._told(said, seen, viewer, now)
        await self._sayings.viewed([seen, *items], viewer)
        return view

    def seek(self, viewer: Viewer, ref: str, seek: Seek) -> Draft:
        """Return the draft with which the controllers of an item are asked whether a member may have it.

        Raise `Unavailable("unknown-item")`; `Untrusted` with the reason why no consent helps; `Malformed("has-it")`
        where it needs none, `Malformed("ours-to-grant")` where it needs none but ours, and as `beside` does for a
        controller that may not have the item itself.
        """
        now = self._sayings.now()
        found, row = self._seeing.find(ref, viewer, now)
        needed = self._needed(found.item, seek.member, now)
        if isinstance(needed, Withheld):
            raise Untrusted(str(needed.reason), f"no consent lets {seek.member} have {row.ref}")
        asked = sorted(needed - {self._me})
        if not needed:
            raise Malformed("has-it", f"{seek.member} may have {row.ref} already")
        if not asked:
            raise Malformed("ours-to-grant", f"{row.ref} needs no consent but ours: grant it")
        form = {"item": found.item.id, "member": seek.member, "asked": asked}
        words = Speech(kind="consent-request", form=form, text=seek.text, to=tuple(asked), once=seek.once)
        return beside(found.item, self._threads.audience(found.item), words)

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
        return beside(seen[0], self._threads.audience(seen[0]), words)

    def _told(self, said: Said[Sought], seen: Seen, viewer: Viewer, now: Micros) -> tuple[ConsentView, list[Seen]]:
        """Return a request as it stands, and the items whose words it shows beside its own."""
        about = self._sayings.about(said.id, viewer, now)
        stand = shares(said, about.said(ConsentWord), self._granted(said, viewer, now), self._received(said))
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
            text=text_of(seen[0].statement),
            shares=tuple(_share(member, share, about, now) for member, share in stand.items()),
            mine=mine is not None and mine.stage == Stage.ASKED,
            granted=all(share.stage == Stage.GRANTED for share in stand.values()),
        )
        return view, [about.seen[share.answer] for share in stand.values() if share.answer is not None]

    def _granted(self, said: Said[Sought], viewer: Viewer, now: Micros) -> set[MemberId]:
        """Return who of those that were asked needs to consent no more, of an item that the viewer sees."""
        found = self._seeing.see(said.form.item, viewer, now)
        needed = None if found is None else self._needed(found.item, said.form.member, now)
        return set() if needed is None or isinstance(needed, Withheld) else set(said.form.asked) - needed

    def _needed(self, item: Verified, member: MemberId, now: Micros) -> set[MemberId] | Withheld:
        consent = consent_needed(item, member, self._holdings.facts, self._registry.membership, now)
        return consent if isinstance(consent, Withheld) else {signer for _, signer in consent.needed}

    def _received(self, said: Said[Sought]) -> dict[MemberId, Micros]:
        """Return when the request came to each member, as far as that is known here."""
        row = self._reader.row(ItemId(said.id))
        if row is None:
            return {}
        if not row.mine:
            return {self._me: row.received}
        return {member: at for member, answer, at, _ in self._reader.receipts(said.id) if answer in HAS}


def _share(member: MemberId, share: Share, about: About, now: Micros) -> ShareView:
    verified, row = (None, None) if share.answer is None else about.seen[share.answer]
    return ShareView(
        member=member,
        stage=share.stage.value,
        due=None if share.due is None else moment(share.due),
        lapsed=share.lapsed(now),
        condition=share.condition,
        reason=share.reason,
        ref=None if row is None else row.ref,
        officer=None if verified is None else verified.statement.officer,
        text="" if verified is None else text_of(verified.statement),
        waited_s=None if share.waited is None else share.waited / SECOND,
    )


def _unread(view: ConsentView) -> ConsentView:
    return replace(view, text="", shares=tuple(replace(share, text="") for share in view.shares))


def _wanted(view: ConsentView, which: WhichConsents) -> bool:
    return view.mine if which == "mine" else which == "all" or not view.granted
