"""The routes of joint actions: how each proposal stands. What is said on one goes by `POST /items/{ref}/said`."""

from typing import Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.actionviews import ActionPage, ActionView, Whose


@get("/actions")
async def actions(
    node: TheNode,
    viewer: TheViewer,
    which: FromQuery[Whose] = "all",
    after: FromQuery[str] = "",
    limit: FromQuery[int] = 50,
) -> ActionPage:
    """List the proposals for joint action that this officer may see, the newest first."""
    return await node.desk.actions.page(viewer, which, after, limit)


@get("/actions/{ref:str}")
async def action(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> ActionView:
    """Show one version of a proposal whole: where members stand, what follows, what keeps it, how it goes on."""
    return await node.desk.actions.view(viewer, ref)


ACTION_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (actions, action)
