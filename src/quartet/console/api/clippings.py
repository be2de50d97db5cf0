"""The routes of open sources: a file that an officer handed over is read, and what it tells is suggested to her.

By rules, or by a model where the settings name one; a model translates items too.
"""

import asyncio
from datetime import UTC, datetime
from typing import Final

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, SkipValidation

from quartet.console.api.marks import COSTLY
from quartet.console.api.routes import TheNode, TheViewer
from quartet.console.clippings.models import extraction
from quartet.console.clippings.reading import Clippings
from quartet.console.clippings.showing import clipping
from quartet.console.clippings.views import Clipping, Extraction
from quartet.core.marking import TlpWord
from quartet.intake.pages import MAX_BYTES, Form
from quartet.node.assist.views import SentPage, Translation

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


@post("/attachments/{attachment:str}/extraction", status_code=200, opt={COSTLY: True})
async def extract_clipping(
    attachment: FromPath[str],
    tlp: FromQuery[TlpWord],
    node: TheNode,
    viewer: TheViewer,
    clippings: TheClippings,
    form: FromQuery[Form] = "html",
    charset: FromQuery[str | None] = None,
) -> Extraction:
    """Have a model read a page that this officer handed over, and marks: what it says that stands there, with places.

    The text goes to the server of `[assist.extractor]`, if the gate lets a text of that marking go there.
    """
    node.assisting.may_extract(tlp)
    data = await asyncio.to_thread(node.handover.whole, viewer, attachment, MAX_BYTES)
    reading = await clippings.read(data, form, charset, viewer.name, datetime.now(UTC).date())
    extracted = await node.assisting.extract(viewer, attachment, tlp, reading.page)
    return extraction(reading, extracted, node.desk.aliases.means)


@post("/items/{ref:str}/translation", status_code=200, opt={COSTLY: True})
async def translate(
    ref: FromPath[str], node: TheNode, viewer: TheViewer, to: FromQuery[str | None] = None
) -> Translation:
    """Have a model translate an item, beside the original, if the gate lets it go to `[assist.translator]`."""
    return await node.assisting.translate(viewer, ref, to)


@get("/register/models")
async def sent_to_models(node: TheNode, viewer: TheViewer) -> SentPage:
    """List which texts went to models, by whom and where to, of what this officer may know of, the newest first."""
    return node.assisting.sent.page(viewer)


CLIPPING_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (read_clipping, extract_clipping, translate, sent_to_models)
