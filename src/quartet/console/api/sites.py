"""The routes of sites: what is protected, what nears it, who acknowledged that, and who was called."""

from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from quartet.console.api.marks import SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.node.desk.siteviews import (
    CallDraft,
    Closing,
    EpisodePage,
    ExemptionDraft,
    Lifting,
    NoticeDraft,
    Seeing,
    SiteDraft,
    SiteRecord,
    SitesView,
)
from quartet.node.views import Published


@get("/sites")
async def sites(node: TheNode, viewer: TheViewer, alarms: FromQuery[bool] = False) -> SitesView:
    """Show the sites that this officer may see, what is near them now, and the warnings that are not done with.

    For `alarms` alone it is no view: another member's RED site that this officer has not opened is left out.
    """
    return await node.desk.sites.view(viewer, opened=not alarms)


@post("/sites", opt={SIGNS: True})
async def register_site(data: JSONBody[SiteDraft], node: TheNode, viewer: TheViewer) -> Published:
    """Register a site of this member, or say one anew; its volumes are GeoJSON."""
    return await node.publish(node.desk.sites.register(data), viewer)


@post("/sites/{ref:str}/notices", opt={SIGNS: True})
async def notice(ref: FromPath[str], data: JSONBody[NoticeDraft], node: TheNode, viewer: TheViewer) -> Published:
    """Make a volume of a site active until a time, at once or from another on."""
    return await node.publish(node.desk.sites.notice(viewer, ref, data), viewer)


@post("/sites/{ref:str}/exemptions", opt={SIGNS: True})
async def exempt(ref: FromPath[str], data: JSONBody[ExemptionDraft], node: TheNode, viewer: TheViewer) -> Published:
    """Let one flight pass one volume of a site until a time."""
    return await node.publish(node.desk.sites.exemption(viewer, ref, data), viewer)


@post("/sites/{ref:str}/lifted", opt={SIGNS: True})
async def lift(ref: FromPath[str], data: JSONBody[Lifting], node: TheNode, viewer: TheViewer) -> Published:
    """End a notice or an exemption of a site now."""
    return await node.publish(node.desk.sites.lift(viewer, ref, data), viewer)


@post("/sites/{ref:str}/closed", opt={SIGNS: True})
async def close(ref: FromPath[str], data: JSONBody[Closing], node: TheNode, viewer: TheViewer) -> Published:
    """Look after a site no more; what was warned of, acknowledged and called about stays."""
    return await node.publish(node.desk.sites.close(viewer, ref, data), viewer)


@get("/sites/{ref:str}/record")
async def site_record(ref: FromPath[str], node: TheNode, viewer: TheViewer) -> SiteRecord:
    """Count the warnings and calls of a site of this member that a recall would take with it."""
    return await node.desk.sites.record(viewer, ref)


@get("/site-warnings")
async def site_warnings(
    node: TheNode, viewer: TheViewer, after: FromQuery[str] = "", limit: FromQuery[int] = 50
) -> EpisodePage:
    """List the warnings that this officer may see, the newest first, each with what was done about it."""
    return await node.desk.sites.log.page(viewer, after, limit)


@post("/site-warnings/{ref:str}/seen", opt={SIGNS: True})
async def site_seen(ref: FromPath[str], data: JSONBody[Seeing], node: TheNode, viewer: TheViewer) -> Published:
    """Acknowledge a warning, up to its newest step."""
    return await node.publish(node.desk.sites.seen(viewer, ref, data), viewer)


@post("/site-warnings/{ref:str}/calls", opt={SIGNS: True})
async def site_call(ref: FromPath[str], data: JSONBody[CallDraft], node: TheNode, viewer: TheViewer) -> Published:
    """Note a call that was made about a warning: to whom, when, and what was said and done."""
    return await node.publish(node.desk.sites.call(viewer, ref, data), viewer)


SITE_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    sites,
    register_site,
    notice,
    exempt,
    lift,
    close,
    site_record,
    site_warnings,
    site_seen,
    site_call,
)
