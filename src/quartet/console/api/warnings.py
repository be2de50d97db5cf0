"""The routes of warnings: write one, confirm it as second officer, acknowledge it; who has, and who has not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Final, cast

import msgspec
from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import ServerSentEvent, ServerSentEventMessage

from quartet.console.api.routes import BREATH_SECONDS, RETRY_MS, TheNode, TheStreams, TheViewer
from quartet.console.api.streams import Streams
from quartet.core.release import Viewer
from quartet.node.desk.warningviews import (
    AckDraft,
    Alarmed,
    CheckDraft,
    WarningDraft,
    WarningList,
    WarningView,
    Which,
)
from quartet.node.factviews import Prepared
from quartet.node.views import Preview


@get("/warnings")
async def warnings(node: TheNode, viewer: TheViewer, which: FromQuery[Which] = "now") -> WarningList:
    """List the warnings that this officer sees, and what waits here for a second officer."""
    return await node.desk.warnings.list(viewer, which)


@get("/warnings/events")
async def warning_events(
    request: Request[Viewer, None, Any], node: TheNode, viewer: TheViewer, streams: TheStreams
) -> ServerSentEvent:
    """Alarm this officer of each warning as it is stored, whatever else waits; `changed`: list them anew."""
    alive = cast(Callable[[], bool], request.scope.get("alive", _always))
    return ServerSentEvent(_alarms(streams, viewer, node.desk.alarms.hear(viewer), alive))


@get("/warnings/{ref:str}")
async def warning(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> WarningView:
    """Show one warning whole: who acknowledged, and who has not."""
    return await node.desk.warnings.view(viewer, ref)


@post("/warnings/previews", status_code=200)
async def preview_warning(data: JSONBody[WarningDraft], node: TheNode, viewer: TheViewer) -> list[Preview]:
    """Show who would have a warning, and who would not; send nothing."""
    return list(node.preview(node.desk.warnings.draft(viewer, data), viewer))


@post("/warnings/prepared", status_code=200)
async def prepare_warning(data: JSONBody[WarningDraft], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare a warning for its author to assert. `POST /facts` keeps it for a second officer, or sends an override."""
    return node.asserting.prepare(node.desk.warnings.draft(viewer, data), viewer)


@post("/warnings/{ref:str}/check/prepared", status_code=200)
async def prepare_check(ref: FromPath[str], data: JSONBody[CheckDraft], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare the word of a second officer, for her to assert: with it what waits goes. Nothing happens yet."""
    return node.asserting.prepared(node.desk.warnings.check(viewer, ref, data), viewer)


@post("/warnings/{ref:str}/acknowledgement/prepared", status_code=200)
async def prepare_ack(ref: FromPath[str], data: JSONBody[AckDraft], node: TheNode, viewer: TheViewer) -> Prepared:
    """Prepare the acknowledgement of a desk, for its officer to assert. Nothing happens yet."""
    return node.asserting.prepare(node.desk.warnings.acknowledge(viewer, ref, data), viewer)


async def _alarms(
    streams: Streams, viewer: Viewer, told: AsyncIterator[Alarmed], alive: Callable[[], bool]
) -> AsyncIterator[ServerSentEventMessage]:
    """Give what is told while whoever asked may have it, as one of her streams; a breath keeps the way open."""
    over = streams.begin(viewer.name)
    coming, ended = asyncio.ensure_future(anext(told)), asyncio.ensure_future(over.wait())
    try:
        yield ServerSentEventMessage(data="{}", event="open", retry=RETRY_MS)
        while alive() and not over.is_set():
            done, _ = await asyncio.wait({coming, ended}, timeout=BREATH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if coming in done and alive():
                data = msgspec.json.encode(coming.result()).decode()
                coming = asyncio.ensure_future(anext(told))
                yield ServerSentEventMessage(data=data, event="warning", retry=RETRY_MS)
            elif not done:
                yield ServerSentEventMessage(data=None, comment="breath")
    finally:
        for task in (coming, ended):
            task.cancel()
        await asyncio.wait({coming, ended})
        streams.end(viewer.name, over)


def _always() -> bool:
    return True


WARNING_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    warnings,
    warning_events,
    warning,
    preview_warning,
    prepare_warning,
    prepare_check,
    prepare_ack,
)
