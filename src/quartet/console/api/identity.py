"""The routes of identification: who is who, what officers say of it, handovers, entries and exits, flight plans."""

from datetime import datetime
from typing import Any, Final

from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer, check_time
from quartet.core.release import Viewer
from quartet.node.identify.room import handed, stated
from quartet.node.identify.views import (
    Answered,
    Answering,
    Crossing,
    FlightPlanView,
    Handed,
    IdentityPage,
    IdentityView,
    MovementPage,
    Offering,
    OfferView,
    Stated,
    Stating,
)


@get("/identities")
async def identities(node: TheNode, viewer: TheViewer) -> IdentityPage:
    """List the aircraft that concern this member, the most pressing first, and the handovers under way."""
    return await node.identity.view(viewer)


@get("/identities/one")
async def identity(node: TheNode, viewer: TheViewer, key: FromQuery[str]) -> IdentityView:
    """Show one aircraft: its bases, its clock, and what each member states of it."""
    return await node.identity.view_one(viewer, key)


@post("/identities/statements", opt={SIGNS: True})
async def state(node: TheNode, viewer: TheViewer, data: JSONBody[Stating]) -> Stated:
    """State who an aircraft is: as it is computed, or otherwise and why."""
    draft = node.identity.saying.state(viewer, data)
    return stated(draft, await node.publish(draft, viewer))


@post("/identities/offers", opt={SIGNS: True})
async def offer(node: TheNode, viewer: TheViewer, data: JSONBody[Offering]) -> Handed:
    """Hand an aircraft to the next member before it flies over the boundary."""
    again = data.once is not None and node.handover.once.sent(viewer, data.once) is not None
    draft = node.identity.saying.offer(viewer, data, again=again)
    return handed(draft, await node.publish(draft, viewer))


@post("/identities/offers/foreseen", status_code=200)
async def foreseen(node: TheNode, viewer: TheViewer, data: JSONBody[Offering]) -> Crossing:
    """Tell over which boundary and when an aircraft would be handed over: nothing is sent."""
    return node.identity.saying.foreseen(viewer, data)


@get("/offers/unanswered")
async def unanswered(node: TheNode, viewer: TheViewer) -> list[OfferView]:
    """List the handovers that nobody answered two minutes before the boundary: each alarms this member's desk.

    It is no view: of another member's RED one that this officer has not opened, aircraft and boundary are left out.
    """
    return list(node.identity.unanswered(viewer))


@post("/offers/{ref:str}/answers", opt={SIGNS: True})
async def answer(ref: FromPath[str], node: TheNode, viewer: TheViewer, data: JSONBody[Answering]) -> Answered:
    """Accept an aircraft that is handed over, reject it, or ask; late answers say so."""
    draft = node.identity.saying.answer(viewer, ref, data)
    return await node.identity.answered(viewer, ref, draft, await node.publish(draft, viewer))


@get("/movements")
async def movements(
    request: Request[Viewer, None, Any],
    node: TheNode,
    viewer: TheViewer,
    before: FromQuery[datetime | None] = None,
    after: FromQuery[str] = "",
    space: FromQuery[str | None] = None,
    limit: FromQuery[int] = 100,
) -> MovementPage:
    """List entries and exits, the newest first; a page is short where few of many rows are for this officer."""
    check_time(request, "before")
    return await node.identity.movements(viewer, before, space, limit, after)


@get("/plans")
async def plans(node: TheNode, viewer: TheViewer) -> list[FlightPlanView]:
    """List the flight plans in force that this officer may see."""
    return list(await node.identity.view_plans(viewer))


IDENTITY_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    identities,
    identity,
    state,
    offer,
    foreseen,
    unanswered,
    answer,
    movements,
    plans,
)
