"""The routes of aliases: what this member's officers said that names mean."""

import asyncio
from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.core.faults import Malformed
from quartet.node.aliasviews import MAX_NAME, AliasPage, Meant


@get("/aliases")
async def aliases(node: TheNode, like: FromQuery[str | None] = None) -> AliasPage:
    """List what names mean at this member, for all its officers; `like`: and which of its names one may be."""
    if like is not None and len(like) > MAX_NAME:
        raise Malformed("bad-query", f"like: a name has at most {MAX_NAME} letters")
    return await asyncio.to_thread(node.desk.aliases.every, like)


@post("/aliases", status_code=200, opt={SIGNS: True})
async def mean(data: JSONBody[Meant], node: TheNode, viewer: TheViewer) -> AliasPage:
    """Say what a name means, or with `means` null take that back; roots are blinded by it from then on."""
    return await node.desk.aliases.say(viewer, data)


ALIAS_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (aliases, mean)
