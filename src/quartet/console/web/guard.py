"""Let a browser in: from a cookie to the viewer that the rule decides for.

The order is the security: (1) it speaks to our own address, (2) from our own page, (3) its session is open, (4) what
changes something has the session's word, (5) not too often, (6) root's manifest still names the officer, (7) with
the role that the door wants, (8) what speaks for the member wants her proof of the last minutes.
"""

import hmac
from typing import Any, Final

from litestar import Request

from quartet.console.api.gate import Guard
from quartet.console.api.marks import COSTLY, OPEN, PART, ROLE, SIGNS
from quartet.console.api.pace import began
from quartet.console.signin import Session, SigninDesk
from quartet.console.signin.desk import now
from quartet.core.faults import Untrusted
from quartet.node.node import Node
from quartet.node.seeing import viewer_of

SAFE: Final = frozenset({"GET", "HEAD"})
CSRF: Final = "quartet-csrf"
BACKGROUND: Final = "quartet-background"
"""Said by what the page asks on its own: nobody touched anything, and the session grows old."""


def cookie_name(member: str) -> str:
    """Return the cookie of a member's console: those of a machine share its host name, whatever their ports."""
    return f"__Host-quartet-{member}"


def session_guard(node: Node, desk: SigninDesk) -> Guard:
    """Return what every request of a browser passes before anything of it is read."""
    host = desk.origin.partition("://")[2]
    cookie = cookie_name(node.me)

    async def admit(request: Request[Any, Any, Any]) -> None:
        began(request.scope)
        _check_place(request, desk.origin, host)
        opt = request.route_handler.opt
        if opt.get(OPEN):
            return
        touch = BACKGROUND not in request.headers
        session = desk.sessions.find(request.cookies.get(cookie, ""), now(), touch=touch)
        if request.method not in SAFE:
            _check_word(request, session)
        (desk.count_part if opt.get(PART) else desk.count)(session)
        officer = desk.officer(session)
        if opt.get(COSTLY):
            desk.count_costly(session)
        if ROLE in opt and opt[ROLE] not in officer.roles:
            raise Untrusted("no-role", f"this is for officers whom root gave the role {opt[ROLE]}")
        if opt.get(SIGNS) and now() >= session.unlocked_until:
            raise Untrusted("locked", "prove again that it is you: this speaks for your member")
        request.scope["user"] = viewer_of(node.me, officer, _purpose(node, session))
        request.scope["auth"] = session
        request.scope["fresh"] = now() < session.fresh_until  # type: ignore[typeddict-unknown-key]
        request.scope["alive"] = lambda: desk.still(session, officer)  # type: ignore[typeddict-unknown-key]

    return admit


def _purpose(node: Node, session: Session) -> str | None:
    """Return for what she reads; a purpose that the charter has no more is none."""
    return session.purpose if session.purpose in node.registry.membership.purposes else None


def _check_place(request: Request[Any, Any, Any], origin: str, host: str) -> None:
    if request.headers.get("host", "") != host:
        raise Untrusted("other-host", f"this console is at {origin}")
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Untrusted("other-origin", "another site's page asked")
    if request.method not in SAFE and request.headers.get("origin") != origin:
        raise Untrusted("other-origin", f"what changes something is asked from {origin} alone")


def _check_word(request: Request[Any, Any, Any], session: Session) -> None:
    if not hmac.compare_digest(request.headers.get(CSRF, "").encode(), session.csrf.encode()):
        raise Untrusted("no-csrf", "the page's own word is missing; load it again")
