"""The routes of what goes with an item: which parts of a file were handed over, and a small picture of an image."""

from typing import Final

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, SkipValidation

from quartet.console.api.routes import TheNode, TheViewer
from quartet.console.api.sealed import sealed
from quartet.console.preview import Previews

ThePreviews = NamedDependency[SkipValidation[Previews]]


@get("/attachments/{attachment:str}/parts")
async def staged(attachment: FromPath[str], node: TheNode, viewer: TheViewer) -> list[int]:
    """Tell which parts of a file this officer handed over already, so that she goes on where she was cut off."""
    return node.staged(viewer, attachment)


@get("/items/{ref:str}/attachments/{attachment:str}/preview", media_type="image/jpeg")
async def preview_file(
    ref: FromPath[str], attachment: FromPath[str], node: TheNode, viewer: TheViewer, previews: ThePreviews
) -> Response[bytes]:
    """Give a small picture of an image that goes with an item, drawn anew: JPEG or PNG, without its metadata."""
    node.attached(viewer, ref, attachment)
    picture = await previews.draw(node.parts(viewer, ref, attachment))
    return Response(picture.data, media_type=picture.kind, headers=sealed("preview"))


BESIDE: Final[tuple[HTTPRouteHandler, ...]] = (staged, preview_file)
