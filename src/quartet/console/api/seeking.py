"""The routes of asking for consent: who wants to let whom have what, and what each controller says to it."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.consentviews import ConsentAnswer, ConsentPage, ConsentView, Seek, WhichConsents
from quartet.node.views import Published


@get("/consents")
async def consents(
    node: TheNode,
    viewer: TheViewer,
    which: FromQuery[WhichConsents] = "open",
    after: FromQuery[str] = "",
    limit: FromQuery[int] = 50,
) -> ConsentPage:
    """List the requests for consent that this officer may see, the newest first."""
    return await node.desk.consents.page(viewer, which, after, limit)


@get("/consents/{ref:str}")
async def consent(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> ConsentView:
    """Show one request for consent: where each controller has got to, and what it said."""
    return await node.desk.consents.view(viewer, ref)


@post("/items/{ref:str}/consents", opt={SIGNS: True})
async def seek(ref: FromPath[str], data: JSONBody[Seek], node: TheNode, viewer: TheViewer) -> Published:
    """Ask the controllers of an item whether a member may have it."""
    return await node.publish(node.desk.consents.seek(viewer, ref, data), viewer)


@post("/consents/{ref:str}/answers", opt={SIGNS: True})
async def answer_consent(
    ref: FromPath[str], data: JSONBody[ConsentAnswer], node: TheNode, viewer: TheViewer
) -> Published:
    """Say for this member that it granted it, on which condition it would, or why it does not."""
    return await node.publish(node.desk.consents.answer(viewer, ref, data), viewer)


SEEKING_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (consents, consent, seek, answer_consent)
