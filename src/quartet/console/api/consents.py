"""The routes of consent: who has an item and why, what is granted to whom, and what a grant would do."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.consentviews import Foreseen, GrantPage, GroundView, Holder, Taking
from quartet.node.factviews import Prepared


@get("/items/{ref:str}/holders")
async def holders(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> list[Holder]:
    """Tell how every other member stands with an item: who has it, who has not and why, and who could grant it."""
    return node.consents.holders(viewer, ref)


@get("/items/{ref:str}/grounds")
async def grounds(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> list[GroundView]:
    """Tell why this officer's member may have an item: each control's reason."""
    return node.consents.grounds(viewer, ref)


@get("/items/{ref:str}/recall")
async def taking(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> Taking:
    """Tell of this member's own recall of an item, and until when it can be cancelled."""
    return node.consents.taking(viewer, ref)


@get("/grants")
async def grants(
    node: TheNode, viewer: TheViewer, after: FromQuery[str] = "", limit: FromQuery[int] = 100
) -> GrantPage:
    """List the grants that this member gave or got, of items that this officer may know."""
    return await node.consents.given(viewer, after, limit)


@post("/facts/foreseen", status_code=200)
async def foresee(data: JSONBody[Prepared], node: TheNode, viewer: TheViewer) -> Foreseen:
    """Tell what a prepared grant would do; nothing happens yet."""
    return node.consents.foresee(viewer, data)


CONSENT_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (holders, grounds, taking, grants, foresee)
