"""North's node as its own officers meet it: `duty`, who writes, and `clerk`, who has no role and no training.

Two worlds are told the same script; one of them is told the secret steps too. What the clerk is answered must be equal.
Nothing runs by itself, and the clock stands until a step moves it, so that a difference is a leak and not a race.
"""

import asyncio
import atexit
import os
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
from msgspec import structs

from quartet.console.api import make_api
from quartet.console.proof import Request, sign_request
from quartet.console.signin import SigninDesk, open_book
from quartet.console.signin.limits import Limit, Rate
from quartet.console.web import make_console
from quartet.console.web.guard import cookie_name
from quartet.core.articles import ActPayload
from quartet.core.attachment import file_id
from quartet.core.charter import propose, sign_act
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND, ItemId, MemberId, Micros, OfficerName
from quartet.core.keys import SecretKey
from quartet.core.manifest import sign_officer_manifest
from quartet.core.receipt import Receipt, batch_commitment, make_batch
from quartet.core.release import Viewer
from quartet.core.statement import assert_item
from quartet.exercise.plan import DUTY, Duty
from quartet.exercise.setup import new_exchange
from quartet.node.clock import Clock
from quartet.node.folder import MemberFolder
from quartet.node.keyset import Keyset
from quartet.node.ledger import INCARNATION
from quartet.node.manifests import remember_own
from quartet.node.node import Node
from quartet.node.office import charter_of, open_offline, read_officer_manifest
from quartet.node.officerkey import read_officer_key
from quartet.node.parts import Keys, Parts
from quartet.node.sensing import SensorState
from quartet.node.vault import open_vault
from quartet.node.views import Draft, FeedDraft
from quartet.picture import Counts, RadarPlot
from quartet.picture.livewire import read_live
from quartet.picture.look import Back, Look
from quartet.store import Store, Tx, open_store
from quartet.wire import MemoryHub

NORTH: Final = MemberId("north")
EAST: Final = MemberId("east")
CLERK: Final = Duty(OfficerName("clerk"), roles=())
NOON: Final = 1_800_000_000 * SECOND
HOUR: Final = 3600 * SECOND
FILE: Final = b"a file that one officer handed over"
FILE_ID: Final = file_id([FILE])
MORE: Final = (f"/attachments/{FILE_ID}/preview", "/thread")
"""What else lies below an item."""
WORD: Final = "w" * 22
"""Under which the duty officer sends what she sends."""
EVERYWHERE: Final = Look((-180.0, -90.0, 180.0, 90.0), 1.0)

ORIGIN: Final = "http://localhost:4310"
UNLIMITED: Final = Rate("unlimited", burst=1e9, a_minute=1e9)
"""She who asks everything at once is not to be told that she asks too often."""

Question = tuple[str, str, object]
Step = tuple[str, bool]
"""A word of the script, and whether it is secret: told to one world alone, about what the clerk may not see."""


class Still(Clock):
    """A clock that stands."""

    def __init__(self) -> None:
        super().__init__()
        self.at = NOON

    def now(self) -> Micros:
        return Micros(self.at)


@dataclass
class Known:
    """The items of one secrecy, the newest last, by what was done with them."""

    items: list[tuple[str, str]] = field(default_factory=list)
    own: list[tuple[str, str]] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    recalled: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)

    def add(self, published: Any, *, own: bool = True) -> None:
        self.items.append((published["id"], published["ref"]))
        if own:
            self.own.append((published["id"], published["ref"]))


class ClerksMap:
    """The clerk's live map: every frame that it was told, by the tracks' names: their numbers are drawn at random."""

    def __init__(self, node: Node) -> None:
        self._lookout = node.live.lookout(Viewer(member=NORTH, name=CLERK.name))
        self._lookout.ask(EVERYWHERE)
        self._screen = node.replays.screen(Viewer(member=NORTH, name=CLERK.name))
        self._names: dict[int, str] = {}
        self.told: list[str] = []

    def hear(self) -> None:
        """Take what there is to say now."""
        self._take(self._lookout.told())

    async def hear_back(self, clock: "Still") -> None:
        """Take what there is to say of the time since the beginning, minute by minute."""
        began = clock.now()
        self._screen.ask(msgspec.structs.replace(EVERYWHERE, past=Back(at=Micros(NOON), speed=60)))
        while clock.now() < began + 5 * SECOND:
            self._take(await self._screen.told())
            clock.at += SECOND
        self._screen.close()
        clock.at = began

    def _take(self, data: bytes | None) -> None:
        if data is None:
            return
        frame = read_live(data)
        self._names |= {name.id: f"{name.track} of {name.source}" for name in frame.names}
        rows = sorted(f"{self._names[row.id]} {row[1:]}" for row in frame.rows)
        gone = sorted(self._names[number] for number in frame.removed)
        named = sorted(f"{name.track} of {name.source}" for name in frame.names)
        self.told.append(f"{frame.seq} from {frame.base} at {frame.epoch}, {len(data)} bytes: {rows} {gone} {named}")


class Inside:
    """One world: a node, its door, and a script."""

    def __init__(
        self,
        node: Node,
        east: Node,
        store: Store,
        clock: Still,
        client: httpx.AsyncClient,
        browser: httpx.AsyncClient,
    ) -> None:
        self.node = node
        self.east = east
        self.store = store
        self.clock = clock
        self.client = client
        self.sent = False
        self.rendering = "r" * 22
        self.incident = ""
        self.action = ""
        self.browser = browser
        self.known = {False: Known(), True: Known()}
        self.narrowed: set[str] = set()
        self.map = ClerksMap(node)

    # -- asking

    async def ask(
        self, officer: OfficerName, method: str, target: str, body: object = None, *, purpose: str | None = None
    ) -> httpx.Response:
        return await self.client.send(self.proved(officer, method, target, body, purpose=purpose))

    def proved(
        self, officer: OfficerName, method: str, target: str, body: object = None, *, purpose: str | None = None
    ) -> httpx.Request:
        """Return a request with an officer's proof."""
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        request = self.client.build_request(method, target, content=content)
        request.headers["Content-Type"] = "application/json"
        asked = Request(method, request.url.raw_path.decode(), request.content, purpose)
        now = Micros(time.time_ns() // 1000)
        request.headers.update(sign_request(asked, officer, _officer_key(officer), now, os.urandom(16)))
        return request

    async def duty(self, method: str, target: str, body: object = None) -> Any:
        """Have the duty officer ask what must succeed."""
        response = await self.ask(DUTY.name, method, target, body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def fact(self, kind: str, ref: str, **asked: object) -> tuple[str, str]:
        prepared = await self.duty("POST", "/facts/prepared", {"kind": kind, "ref": ref, **asked})
        assertion = assert_item(ItemId(prepared["id"]), _officer_key(DUTY.name))
        published = await self.duty("POST", "/facts", {"prepared": prepared, "assertion": assertion})
        return published["id"], published["ref"]

    # -- the script

    async def play(self, script: list[Step], *, secrets: bool) -> None:
        self.map.hear()
        for word, secret in script:
            if secrets or not secret:
                await STEPS[word](self, secret)
                self.map.hear()

    async def report(self, secret: bool) -> None:
        marking = {"tlp": "RED", "persons": ["north/duty"]} if secret else {"tlp": "AMBER"}
        word = {} if self.sent else {"once": WORD}
        self.sent = True
        draft = {"title": "A secret" if secret else "A report", "text": "Dam 3", "to": ["east"], **marking, **word}
        self.known[secret].add(await self.duty("POST", "/items", draft))

    async def trained(self, secret: bool) -> None:
        """A report that only those may see who are trained for its caveat."""
        caveats = ["PERSONAL"] if secret else []
        draft = {"title": "For some", "text": "Dam 3", "to": ["east"], "tlp": "AMBER", "caveats": caveats}
        self.known[secret].add(await self.duty("POST", "/items", draft))

    async def comes(self, secret: bool) -> None:
        """An item of east's, RED for one of the two."""
        who = "north/duty" if secret else "north/clerk"
        draft = Draft(tlp="RED", title="From east", text="Dam 4", to=(NORTH,), persons=(who,))
        await self.come(draft, secret)

    async def come(self, draft: Draft, secret: bool) -> None:
        """An item that east publishes, as it comes here."""
        viewer = Viewer(member=EAST, name=DUTY.name, roles=DUTY.roles)
        verified = await self.east.publisher.publish(draft, viewer)
        now, holdings = self.clock.now(), self.node.holdings
        receipt = Receipt(
            v=1,
            exchange=self.node.registry.exchange,
            recipient=NORTH,
            incarnation=INCARNATION,
            author=EAST,
            id=verified.id,
            c=verified.c,
            state="VERIFIED",
            parcel_seq=1,
        )
        made = make_batch([receipt], _keys("north").item)

        def job(tx: Tx) -> None:
            holdings.keep_item(tx, verified, [], holdings.facts, now)
            tx.put_made_batch(EAST, batch_commitment(made), made, [verified.id], now)

        await self.store.write(job)
        holdings.learned(verified, now)
        row = self.store.reader.row(verified.id)
        assert row is not None
        self.known[secret].add({"id": verified.id, "ref": row.ref}, own=False)

    async def grant(self, secret: bool) -> None:
        for _, ref in self.known[secret].own[-1:]:
            self.known[secret].facts.append(await self.fact("grant", ref, member="east"))

    async def watch(self, secret: bool) -> None:
        """The duty officer takes the watch; of a secret one the clerk is not told. Of two at once the id decides."""
        if not secret:
            self.clock.at += SECOND
        until = self.clock.now() + 3600 * SECOND
        form = {
            "name": "Watch officer 2" if secret else "Watch officer 1",
            "role": "",
            "phones": ["+41 58"],
            "until": until,
        }
        draft = {"kind": "duty", "tlp": "AMBER", "to": ["east"], "title": "Watch", "text": "", "form": form}
        self.known[secret].add(await self.duty("POST", "/items", {**draft, "caveats": ["PERSONAL"] if secret else []}))

    async def roster(self, secret: bool) -> None:
        """Who is to be on watch, with nobody at its end: for all of them, or for the duty officer alone."""
        if not secret:
            self.clock.at += SECOND
        now = self.clock.now()
        name = "Watch officer 2" if secret else "Watch officer 1"
        turn = {"name": name, "since": now - HOUR, "until": now + HOUR}
        form = {"begins": now - HOUR, "ends": now + 2 * HOUR, "turns": [turn]}
        draft = {"kind": "roster", "tlp": "AMBER+STRICT", "to": ["east"], "title": "Roster", "text": "", "form": form}
        self.known[secret].add(await self.duty("POST", "/items", {**draft, "caveats": ["PERSONAL"] if secret else []}))

    async def request(self, secret: bool) -> None:
        """A question to north and to east: for all of them, or for the duty officer alone."""
        marking = {"tlp": "RED", "persons": ["north/duty"]} if secret else {"tlp": "AMBER"}
        form = {"asked": ["north", "east"], "precedence": "FLASH"}
        question = {"kind": "request", "title": "Who?", "text": "Dam 3", "to": ["east"], "form": form, **marking}
        self.known[secret].add(await self.duty("POST", "/items", question))

    async def reply(self, secret: bool) -> None:
        """The duty officer answers a question that the clerk may see: for all who have it, or for herself alone."""
        questions = [one for one in self.known[False].items if await self._asks(one[1])]
        if not questions:
            return
        item, ref = questions[-1]
        form = {"request": item, "word": "ANSWER"}
        answer = {"kind": "reply", "title": "", "text": "Dam 3 again", "cites": [ref], "form": form, "to": []}
        marking = {"tlp": "RED", "persons": ["north/duty"]} if secret else {"tlp": "AMBER"}
        self.known[secret].add(await self.duty("POST", "/items", {**answer, **marking}))

    async def seek(self, secret: bool) -> None:
        """Some member asks itself for consent to what the clerk may see: for all who have it, or for one officer."""
        here = await self._newest()
        if here is None:
            return
        item, ref = here
        form = {"item": item, "member": "west", "asked": ["north"]}
        marking = {"tlp": "RED", "persons": ["north/duty"]} if secret else {"tlp": "AMBER"}
        wants = {"kind": "consent-request", "title": "", "text": "Dam 3", "cites": [ref], "form": form, "to": []}
        self.known[secret].add(await self.duty("POST", "/items", {**wants, **marking}))

    async def _newest(self) -> tuple[str, str] | None:
        for one in reversed(self.known[False].items):
            if (await self.ask(DUTY.name, "GET", f"/items/{one[1]}")).is_success:
                return one
        return None

    async def _asks(self, ref: str) -> bool:
        return (await self.ask(DUTY.name, "GET", f"/requests/{ref}")).is_success

    async def desk(self, secret: bool) -> None:
        """A request and an incident; and of the last incident that the clerk sees, a rung of its ladder."""
        marking = {"tlp": "RED", "persons": ["north/duty"]} if secret else {"tlp": "AMBER"}
        draft = {"title": "A matter", "text": "Dam 3", "to": ["east"], **marking}
        when = {"since": NOON - SECOND, "until": NOON, "area": "the dam"}
        asks = {"asked": ["east"], "precedence": "FLASH"}
        forms: list[tuple[str, dict[str, Any]]] = [("request", asks), ("incident", when)]
        if self.incident:
            forms.append(("question", {"incident": self.incident, "rung": "EVENT"}))
        for kind, form in forms:
            published = await self.duty("POST", "/items", {**draft, "kind": kind, "form": form})
            self.known[secret].add(published)
            if kind == "incident" and not secret:
                self.incident = published["ref"]

    async def proposal(self, secret: bool) -> None:
        """A joint action and a text; and on the last action that the clerk sees a step, for all or the duty officer."""
        marking = {"tlp": "RED", "persons": ["north/duty"]} if secret else {"tlp": "AMBER"}
        draft = {"title": "Together", "text": "Dam 3", "to": ["east"], **marking}
        day = 24 * 3600 * SECOND
        who = {"participants": ["east", "north"], "hosts": ["north"], "rule": "CONSENSUS"}
        when = {"decide_by": NOON + 30 * day, "begins": NOON + 31 * day, "ends": NOON + 32 * day}
        texts = [{"language": "en", "title": "Fish", "text": "Again"}]
        forms: list[tuple[str, dict[str, Any]]] = [
            ("proposal", {"aim": "Search", "legal_basis": "memorandum", "area": "the dam", **who, **when}),
            ("communique-draft", {"versions": texts, "members": ["east", "north"]}),
        ]
        if self.action:
            forms.append(("step", {"version": self.action, "move": "STOP"}))
        for kind, form in forms:
            published = await self.duty("POST", "/items", {**draft, "kind": kind, "form": form})
            self.known[secret].add(published)
            if kind == "proposal" and not secret:
                self.action = published["id"]

    async def warning(self, secret: bool) -> None:
        """A warning that waits for a second officer, and one that went at once and is acknowledged here."""
        marking = {"tlp": "RED", "persons": ["north/duty"]} if secret else {"tlp": "AMBER"}
        area = {"name": "Secret valley" if secret else "Valley", "circles": [{"lat": 47, "lon": 8, "radius_m": 9}]}
        told = {
            **{"category": "Met", "urgency": "Immediate", "severity": "Severe", "certainty": "Likely"},
            **{"begins": spelt(self.clock.now()), "until": spelt(Micros(self.clock.now() + 3600 * SECOND))},
            "areas": [area],
            "info": [{"language": "en", "hazard": "Flood", "headline": "Dam 3", "protect": "Go up."}],
            "desks": [{"member": "east"}, {"member": "north"}],
            **marking,
        }
        self.known[secret].add(await self.said("/warnings/prepared", told))
        gone = await self.said("/warnings/prepared", {**told, "override": True, "why": "it rises"})
        self.known[secret].add(gone)
        self.known[secret].add(await self.said(f"/warnings/{gone['ref']}/acknowledgement/prepared", {}))

    async def said(self, path: str, body: object) -> Any:
        """Have the duty officer assert what a route prepares."""
        prepared = await self.duty("POST", path, body)
        assertion = assert_item(ItemId(prepared["id"]), _officer_key(DUTY.name))
        return await self.duty("POST", "/facts", {"prepared": prepared, "assertion": assertion})

    async def situation(self, secret: bool) -> None:
        """A tear-line of what the clerk may see, and a report that rests on that: for all, or for the duty officer."""
        marking = {"tlp": "RED", "persons": ["north/duty"]} if secret else {"tlp": "AMBER"}
        for item, ref in self.known[False].own[-1:]:
            torn = {"title": "Torn", "text": "Water is high", "to": ["east"], "leave": "LOOKED", **marking}
            made = await self.ask(DUTY.name, "POST", f"/items/{ref}/tear-line", torn)
            if not made.is_success:
                return
            form = {"cut_off": NOON - SECOND, "parts": [{"heading": "Dam 3", "rests_on": [item]}]}
            draft = {"kind": "sitrep", "title": "So far", "text": "1. Dam 3", "to": ["east"], "form": form, **marking}
            for published in (made.json(), await self.duty("POST", "/items", draft)):
                self.known[secret].add(published)

    async def rendered(self, secret: bool) -> None:
        """A report for east; and a rendering of it for north alone that carries what the clerk may not see."""
        part: dict[str, Any] = {"text": "Dam 3 holds", "tlp": "AMBER"}
        if secret:
            kept = {"title": "For some", "text": "Dam 3", "tlp": "AMBER", "caveats": ["PERSONAL"]}
            self.known[True].add(made := await self.duty("POST", "/items", kept))
            part["contains"] = [made["ref"]]
        else:
            self.rendering = f"{self.rendering}r"
        audiences = [[]] if secret else [["east"]]
        parts = [{"wordings": [part]}]
        whole = {"title": "So far", "cut_off": "2026-01-01T00:00:00Z", "audiences": audiences, "parts": parts}
        seen = (await self.duty("POST", "/sitreps/renderings", whole))["seen"]
        reported = {"report": whole, "seen": seen, "once": self.rendering}
        sent = await self.ask(DUTY.name, "POST", "/sitreps", reported)
        for one in sent.json() if sent.is_success else ():
            self.known[secret].add(one)

    async def narrow(self, secret: bool) -> None:
        """The last of what is to be seen, or of what is not, is for nobody else any more, and not to be kept."""
        for item, ref in self.known[secret].own[-1:]:
            if item not in self.narrowed:
                self.narrowed.add(item)
                self.known[secret].facts.append(await self.fact("narrow", ref, members=[], mode="DISPLAY"))

    async def correct(self, secret: bool) -> None:
        """The last of what is to be seen, or of what is not, is put right by an item for the same persons."""
        marking = {"tlp": "RED", "persons": ["north/duty"]} if secret else {"tlp": "AMBER"}
        for _, ref in self.known[secret].own[-1:]:
            kind = (await self.duty("GET", f"/items/{ref}"))["kind"]
            if kind == "report":
                draft = {"title": "Put right", "text": "Dam 4", "to": ["east"], "corrects": ref, **marking}
                self.known[secret].add(await self.duty("POST", "/items", draft))

    async def recall(self, secret: bool) -> None:
        known = self.known[secret]
        if known.own:
            item, ref = known.own.pop()
            await self.fact("recall", ref)
            known.recalled.append(item)

    async def purge(self, secret: bool) -> None:
        known = self.known[secret]
        if known.recalled:
            verified = self.node.holdings.verified(ItemId(known.recalled.pop()))
            assert verified is not None
            await self.node.recalls.destroy(verified, None, lambda: True)

    async def feed(self, secret: bool) -> None:
        draft = {"tlp": "AMBER", "to": ["east"], "title": "A sensor", "caveats": ["PERSONAL"] if secret else []}
        published = await self.duty("POST", "/feeds", draft)
        self.known[secret].add(published)
        self.known[secret].feeds.append(published["ref"])

    async def sighting(self, secret: bool) -> None:
        for ref in self.known[secret].feeds[-1:]:
            seen = {"id": "4b1805" if secret else "3c6444", "lat": 47.0, "lon": 8.0, "at": self.clock.now() / SECOND}
            moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock.now() // SECOND))
            await self.duty("POST", f"/feeds/{ref}/sightings", [{**seen, "at": moment}])

    async def same(self, secret: bool) -> None:
        """A sensor sees the aircraft that the clerk sees; a secret one is surer, and says that it is elsewhere."""
        for ref in self.known[secret].feeds[-1:]:
            moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock.now() // SECOND))
            how = {"lat": 47.001, "accuracy_m": 5.0, "alt_m": 9000.0} if secret else {"lat": 47.0, "accuracy_m": 200.0}
            seen = {"id": "3c6444", "lon": 8.0, "at": moment, "speed_mps": 200.0, "track_deg": 90.0, **how}
            await self.duty("POST", f"/feeds/{ref}/sightings", [seen])

    async def stage(self, secret: bool) -> None:
        """The duty officer hands over a file; of a visible one she makes an item."""
        await self.duty("PUT", f"/attachments/{FILE_ID}/parts/0", FILE)
        if not secret:
            file = {"id": FILE_ID, "name": "photo.jpg", "size": len(FILE)}
            draft = {"title": "With a file", "text": "x", "to": ["east"], "tlp": "AMBER", "attachments": [file]}
            self.known[False].add(await self.duty("POST", "/items", draft))

    async def say(self, secret: bool) -> None:
        """The duty officer says something beside what the clerk may see: to all who have it, or to herself alone."""
        for _, ref in [one for one in self.known[False].items if one[0] not in self.known[False].recalled][-1:]:
            beside = {"title": "", "text": "An aside", "kind": "message", "contains": [ref], "cites": [ref]}
            alone = {**beside, "tlp": "RED", "to": [], "persons": ["north/duty"]}
            response = await self.ask(DUTY.name, "GET", f"/items/{ref}")
            if not response.is_success or response.json()["kind"] == "message":
                return
            if secret:
                self.known[True].add(await self.duty("POST", "/items", alone))
            else:
                self.known[False].add(await self.duty("POST", f"/items/{ref}/thread", {"text": "Dam 3 again"}))

    async def alarm(self, secret: bool) -> None:
        for _, ref in self.known[secret].items[-1:]:
            row = ("second-commitment", EAST, f"{ref} came with two commitments", self.clock.now())
            await self.store.write(lambda tx, row=row: tx.put_alarm(*row))  # type: ignore[misc]

    async def sensor(self, secret: bool) -> None:
        """A sensor of north's begins, or sees an aircraft: one that all may know of, or the trained alone."""
        name, now = "bunker" if secret else "mast", self.clock.now()
        sensing = self.node.sensing
        if name not in {state.name for state in sensing.states}:
            sensing.know(SensorState(name=name, format="asterix", lat=46.9, lon=7.5))
            caveats = ("PERSONAL",) if secret else ()
            feed = await sensing.open(name, FeedDraft(tlp="AMBER", to=(EAST,), title="A sensor", caveats=caveats))
            row = self.store.reader.row(feed)
            assert row is not None
            self.known[secret].add({"id": row.id, "ref": row.ref})
        seen = RadarPlot(at=now, sensor=name, range_m=50_000, azimuth_deg=200 if secret else 20, seen="PSR")
        with suppress(Malformed):  # its feed was taken back
            sensing.heard(name, [seen], Counts(1, {"bad-crc": 1}), False, now)

    async def tick(self, secret: bool) -> None:
        if not secret:
            self.clock.at += SECOND
        now = self.clock.now()
        if not secret:
            await self.node.ledger.tick(now)
        await self.node.frames.tick(now)
        await self.node.surveying.look(now)

    async def wait(self, secret: bool) -> None:
        if not secret:
            self.clock.at += 20 * SECOND

    # -- what the clerk is answered

    async def answers(self, names: list[str]) -> list[str]:
        """Return everything that the clerk is told who tries every door with every name; ids and cursors projected."""
        *harmless, last = asked(names)
        found = [*await asyncio.gather(*map(self._tried, harmless)), await self._tried(last)]
        found += [f"foreseen {name}: {await self._foreseen(name)}" for name in names]
        for newest in ("true", "false"):
            found.append(f"pages newest={newest}: {await self._pages(newest)}")
        found.append(f"events: {await self._heard()}")
        late, back = ClerksMap(self.node), ClerksMap(self.node)
        late.hear()
        await back.hear_back(self.clock)
        found += [f"map all the while: {self.map.told}", f"map opened now: {late.told}", f"replayed: {back.told}"]
        return [self._projected(text) for text in found]

    async def _tried(self, question: Question) -> str:
        """Return what she is told at either door: that of the command line, and that of her browser."""
        method, target, body = question
        here, there = await asyncio.gather(self.ask(CLERK.name, method, target, body), self.browse(*question))
        tags = [r.headers.get("etag") for r in (here, there)]
        told = [f"{r.status_code} {self._plain(target, r)}" for r in (here, there)]
        return f"{method} {target} {body}: {told} {tags}"

    async def browse(self, method: str, target: str, body: object) -> httpx.Response:
        """Have the clerk's browser ask."""
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        response = await self.browser.request(method, f"/api{target}", content=content)
        assert response.status_code not in {401, 429}, response.text
        return response

    def _plain(self, target: str, response: httpx.Response) -> str:
        if target.endswith(("/facts/prepared", "/closing/prepared", "/check/prepared")) and response.is_success:
            return str(sorted(response.json()))  # a nonce in every byte of it
        if target == "/sitreps/renderings" and response.is_success:
            return str(response.json()["renderings"])  # its hash is over drawn references too
        return response.text if "json" in response.headers["content-type"] else str(len(response.content))

    async def _foreseen(self, name: str) -> str:
        """Return what the clerk is told that a grant would do, which she prepares herself."""
        grant = {"kind": "grant", "ref": name, "member": "east"}
        prepared = await self.ask(CLERK.name, "POST", "/facts/prepared", grant)
        if not prepared.is_success:
            return prepared.text
        return (await self.ask(CLERK.name, "POST", "/facts/foreseen", prepared.json())).text

    async def _pages(self, newest: str) -> list[str]:
        pages = []
        after: str | None = ""
        while after is not None:
            page = (await self.ask(CLERK.name, "GET", f"/items?limit=1&newest={newest}&after={after}")).json()
            pages.append(f"{[row['ref'] for row in page['items']]} {page['next']}")
            after = page["next"]
        return pages

    async def _heard(self) -> list[list[tuple[str, str | None]]]:
        """Return the stream from its beginning, and again after each of its events."""
        whole = await self.stream("")
        return [whole, *[await self.stream(seq) for seq, _ in whole]]

    async def stream(self, after: str) -> list[tuple[str, str | None]]:
        viewer = Viewer(member=NORTH, name=CLERK.name)
        bells = self.node.watching._bells
        others, events = set(bells), self.node.watch(viewer, after)
        told: list[tuple[str, str | None]] = []
        while True:
            coming = asyncio.ensure_future(anext(events))
            while not (coming.done() or any(map(at_rest, bells - others))):  # noqa: ASYNC110 - neither has an event
                await asyncio.sleep(0)
            if not coming.done():
                break
            event = coming.result()
            told.append((event.seq, event.ref or f"{event.refs} {[row.ref for row in event.rows]}"))
        coming.cancel()
        await asyncio.wait([coming])
        await events.aclose()  # type: ignore[attr-defined]
        return told

    def _projected(self, text: str) -> str:
        for word in ("items", "facts"):
            for n, (item, ref) in enumerate(getattr(self.known[False], word)):
                text = text.replace(item, f"<id {word} {n}>").replace(ref, f"<ref {word} {n}>")
                for control in [c for c, own in self.store.reader.controls_of(ItemId(item)) if own]:
                    text = text.replace(control, f"<control {n}>")
        return re.sub(r"(?<![\w-])[\w-]{32}(?![\w-])", "<cursor>", _unsent(text))


def _unsent(text: str) -> str:
    """Return what is told of warnings without what is drawn for one that waits: its bytes, its id, its reference."""
    if "/warnings" not in text and "alert-draft" not in text:
        return text
    text = re.sub(r'"(statement|signature|sig)":"[^"]*"', r'"\1":"<bytes>"', text)
    text = re.sub(r"(?<![\w-])[\w-]{43}(?![\w-])", "<id>", text)
    return re.sub(r"(?<![\w-])[A-Z]-[0-9A-Z]{3}-[0-9A-Z]{3}(?![\w-])", "<ref>", text)


STEPS: Final[dict[str, Callable[[Inside, bool], Awaitable[None]]]] = {
    "report": Inside.report,
    "trained": Inside.trained,
    "comes": Inside.comes,
    "desk": Inside.desk,
    "grant": Inside.grant,
    "narrow": Inside.narrow,
    "correct": Inside.correct,
    "recall": Inside.recall,
    "purge": Inside.purge,
    "feed": Inside.feed,
    "sighting": Inside.sighting,
    "same": Inside.same,
    "stage": Inside.stage,
    "say": Inside.say,
    "alarm": Inside.alarm,
    "sensor": Inside.sensor,
    "tick": Inside.tick,
    "wait": Inside.wait,
    "watch": Inside.watch,
    "roster": Inside.roster,
    "proposal": Inside.proposal,
    "request": Inside.request,
    "reply": Inside.reply,
    "seek": Inside.seek,
    "situation": Inside.situation,
    "rendered": Inside.rendered,
    "warning": Inside.warning,
}


def spelt(at: Micros) -> str:
    """Return a time as a body has it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at // SECOND))


def at_rest(bell: asyncio.Event) -> bool:
    """Return whether a watcher has told all that there is, and waits for what is new."""
    return not bell.is_set() and any(not one.done() for one in bell._waiters)


def asked(names: list[str]) -> list[Question]:
    """Return every question that an inquisitive officer can think of; the last alone may change something."""
    draft = {"title": "t", "text": "x", "to": ["east"], "tlp": "AMBER"}
    file = {"id": FILE_ID, "name": "photo.jpg", "size": len(FILE)}
    questions: list[Question] = [
        ("GET", "/status", None),
        ("GET", "/items", None),
        ("GET", "/items?text=Dam&limit=500", None),
        ("GET", "/items?kind=feed", None),
        ("GET", "/items?threads=true&newest=true", None),
        ("GET", "/items?q=since:1d%20from:north%20dam&threads=true", None),
        ("GET", "/items?q=has:file", None),
        ("GET", "/search", None),
        ("GET", "/search?q=dam", None),
        ("GET", "/search?q=d&limit=500", None),
        ("GET", "/search?q=from:north%20the", None),
        ("GET", "/search?q=kind:report", None),
        ("GET", "/items?q=is:recalled", None),
        ("GET", "/items?author=east&newest=true", None),
        ("GET", "/duty", None),
        ("GET", "/roster", None),
        ("GET", "/actions?which=all", None),
        ("GET", "/incidents?which=all", None),
        ("GET", "/chair", None),
        ("GET", "/chair/presiding", None),
        ("GET", "/community", None),
        ("GET", "/watch", None),
        ("GET", "/watch/note", None),
        ("GET", "/threats?whole=true", None),
        ("GET", "/communiques", None),
        ("GET", "/deconfliction", None),
        ("GET", "/warnings", None),
        ("GET", "/warnings?which=mine", None),
        ("GET", "/warnings?which=all", None),
        ("GET", "/sitreps", None),
        ("GET", "/sitreps?limit=1", None),
        ("GET", "/sitreps?which=mine", None),
        ("GET", "/sitreps?which=withdrawn", None),
        ("GET", "/grants", None),
        ("GET", "/grants?limit=1", None),
        ("GET", "/requests?which=all", None),
        ("GET", "/consents?which=all", None),
        ("GET", "/register", None),
        ("GET", "/register?limit=1", None),
        ("GET", "/measures?days=366", None),
        ("GET", "/picture", None),
        ("GET", f"/picture?at={time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(NOON // SECOND + 3))}", None),
        ("GET", "/picture/past", None),
        ("GET", "/sensors", None),
        ("GET", "/sensors/mast/coverage", None),
        ("GET", "/sensors/bunker/coverage", None),
        ("GET", "/picture/history?track=3c6444", None),
        ("GET", "/picture/history?track=4b1805", None),
        ("GET", "/picture/history?track=4b1805&source=north&minutes=60", None),
        ("GET", "/verify", None),
        ("GET", f"/attachments/{FILE_ID}/parts", None),
        ("GET", f"/drafts/{WORD}", None),
        ("POST", "/previews", {**draft, "attachments": [file]}),
    ]
    whole = {"title": "t", "cut_off": "2026-01-01T00:00:00Z", "audiences": [["east"], []]}
    for name in names:
        own = ("/why/east", "/why/north", "/receipts", "/holders", "/grounds", "/recall")
        below = ("", *own, "/proof", f"/attachments/{FILE_ID}", *MORE)
        questions += [("GET", f"/items/{name}{path}", None) for path in below]
        questions += [("POST", "/facts/prepared", {"kind": kind, "ref": name}) for kind in ("recall", "cancel-recall")]
        questions.append(("POST", "/facts/prepared", {"kind": "grant", "ref": name, "member": "east"}))
        questions.append(("POST", "/facts/prepared", {"kind": "narrow", "ref": name, "tlp": "AMBER+STRICT"}))
        questions.append(("POST", "/facts/prepared", {"kind": "widen", "ref": name, "members": ["east"]}))
        questions += [("POST", "/previews", {**draft, how: [name]}) for how in ("contains", "cites")]
        questions.append(("POST", "/previews", {**draft, "corrects": name}))
        questions.append(("POST", f"/items/{name}/thread", {"text": " "}))
        questions.append(("GET", f"/warnings/{name}", None))
        questions.append(("POST", f"/warnings/{name}/check/prepared", {}))
        questions.append(("POST", f"/warnings/{name}/acknowledgement/prepared", {"desk": "none"}))
        questions.append(("GET", f"/requests/{name}", None))
        questions.append(("GET", f"/consents/{name}", None))
        questions.append(("POST", f"/items/{name}/consents", {"member": "north", "text": "why"}))
        questions.append(("POST", f"/consents/{name}/answers", {"word": "DENY"}))
        questions.append(("POST", f"/requests/{name}/replies", {"word": "REFUSE"}))
        questions.append(("POST", f"/requests/{name}/replies/prepared", {"word": "REFUSE"}))
        questions.append(("POST", f"/requests/{name}/closing/prepared", {}))
        questions.append(
            ("POST", f"/requests/{name}/question/prepared", {"title": "t", "text": "x", "asked": ["east"]})
        )
        questions.append(("POST", f"/replies/{name}/passed/prepared", {}))
        questions.append(("POST", f"/items/{name}/said", {"kind": "reply", "form": {}}))
        questions += [("GET", f"/{place}/{name}", None) for place in ("actions", "communiques", "incidents")]
        questions += [("POST", f"/communiques/{name}/publication{end}", None) for end in ("", "/prepared")]
        meeting = {"first": name, "second": name, "contact": "0"}
        questions.append(("POST", "/deconfliction/conflicts", meeting))
        questions.append(("GET", f"/items?q={name}&threads=true", None))
        questions.append(("GET", f"/items/{name}/sources", None))
        questions.append(("GET", f"/sitreps/{name}", None))
        for how in ("contains", "cites"):
            parts = [{"wordings": [{"text": "x", "tlp": "AMBER", how: [name]}]}]
            questions.append(("POST", "/sitreps/renderings", {**whole, "parts": parts}))
        torn = {"text": "Dam 3", "to": ["east"]}
        questions.append(("POST", f"/items/{name}/tear-line/check", torn))
        questions.append(("POST", f"/items/{name}/tear-line", {**torn, "text": " ", "tlp": "AMBER"}))
        questions.append(("POST", f"/questions/{name}/ratings/shown", None))
        questions.append(("POST", f"/items/{name}/said/prepared", {"kind": "position", "form": {"version": name}}))
        questions.append(("POST", f"/feeds/{name}/sightings", []))
    return [*questions, ("POST", "/items", {**draft, "attachments": [file]})]


# -- making


@cache
def _founded() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="quartet-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    new_exchange(folder / "x", ("north", "east"), officers=(CLERK, DUTY))
    return folder / "x"


@cache
def _keys(member: str) -> Keyset:
    return Keyset.of(open_vault(MemberFolder(_founded() / member).vault))


@cache
def _officer_key(officer: OfficerName) -> SecretKey:
    return read_officer_key(open_vault(MemberFolder(_founded() / "north").officer_key(officer)))


def listed(officer: OfficerName, roles: tuple[str, ...] | None) -> bytes:
    """Return the next list of north's officers, as root signs it: with these roles of one of them, or without her."""
    folder = MemberFolder(_founded() / "north")
    manifest, _ = read_officer_manifest(folder, NORTH, charter_of(folder))
    kept = [one for one in manifest.officers if one.name != officer or roles is not None]
    changed = tuple(structs.replace(one, roles=roles or ()) if one.name == officer else one for one in kept)
    made = structs.replace(manifest, version=manifest.version + 1, officers=changed)
    return sign_officer_manifest(made, open_offline(folder).root)


def left(node: Node, member: MemberId) -> bytes:
    """Return an act by which a member leaves now, signed by its own root."""
    payload = ActPayload(at=node._parts.clock.now(), subject=member, reason="drill", admitted=None, changes=None)
    root = open_offline(MemberFolder(_founded() / member)).root
    return sign_act(propose(node.registry.state, "withdraw", payload), [root])


def _node(member: MemberId, store: Store, clock: Clock) -> Node:
    folder, keys = MemberFolder(_founded() / member), _keys(member)
    parts = Parts(
        me=member,
        keys=Keys.of(keys),
        store=store,
        carrier=MemoryHub().carrier(member),
        clock=clock,
        entropy=os.urandom,
    )
    manifest, officers = folder.wire_manifest(member), folder.officer_manifest(member)
    return Node(parts, charter_of(folder), manifest.read_bytes(), officers.read_bytes())


@asynccontextmanager
async def inside() -> AsyncIterator[Inside]:
    """Open a fresh world."""
    clock = Still()
    with (
        tempfile.TemporaryDirectory(prefix="quartet-") as folder,
        open_store(Path(folder) / "north" / "quartet.db", _keys("north").store) as store,
        open_store(Path(folder) / "east" / "quartet.db", _keys("east").store) as easts,
    ):
        node, east = _node(NORTH, store, clock), _node(EAST, easts, clock)
        transport = httpx.ASGITransport(app=make_api(node))  # type: ignore[arg-type]
        for one, kept in ((node, store), (east, easts)):
            await remember_own(one.registry, kept)
        raw = MemberFolder(_founded() / EAST).wire_manifest(EAST).read_bytes()
        node.registry.learn_manifest(raw, EAST)
        await store.write(lambda tx: tx.put_manifest("wire", EAST, 1, raw))
        desk = SigninDesk(node, open_book(Path(folder) / "signin.db", _keys("north").store), ORIGIN, trial=True)
        for limit in ("_requests", "_costly", "_back"):
            setattr(desk, limit, Limit(UNLIMITED))
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://node") as client,
            _clerks_browser(node, desk) as browser,
        ):
            yield Inside(node, east, store, clock, client, browser)


def _clerks_browser(node: Node, desk: SigninDesk) -> httpx.AsyncClient:
    """Return the browser of the clerk, who signed in by a link."""
    link, _ = desk.make_link(CLERK.name)
    word, session = desk.by_link(link.partition("#")[2])
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"{cookie_name(node)}={word}",
        "Origin": ORIGIN,
        "Quartet-Csrf": session.csrf,
    }
    transport = httpx.ASGITransport(app=make_console(node, desk))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
