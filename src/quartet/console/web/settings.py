"""The routes of the settings: for administrators alone, and over a browser's session alone."""

from typing import Any, Final

from litestar import Request, Response, get, put
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, SkipValidation

from quartet.console.api.marks import ADMINISTRATOR, ROLE, SIGNS
from quartet.console.api.routes import TheViewer
from quartet.core.faults import Malformed, Unavailable
from quartet.node.adjusting import Adjusting, Change, SettingsView

TheAdjusting = NamedDependency[SkipValidation[Adjusting | None]]


@get("/settings", opt={ROLE: ADMINISTRATOR})
async def settings(adjusting: TheAdjusting) -> Response[SettingsView]:
    """Show every setting of this node, and which of them may be changed here."""
    return _tagged(_given(adjusting).show())


@put("/settings", opt={SIGNS: True, ROLE: ADMINISTRATOR})
async def change_setting(
    request: Request[Any, Any, Any], data: JSONBody[Change], adjusting: TheAdjusting, viewer: TheViewer
) -> Response[SettingsView]:
    """Change one setting, if the file is still what `If-Match` names."""
    seen = request.headers.get("if-match")
    if seen is None:
        raise Malformed("no-if-match", "say with If-Match which state of the settings you saw")
    return _tagged(await _given(adjusting).change(viewer, data, seen.strip('"')))


def _given(adjusting: Adjusting | None) -> Adjusting:
    if adjusting is None:
        raise Unavailable("no-settings", "this console runs without a settings file")
    return adjusting


def _tagged(view: SettingsView) -> Response[SettingsView]:
    return Response(view, headers={"ETag": f'"{view.tag}"'})


SETTINGS_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (settings, change_setting)
