"""The routes of warnings: write one, confirm it as second officer, acknowledge it; who has, and who has not."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.warningviews import (
    AckDraft,
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


WARNING_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    warnings,
    warning,
    preview_warning,
    prepare_warning,
    prepare_check,
    prepare_ack,
)
