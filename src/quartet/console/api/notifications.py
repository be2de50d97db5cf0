"""The routes of humanitarian notifications: notify a site or a movement, and say that one knows. Nobody permits."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.notificationviews import KnownDraft, NotificationDraft, NotificationView
from quartet.node.views import Published


@get("/notifications")
async def notifications(node: TheNode, viewer: TheViewer) -> list[NotificationView]:
    """List the notifications that this officer sees, and which party has said that it knows."""
    return list(await node.desk.notifications.list(viewer))


@post("/notifications", opt={SIGNS: True})
async def notify(data: JSONBody[NotificationDraft], node: TheNode, viewer: TheViewer) -> Published:
    """Notify a site or a movement to its parties alone."""
    return await node.publish(node.desk.notifications.draft(viewer, data), viewer)


@post("/notifications/{ref:str}/acknowledgement", opt={SIGNS: True})
async def know(ref: FromPath[str], data: JSONBody[KnownDraft], node: TheNode, viewer: TheViewer) -> Published:
    """Say that this member knows of a notification; it is no approval."""
    return await node.publish(node.desk.notifications.acknowledge(viewer, ref, data), viewer)


NOTIFICATION_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (notifications, notify, know)
