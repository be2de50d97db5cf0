"""Every route that both doors have: each family of them in a file of its own."""

from typing import Final

from litestar.handlers import HTTPRouteHandler

from quartet.console.api.actions import ACTION_ROUTES
from quartet.console.api.aliases import ALIAS_ROUTES
from quartet.console.api.beside import BESIDE
from quartet.console.api.chair import CHAIR_ROUTES
from quartet.console.api.clippings import CLIPPING_ROUTES
from quartet.console.api.communiques import COMMUNIQUE_ROUTES
from quartet.console.api.consents import CONSENT_ROUTES
from quartet.console.api.deconfliction import DECONFLICTION_ROUTES
from quartet.console.api.duties import DUTY_ROUTES
from quartet.console.api.identity import IDENTITY_ROUTES
from quartet.console.api.incidents import INCIDENT_ROUTES
from quartet.console.api.lookingback import BACK_ROUTES
from quartet.console.api.matters import MATTER_ROUTES
from quartet.console.api.notifications import NOTIFICATION_ROUTES
from quartet.console.api.register import REGISTER_ROUTES
from quartet.console.api.requests import REQUEST_ROUTES
from quartet.console.api.rosters import ROSTER_ROUTES
from quartet.console.api.routes import ROUTES
from quartet.console.api.said import SAID_ROUTES
from quartet.console.api.seeking import SEEKING_ROUTES
from quartet.console.api.sensors import SENSOR_ROUTES
from quartet.console.api.sites import SITE_ROUTES
from quartet.console.api.situations import SITUATION_ROUTES
from quartet.console.api.warnings import WARNING_ROUTES
from quartet.console.api.watch import WATCH_ROUTES

EVERY: Final[tuple[HTTPRouteHandler, ...]] = (
    *ROUTES,
    *BESIDE,
    *CLIPPING_ROUTES,
    *BACK_ROUTES,
    *SENSOR_ROUTES,
    *CONSENT_ROUTES,
    *DUTY_ROUTES,
    *ROSTER_ROUTES,
    *SAID_ROUTES,
    *REGISTER_ROUTES,
    *REQUEST_ROUTES,
    *SEEKING_ROUTES,
    *ACTION_ROUTES,
    *INCIDENT_ROUTES,
    *IDENTITY_ROUTES,
    *MATTER_ROUTES,
    *ALIAS_ROUTES,
    *CHAIR_ROUTES,
    *DECONFLICTION_ROUTES,
    *WATCH_ROUTES,
    *COMMUNIQUE_ROUTES,
    *SITUATION_ROUTES,
    *SITE_ROUTES,
    *WARNING_ROUTES,
    *NOTIFICATION_ROUTES,
)
