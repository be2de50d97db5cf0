"""The route of open sources: a file that an officer handed over is read, and what it tells is suggested to her."""

import asyncio
from datetime import UTC, datetime
from typing import Final

from litestar import post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, SkipValidation

from quartet.console.api.marks import COSTLY
from quartet.console.api.routes import TheNode, TheViewer
from quartet.console.clippings import Clipping, Clippings, clipping
from quartet.intake.pages import MAX_BYTES, Form

TheClippings = NamedDependency[SkipValidation[Clippings]]


@post("/attachments/{attachment:str}/reading", status_code=200, opt={COSTLY: True})
async def read_clipping(
    attachment: FromPath[str],
    node: TheNode,
    viewer: TheViewer,
    clippings: TheClippings,
    form: FromQuery[Form] = "html",
    charset: FromQuery[str | None] = None,
) -> Clipping:
    """Read a page or a text that this officer handed over as a file: what it tells, and who says it, with places."""
    data = await asyncio.to_thread(node.handover.whole, viewer, attachment, MAX_BYTES)
    reading = await clippings.read(data, form, charset, viewer.name, datetime.now(UTC).date())
    return clipping(reading, node.desk.aliases.means)


CLIPPING_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (read_clipping,)
