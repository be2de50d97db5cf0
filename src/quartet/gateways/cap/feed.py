"""The feed: an Atom list of the alerts in force, with each behind it, and with the Cancel of each that was taken back.

Who reads shows a token, unless the door gives only what the world may have; what she may not have and what does not
exist are the same 404. A superseded alert is listed no more. Each answer is written once for all who read it.
"""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

from quartet.core.ids import Micros
from quartet.gateways.cap.intake import PREFIX, Intake
from quartet.gateways.cap.offer import Given, Offer
from quartet.gateways.cap.serving import MAX_READING, Bound, Receive, Send, say, serve, shows
from quartet.gateways.cap.words import plain
from quartet.node.desk.outgoing import Ended, Outgoing
from quartet.node.earlysource import CapDoor
from quartet.node.node import Node
from quartet.node.views import moment

ATOM: Final = "http://www.w3.org/2005/Atom"
CAP: Final = "application/cap+xml"
FEED: Final = "/cap/feed"
WITHDRAWN: Final = "(withdrawn)"
"""The title of what was taken back: its words are told no more."""


class Feed:
    """The application that answers readers, as ASGI has it."""

    def __init__(self, settings: CapDoor, offer: Offer) -> None:
        self._settings = settings
        self._offer = offer
        self._reading = Bound(MAX_READING)

    async def __call__(self, scope: dict[str, Any], _: Receive, send: Send) -> None:
        """Answer one request; who does not take her answer in time is left."""
        if scope["type"] != "http":
            return
        if str(scope["method"]) not in ("GET", "HEAD"):
            await say(send, 405)
        elif not self._may_read(scope):
            await say(send, 401)
        else:
            await self._read(str(scope["path"]), send)

    def _may_read(self, scope: Mapping[str, Any]) -> bool:
        """Return whether who asks may read: with the token, or at a door for which nobody answers, without."""
        if self._settings.token_sha256 is None:
            return not self._settings.principals
        return shows(scope, self._settings.token_sha256)

    async def _read(self, path: str, send: Send) -> None:
        with contextlib.suppress(TimeoutError):
            async with self._reading.place() as may:
                if may:
                    await self._answer(path, send)
                    return
            await say(send, 503)

    async def _answer(self, path: str, send: Send) -> None:
        given = await self._offer.settled()
        data = self._offer.answers.get(path)
        if data is None:
            data = self._list(given) if path == FEED else self._alert(given, path)
            if data is not None:
                self._offer.answers[path] = data
        if data is None:
            await say(send, 404)
        else:
            await say(send, 200, "application/atom+xml" if path == FEED else CAP, data)

    def _alert(self, given: Given, path: str) -> bytes | None:
        for one in given.both:
            said = self._offer.named(one)
            if said is not None and path == _path(said[0]):
                return self._offer.written(one)
        return None

    def _list(self, given: Given) -> bytes:
        """Return the list of what is in force: what another took the place of is behind that."""
        before = {item for one in given.told for item, _, _ in one.follows}
        feed = ET.Element("feed", xmlns=ATOM)
        _put(feed, "id", f"urn:quartet:{self._settings.domain}:{self._settings.name}")
        _put(feed, "title", self._settings.sender_name)
        listed = [(one, one.form.info[0].headline) for one in given.told if one.id not in before]
        both: list[tuple[Outgoing | Ended, str]] = [*listed, *((one, WITHDRAWN) for one in given.ended)]
        named = ((self._offer.named(one), title) for one, title in both)
        entries = [(said[2], said[0], title) for said, title in named if said is not None]
        _put(feed, "updated", _atom_time(max((at for at, _, _ in entries), default=None)))
        for at, name, title in sorted(entries, reverse=True):
            self._entry(feed, name, title, at)
        return b"<?xml version='1.0' encoding='UTF-8'?>\n" + ET.tostring(feed, encoding="unicode").encode()

    def _entry(self, feed: ET.Element, name: str, title: str, at: Micros) -> None:
        entry = ET.SubElement(feed, "entry")
        _put(entry, "id", f"urn:quartet:{name}")
        _put(entry, "title", title)
        _put(entry, "updated", _atom_time(at))
        author = ET.SubElement(entry, "author")
        _put(author, "name", self._settings.sender_name)
        ET.SubElement(entry, "link", rel="alternate", type=CAP, href=_path(name))


async def serve_feed(settings: CapDoor, node: Node, offer: Offer, place: Callable[[str], Path]) -> None:
    """Serve a door's feed, and what is posted unless that has an address of its own, until cancelled.

    Raise `Unavailable("port-taken")` where nobody can listen there.
    """
    feed, intake = Feed(settings, offer), Intake(settings, node)

    async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        posted = scope["type"] == "http" and scope["method"] == "POST" and str(scope["path"]).startswith(PREFIX)
        await (intake if posted and settings.listen_in is None else feed)(scope, receive, send)

    await serve(app, settings.listen or "", settings, place)


def _path(name: str) -> str:
    return f"/cap/{name}.xml"


def _atom_time(at: Micros | None) -> str:
    return "1970-01-01T00:00:00Z" if at is None else moment(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = plain(text)
