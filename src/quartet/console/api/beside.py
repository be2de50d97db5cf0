"""The routes of what goes with an item: its conversation, parts of files that wait for it, small pictures of images."""

from typing import Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, SkipValidation

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.console.api.sealed import sealed
from quartet.console.preview import Previews
from quartet.node.conversation import Say, Thread
from quartet.node.views import Published

ThePreviews = NamedDependency[SkipValidation[Previews]]


@get("/attachments/{attachment:str}/parts")
async def staged(attachment: FromPath[str], node: TheNode, viewer: TheViewer) -> list[int]:
    """Tell which parts of a file this officer handed over already, so that she goes on where she was cut off."""
    return node.handover.staged(viewer, attachment)


@get("/items/{ref:str}/attachments/{attachment:str}/preview", media_type="image/jpeg")
async def preview_file(
    ref: FromPath[str], attachment: FromPath[str], node: TheNode, viewer: TheViewer, previews: ThePreviews
) -> Response[bytes]:
    """Give a small picture of an image that goes with an item, drawn anew: JPEG or PNG, without its metadata."""
    node.copies.attached(viewer, ref, attachment)
    picture = await previews.draw(node.copies.parts(viewer, ref, attachment), viewer.name)
    return Response(picture.data, media_type=picture.kind, headers=sealed("preview"))


@get("/items/{ref:str}/thread")
async def thread(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> Thread:
    """Show the conversation beside an item, or in which a message stands; and who would get a reply."""
    return await node.talking.thread(viewer, ref)


@post("/items/{ref:str}/thread", opt={SIGNS: True})
async def say(ref: FromPath[str], data: JSONBody[Say], node: TheNode, viewer: TheViewer) -> Published:
    """Publish a message beside an item, marked as the item is; to all who may have the item, or to some of them."""
    return await node.talking.say(viewer, ref, data)


@get("/drafts/{word:str}")
async def sent(word: FromPath[str], node: TheNode, viewer: TheViewer) -> Published:
    """Tell what a draft became that this officer sent under a word, when she does not know whether it was heard."""
    return node.handover.sent(viewer, word)


BESIDE: Final[tuple[HTTPRouteHandler, ...]] = (staged, preview_file, thread, say, sent)
