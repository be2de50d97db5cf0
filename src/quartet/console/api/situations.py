"""The routes of situation reports and of tear-lines: what each reader would have, before anything is signed."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.situationviews import (
    Renderings,
    Reported,
    SentReport,
    SituationPage,
    SituationView,
    Which,
    WholeReport,
)
from quartet.node.desk.tearlineviews import TearLine, TearLineCheck, TearLineText
from quartet.node.views import Published


@get("/sitreps")
async def sitreps(
    node: TheNode,
    viewer: TheViewer,
    which: FromQuery[Which] = "all",
    after: FromQuery[str] = "",
    limit: FromQuery[int] = 50,
) -> SituationPage:
    """List the situation reports that this officer may see, the newest first, and whether what they rest on stands."""
    return await node.desk.reports.page(viewer, after, limit, which)


@get("/sitreps/{ref:str}")
async def sitrep(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> SituationView:
    """Show one situation report: its text, and of each part what it rests on and whether that still stands."""
    return await node.desk.reports.view(viewer, ref)


@post("/sitreps/renderings", status_code=200)
async def render(data: JSONBody[WholeReport], node: TheNode, viewer: TheViewer) -> Renderings:
    """Show what each audience would read of a report, and why not the rest; nothing is signed or sent."""
    return node.desk.situations.render(viewer, data)


@post("/sitreps", opt={SIGNS: True})
async def report(data: JSONBody[Reported], node: TheNode, viewer: TheViewer) -> list[SentReport]:
    """Publish a report, one item for each audience, exactly as it was looked at."""
    return list(await node.desk.situations.publish(viewer, data, node.handover.publish))


@post("/items/{ref:str}/tear-line/check", status_code=200)
async def check_tear_line(
    ref: FromPath[str], data: JSONBody[TearLineText], node: TheNode, viewer: TheViewer
) -> TearLineCheck:
    """Show a tear-line beside its original: what it still gives away, and who must grant the original instead."""
    return await node.desk.tearlines.check(viewer, ref, data)


@post("/items/{ref:str}/tear-line", opt={SIGNS: True})
async def tear_line(ref: FromPath[str], data: JSONBody[TearLine], node: TheNode, viewer: TheViewer) -> Published:
    """Publish a tear-line of a text that this member alone controls; nothing in it names its original."""
    return await node.desk.tearlines.make(viewer, ref, data, node.handover.publish)


SITUATION_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (sitreps, sitrep, render, report, check_tear_line, tear_line)
