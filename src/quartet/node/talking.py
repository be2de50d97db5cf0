"""Have officers talk beside an item: show them what was said, say who would get a reply, and publish it."""

from msgspec import structs

from quartet.core.faults import Malformed
from quartet.core.release import Viewer
from quartet.node.clock import Clock
from quartet.node.conversation import ReplyTo, Say, Thread
from quartet.node.handover import Handover
from quartet.node.publishing import Publisher
from quartet.node.threads import Threads
from quartet.node.views import Draft, Published


class Talking:
    """Conversations, for officers."""

    def __init__(self, clock: Clock, threads: Threads, publisher: Publisher, handover: Handover) -> None:
        self._clock = clock
        self._threads = threads
        self._publisher = publisher
        self._handover = handover

    async def thread(self, viewer: Viewer, ref: str) -> Thread:
        """Return the conversation beside an item to a person: each RED message of another member is a view."""
        thread, messages = self._threads.thread(viewer, ref, self._clock.now())
        for message in messages:
            await self._publisher.viewed(message, viewer)
        return structs.replace(thread, reply=self._reply(viewer, thread))

    async def say(self, viewer: Viewer, ref: str, say: Say) -> Published:
        """Publish a message beside an item; once, if it has a word, whoever would get it by now."""

        def make() -> Draft:
            return self._threads.draft(viewer, ref, say, self._clock.now())

        if say.once is None:
            return await self._handover.publish(make(), viewer)
        return await self._handover.publish_once(say.once, (ref, say), make, viewer)

    def _reply(self, viewer: Viewer, thread: Thread) -> ReplyTo | None:
        """Return who would get a message of the viewer's, as the gate decides of a draft; None if she has no say."""
        if thread.subject is None:
            return None
        try:
            draft = self._threads.draft(viewer, thread.subject, Say(text="?"), self._clock.now())
            previews = self._publisher.preview(draft, viewer)
        except Malformed:
            return None
        members = tuple(one.member for one in previews if one.admitted)
        granted = tuple(member for member in members if member not in draft.to)
        return ReplyTo(tlp=draft.tlp, members=members, persons=draft.persons, granted=granted)
