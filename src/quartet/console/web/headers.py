"""What each answer tells the browser: nothing runs that the node did not serve, nobody frames it, nothing leaves."""

from collections.abc import Awaitable, Callable
from typing import Final

from litestar.datastructures import MutableScopeHeaders
from litestar.routes import HTTPRoute
from litestar.types import Message, Scope

CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types svelte-trusted-html default",
    )
)
POLICY: Final = "Content-Security-Policy"
PERMISSIONS: Final = ", ".join(
    (
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
        *(f"{what}=()" for what in ("camera", "microphone", "geolocation", "usb", "serial", "payment", "hid")),
    )
)
HEADERS: Final[dict[str, str]] = {
    POLICY: CONTENT_POLICY,
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HSTS: Final = "max-age=31536000"


Hook = Callable[[Message, Scope], Awaitable[None]]


def add_headers(origin: str) -> Hook:
    """Return the hook that puts the headers on every answer, faults and refusals included."""
    always = headers_for(origin)

    async def add(message: Message, _: Scope) -> None:
        if message["type"] == "http.response.start":
            headers = MutableScopeHeaders.from_message(message)
            sealed = headers.get(POLICY)  # what is no page of ours has a stricter one of its own
            for name, value in always.items():
                headers[name] = value
            if sealed is not None:
                headers[POLICY] = sealed
            headers.setdefault("Cache-Control", "no-store")

    return add


def headers_for(origin: str) -> dict[str, str]:
    """Return the headers of a console at `origin`; one behind TLS says that it always is."""
    secure = origin.startswith("https:")
    return HEADERS | ({"Strict-Transport-Security": HSTS} if secure else {})


async def tell_methods(message: Message, scope: Scope) -> None:
    """Name every method of a path to who asks for them: the framework names those of one of its handlers."""
    if message["type"] != "http.response.start" or scope.get("method") != "OPTIONS":
        return
    routes = (route for route in scope["litestar_app"].routes if isinstance(route, HTTPRoute))
    found = {method for route in routes if route.path_format == scope["path_template"] for method in route.methods}
    MutableScopeHeaders.from_message(message)["Allow"] = ", ".join(sorted(found))
