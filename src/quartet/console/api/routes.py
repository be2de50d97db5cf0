"""The routes of the API: each hands a value to the node and its answer back. No rule lives here.

Lists, pages and errors show nothing that the viewer's own items do not explain: the node's gate cuts them.
"""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

import msgspec
from litestar import Request, get, post, put
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation
from litestar.response import ServerSentEvent, ServerSentEventMessage, Stream
from msgspec import structs

from quartet.console.api.marks import ADMINISTRATOR, COSTLY, PART, ROLE, SIGNS
from quartet.console.api.sealed import sealed
from quartet.console.api.streams import Streams, first_of
from quartet.console.shapes import MAX_PART, Asserted, Taken
from quartet.core.encoding import b64, unb64
from quartet.core.faults import Malformed, Untrusted
from quartet.core.passkey import one_spelling
from quartet.core.release import Viewer
from quartet.core.statement import Assertion
from quartet.node.asking import Query, read_query
from quartet.node.beat import Beat
from quartet.node.community import Community
from quartet.node.desk.warningviews import Alarmed
from quartet.node.factviews import FactDraft, Prepared
from quartet.node.node import Node
from quartet.node.plots import Plots
from quartet.node.searchviews import Search
from quartet.node.statusviews import Status
from quartet.node.trackviews import TrackView
from quartet.node.views import (
    MAX_PAGE,
    Draft,
    Event,
    FeedDraft,
    Page,
    Preview,
    Published,
    Receipts,
    Shown,
    Sighting,
    VerifyReport,
    Why,
)
from quartet.node.wordbook import sought

BYTES: Final = "application/octet-stream"
RETRY_MS: Final = 1000
RAW_SIGNATURE: Final = 86
"""The letters of 64 bytes."""
_TIME: Final = re.compile(r"[^T]+T.+(Z|[+-]\d\d:?\d\d)", re.IGNORECASE)

TheNode = NamedDependency[SkipValidation[Node]]
TheViewer = NamedDependency[SkipValidation[Viewer]]
TheStreams = NamedDependency[SkipValidation[Streams]]


@get("/status")
async def status(node: TheNode, viewer: TheViewer) -> Status:
    """Tell how the node is: links, lags, logs, alarms, versions."""
    return node.status(viewer)


@post("/items", opt={SIGNS: True})
async def publish(data: JSONBody[Draft], node: TheNode, viewer: TheViewer) -> Published:
    """Publish an item."""
    return await node.publish(data, viewer)


@post("/items/prepared", status_code=200)
async def prepare_item(data: JSONBody[Draft], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare an item that its officer must assert; nothing happens yet. `POST /facts` publishes it."""
    return node.asserting.prepare(data, viewer)


@get("/community")
async def circles(node: TheNode) -> Community:
    """List the charter's circles, with whom each means, and its agreements, with whether each is in force."""
    return node.community()


@post("/previews", status_code=200)
async def preview(data: JSONBody[Draft], node: TheNode, viewer: TheViewer) -> list[Preview]:
    """Show what each member would see of a draft; send nothing."""
    return list(node.preview(data, viewer))


@get("/items")
async def read(
    node: TheNode,
    viewer: TheViewer,
    kind: FromQuery[str | None] = None,
    author: FromQuery[str | None] = None,
    text: FromQuery[str | None] = None,
    tlp: FromQuery[str | None] = None,
    precedence: FromQuery[str | None] = None,
    q: FromQuery[str] = "",
    threads: FromQuery[bool] = False,
    newest: FromQuery[bool] = False,
    after: FromQuery[str] = "",
    limit: FromQuery[int] = 100,
) -> Page:
    """List what this officer may see, in the order of her own admissions; `q` is a line as people write it.

    What looks into items is answered at one of few times: how long it took tells of nothing that she may not see.
    """
    beat = Beat()
    given = {"kind": kind, "author": author, "text": text, "tlp": tlp, "precedence": precedence}
    asked = {name: value for name, value in given.items() if value is not None}
    how = {"threads": threads, "newest": newest, "after": after, "limit": limit}
    said = read_query(q, datetime.now(UTC))
    try:
        wanted = msgspec.convert(msgspec.to_builtins(said) | asked | how, Query)
    except msgspec.ValidationError as error:
        raise Malformed("bad-query", str(error)) from error
    page = await node.read(viewer, wanted)
    if sought(wanted) or wanted.of_events:
        await beat.wait()
    return page


@get("/search")
async def search(node: TheNode, viewer: TheViewer, q: FromQuery[str] = "", limit: FromQuery[int] = 50) -> Search:
    """Search what this officer may see, the best first; `q` is a line as people write it, in any script."""
    if not 1 <= limit <= MAX_PAGE:
        raise Malformed("bad-query", f"limit: {limit} where 1 to {MAX_PAGE} may be")
    asked = read_query(q, datetime.now(UTC))
    return await node.reading.search(viewer, structs.replace(asked, limit=limit))


@get("/items/{ref:str}")
async def show(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> Shown:
    """Show one item whole, with its provenance."""
    return await node.view(viewer, ref)


@get("/items/{ref:str}/why/{member:str}")
async def why(ref: FromPath[str], member: FromPath[str], node: TheNode, viewer: TheViewer) -> Why:
    """Tell why a member has an item or not; for its author's and controllers' side."""
    return node.why(viewer, ref, member)


@get("/items/{ref:str}/receipts")
async def receipts(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> Receipts:
    """Tell who has an item, who purged it, and who still owes."""
    return node.receipts(viewer, ref)


@get("/items/{ref:str}/proof", media_type=BYTES)
async def proof(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> bytes:
    """Give the file with which an outsider checks one item."""
    return await node.copies.export(viewer, ref)


@put("/attachments/{attachment:str}/parts/{number:int}", status_code=204, opt={PART: True})
async def put_part(
    attachment: FromPath[str],
    number: FromPath[int],
    request: Request[Viewer, None, Any],
    node: TheNode,
    viewer: TheViewer,
) -> None:
    """Take one part (256 KiB, the last one less) of the file whose bytes have the hash `attachment`."""
    data = await request.body()
    if len(data) > MAX_PART:
        raise Malformed("too-large", f"a part of {len(data)} bytes where {MAX_PART} may be")
    await node.put_part(viewer, attachment, number, data)


@get("/items/{ref:str}/attachments/{attachment:str}", media_type=BYTES)
async def get_attachment(ref: FromPath[str], attachment: FromPath[str], node: TheNode, viewer: TheViewer) -> Stream:
    """Give a file that goes with an item, part by part."""
    name, parts = node.copies.attached(viewer, ref, attachment).name, node.copies.parts(viewer, ref, attachment)
    first = await anext(parts, b"")
    return Stream(_after(first, parts), media_type=BYTES, headers=sealed(name))


@post("/facts/prepared", status_code=200)
async def prepare(data: JSONBody[FactDraft], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare what an officer states about an item (a grant, a recall ...) to assert; nothing happens yet."""
    return await node.prepare(viewer, data)


@post("/facts", opt={SIGNS: True})
async def commit(request: Request[Viewer, None, Any], data: JSONBody[Asserted], node: TheNode) -> Published:
    """Publish what was prepared, with the officer's own signature: a browser's key counts after a fresh proof alone."""
    if data.assertion.client_data is None and not request.scope.get("fresh", True):
        raise Untrusted("locked", "prove again that it is you: a browser's own key does not show it")
    return await node.commit(data.prepared, _spelt(data.assertion))


@get("/picture", opt={COSTLY: True})
async def picture(
    request: Request[Viewer, None, Any], node: TheNode, viewer: TheViewer, at: FromQuery[datetime | None] = None
) -> list[TrackView]:
    """Give the tracks that this officer may see, now or at a time."""
    check_time(request, "at")
    return list(node.picture(viewer) if at is None else await node.past_picture(viewer, at))


@post("/feeds", opt={SIGNS: True})
async def open_feed(data: JSONBody[FeedDraft], node: TheNode, viewer: TheViewer) -> Published:
    """Begin a sensor's feed under a marking."""
    return await node.feeds.open(viewer, data)


@post("/feeds/{ref:str}/sightings", status_code=200, opt={SIGNS: True})
async def sightings(ref: FromPath[str], data: JSONBody[list[Sighting]], node: TheNode, viewer: TheViewer) -> Taken:
    """Take what the sensor saw."""
    await node.feeds.sight(viewer, ref, tuple(data))
    return Taken(len(data))


@post("/feeds/{ref:str}/plots", status_code=200, opt={SIGNS: True})
async def plots(ref: FromPath[str], data: JSONBody[Plots], node: TheNode, viewer: TheViewer) -> Taken:
    """Take what the sensor saw, as plots: of movers whose place is known, and of a radar."""
    await node.feeds.take(viewer, ref, data)
    return Taken(len(data.plots) + len(data.radar))


@get("/verify", opt={COSTLY: True})
async def verify(node: TheNode, viewer: TheViewer) -> VerifyReport:
    """Check every log the node knows, and name each problem."""
    return await node.verify(viewer)


@put("/acts", status_code=204, opt={SIGNS: True, ROLE: ADMINISTRATOR})
async def take_act(request: Request[Viewer, None, Any], node: TheNode) -> None:
    """Take an act of the charter that its signatures carry; the others get it from here."""
    await node.take_act(await request.body())


@put("/manifests/officers", status_code=204, opt={SIGNS: True, ROLE: ADMINISTRATOR})
async def take_officers(request: Request[Viewer, None, Any], node: TheNode) -> None:
    """Take this member's newest list of officers, signed by its root."""
    await node.take_officers(await request.body())


@get("/events")
async def events(
    request: Request[Viewer, None, Any],
    node: TheNode,
    viewer: TheViewer,
    streams: TheStreams,
    since: FromQuery[str] = "",
) -> ServerSentEvent:
    """Tell what is new for this officer, after the event that `Last-Event-ID` names, or else after `since`.

    A `warning` that comes overtakes all that waits to be told: its row, or `changed`, after which she lists them anew.
    """
    after = request.headers.get("last-event-id", since)
    node.reading.place(viewer, after)  # refused before the stream begins, or never
    alive = cast(Callable[[], bool], request.scope.get("alive", _always))
    told = (node.desk.alarms.hear(viewer), node.watch(viewer, after))
    return ServerSentEvent(_one_of(streams, viewer, told, alive))


def check_time(request: Request[Viewer, None, Any], name: str) -> None:
    """Raise `Malformed("bad-query")` for a time that is not spelt as one: the framework takes a bare number for one.

    Nor is one without its offset from UTC a time: nobody knows which moment it means.
    """
    given = request.query_params.get(name)
    if given is not None and not _TIME.fullmatch(given):
        raise Malformed("bad-query", f"{name}: a time is spelt 2026-03-01T04:05:06Z")


def _spelt(assertion: Assertion) -> Assertion:
    """Return an assertion as it travels; a browser's passkey spells its signature in DER."""
    if assertion.client_data is None or len(assertion.sig) == RAW_SIGNATURE:
        return assertion
    return msgspec.structs.replace(assertion, sig=b64(one_spelling(unb64(assertion.sig))))


async def _after(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Give a file whose first part was asked for already: a fault then has no answer begun."""
    yield first
    async for part in rest:
        yield part


async def _one_of(
    streams: Streams, viewer: Viewer, told: Sequence[AsyncIterator[Alarmed | Event]], alive: Callable[[], bool]
) -> AsyncIterator[ServerSentEventMessage]:
    """Give what is told as one of an officer's streams, until she has opened too many since.

    Where she may not have it any more, or may have something else, that is said last: her next stream tells what is
    new, and not what her rights opened or closed.
    """
    over = streams.begin(viewer.name)
    try:
        async for event in first_of(told, alive, over):
            yield _message(event)
        if not over.is_set():
            yield _message(Event(seq="", kind="rights"), moves=False)
    finally:
        streams.end(viewer.name, over)


def _message(event: Alarmed | Event | None, moves: bool = True) -> ServerSentEventMessage:
    """Spell what is told; only what has a place among the news `moves` the place from which she goes on."""
    if event is None:
        return ServerSentEventMessage(data=None, comment="breath")
    data = msgspec.json.encode(event).decode()
    if isinstance(event, Alarmed):
        return ServerSentEventMessage(data=data, event="warning", retry=RETRY_MS)
    return ServerSentEventMessage(data=data, id=event.seq if moves else None, event=event.kind, retry=RETRY_MS)


def _always() -> bool:
    return True


ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    status,
    publish,
    circles,
    prepare_item,
    preview,
    read,
    search,
    show,
    why,
    receipts,
    proof,
    put_part,
    get_attachment,
    prepare,
    commit,
    picture,
    open_feed,
    sightings,
    plots,
    verify,
    take_act,
    take_officers,
    events,
)
