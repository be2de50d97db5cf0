"""A question that the chair puts to others for a member that stays unnamed, and how the answers come back to that one.

What leaves for others hangs on nothing that tells who asked: the question names and carries nothing of the asker's, and
an answer is passed on to every member or not at all, so that its consent is never asked for one of them.
"""

from collections.abc import Iterable

from msgspec import structs

from quartet.core.faults import Malformed
from quartet.core.hats import hat_of
from quartet.core.ids import ItemId, Micros
from quartet.core.release import Viewer
from quartet.core.verify import Verified
from quartet.desk import KIND_OF, Said
from quartet.desk.request import Closed, Reply, Request, asked
from quartet.desk.said import CHAIR
from quartet.node.desk.requestviews import Behalf, PassOn, Put
from quartet.node.desk.sayings import Sayings
from quartet.node.desk.speaking import beside
from quartet.node.desk.speech import Speech
from quartet.node.drafting import MESSAGE, text_of
from quartet.node.holdings import Holdings
from quartet.node.parts import Parts
from quartet.node.registry import Registry
from quartet.node.views import Draft


class Brokering:
    """Drafts what the chair puts to others and passes on, and knows for whose question she did."""

    def __init__(self, parts: Parts, registry: Registry, holdings: Holdings, sayings: Sayings) -> None:
        self._me = parts.me
        self._reader = parts.store.reader
        self._registry = registry
        self._holdings = holdings
        self._sayings = sayings

    def question(self, viewer: Viewer, ref: str, put: Put) -> Draft:
        """Return the draft of the chair's own request in place of one that asks her to put it to others.

        It is marked at least as strictly, and it neither cites nor contains what it stands for. Raise
        `Malformed("not-brokered")`, `("beyond-audience")` and `("tlp-wider")`.
        """
        said, seen = self._sayings.find(ref, Request, viewer, self._sayings.now())
        self._check_ours(said, seen[1].ref, viewer)
        to = tuple(dict.fromkeys((*put.asked, *put.to)))
        if beyond := sorted(set(to) - set(said.form.among or to)):
            raise Malformed("beyond-audience", f"{', '.join(beyond)}: its asker lets you ask no such member")
        form = {"asked": put.asked, "precedence": put.precedence}
        words = Speech(
            kind=KIND_OF[Request],
            form=form,
            text=put.text,
            title=put.title,
            to=to,
            tlp=put.tlp,
            precedence=put.precedence,
        )
        draft = beside(seen[0], self._sayings.marking(seen[0]), list(to), words)
        return structs.replace(draft, cites=(), persons=put.persons, expires=None)

    def pass_on(self, viewer: Viewer, ref: str, passing: PassOn) -> Draft:
        """Return the draft that gives every member an answer to a question of the chair's, as its controller lets it.

        Raise `Malformed("not-brokered")` for any other answer; `("red-names-nobody")` for one that is for persons.
        """
        now = self._sayings.now()
        reply, seen = self._sayings.find(ref, Reply, viewer, now)
        if hat_of(viewer.roles) != CHAIR or not self._is_chairs(reply):
            raise Malformed("not-brokered", f"{seen[1].ref} answers no question that your chair asked")
        marking = self._sayings.marking(seen[0])
        if marking.tlp == "RED":
            raise Malformed("red-names-nobody", f"{seen[1].ref} is for the persons it names: ask for one less strict")
        text = passing.text or text_of(seen[0].statement)
        words = Speech(kind=MESSAGE, form={}, text=text)
        draft = beside(seen[0], marking, list(self._registry.others()), words)
        return structs.replace(draft, form=None, contains=(reply.id,))

    def hides(self, item: Verified) -> bool:
        """Return whether asking somebody's consent to this for one member would tell who asked through our chair."""
        controls = {control.id for control in item.controls}
        rows = self._reader.rows(self._reader.items_carrying(controls)).values()
        replies = [row.id for row in rows if row.kind == KIND_OF[Reply] and row.state != "PURGED"]
        held = (verified for one in replies if (verified := self._holdings.verified(one)) is not None)
        own = {one.id for one in held if one.own is not None and one.own.id in controls}
        return any(self._is_chairs(reply) for reply, _ in self._sayings.kept_among(own, Reply))

    def behalf(self, said: Said[Request], viewer: Viewer, now: Micros) -> Behalf | None:
        """Return in place of which request the chair asked this one, as far as the viewer may see that one."""
        told = self._sayings.about(said.id, viewer, now).said(Reply)
        named = [one.form.request for one in told if one.form.question == said.id and one.member == said.member]
        for request, seen in self._sayings.among(named, Request, viewer, now):
            about = self._sayings.about(request.id, viewer, now)
            stands = asked(request, about.said(Reply), about.said(Closed), {})
            if said.id in stands.questions:
                return Behalf(ref=seen[1].ref, member=request.member, closed=stands.closed, rating=stands.rating)
        return None

    def questions(self, items: Iterable[ItemId], viewer: Viewer, now: Micros) -> tuple[str, ...]:
        """Return the questions that were put to others, as far as the viewer may see them."""
        return tuple(seen[1].ref for _, seen in self._sayings.among(items, Request, viewer, now))

    def may_put(self, said: Said[Request], viewer: Viewer) -> bool:
        """Return whether a viewer is the chair who is asked to put a request to others."""
        return said.form.broker and self._me in said.form.asked and hat_of(viewer.roles) == CHAIR

    def check_question(self, viewer: Viewer, ref: str) -> None:
        """Raise `Malformed("not-brokered")` unless this is a request of our own chair's."""
        said, seen = self._sayings.find(ref, Request, viewer, self._sayings.now())
        if (said.member, said.hat) != (self._me, CHAIR):
            raise Malformed("not-brokered", f"{seen[1].ref} is no question of your chair's own")

    def _check_ours(self, said: Said[Request], ref: str, viewer: Viewer) -> None:
        if not self.may_put(said, viewer):
            raise Malformed("not-brokered", f"{ref} does not ask you, as the chair, to put it to others")

    def _is_chairs(self, reply: Said[Reply]) -> bool:
        """Return whether a reply answers our chair: a question that was taken back hides its asker no less."""
        asked_in = self._sayings.kept_among([ItemId(reply.form.request)], Request)
        return any((one.member, one.hat) == (self._me, CHAIR) for one, _ in asked_in)
