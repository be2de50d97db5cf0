"""Let a browser in: from a cookie to the viewer that the rule decides for.

The order is the security: (1) it speaks to our own address, (2) from our own page, (3) its session is open, (4) what
changes something has the session's word, (5) not too often, (6) root's manifest still names the officer, (7) with
the role that the door wants, (8) what speaks for the member wants her proof of the last minutes.

A socket changes nothing, but no browser keeps other sites' pages from opening one: it must name our own page always.
"""

import hmac
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from litestar import Request, WebSocket
from litestar.connection import ASGIConnection

from quartet.console.api.gate import Guard
from quartet.console.api.marks import BACK, COSTLY, OPEN, PART, ROLE, SIGNS
from quartet.console.api.pace import began
from quartet.console.signin import Session, SigninDesk
from quartet.console.signin.desk import now
from quartet.core.faults import Untrusted
from quartet.core.keyring import OfficerEntry
from quartet.core.release import Viewer
from quartet.node.node import Node
from quartet.node.seeing import viewer_of

SAFE: Final = frozenset({"GET", "HEAD"})
CSRF: Final = "quartet-csrf"
LETTERS: Final = 8
BACKGROUND: Final = "quartet-background"
"""Said by what the page asks on its own: nobody touched anything, and the session grows old."""


def cookie_name(node: Node) -> str:
    """Return the cookie of a member's console: those of a machine share its host name, whatever their ports.

    Two exchanges on one machine may have members of one name, so it bears a few letters of the exchange.
    """
    return f"__Host-quartet-{node.me}-{node.registry.exchange[:LETTERS]}"


def session_guard(node: Node, desk: SigninDesk) -> Guard:
    """Return what every request of a browser passes before anything of it is read."""
    host = desk.origin.partition("://")[2]
    cookie = cookie_name(node)

    async def admit(request: Request[Any, Any, Any]) -> None:
        began(request.scope)
        _check_place(request, desk.origin, host, named=request.method not in SAFE)
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
        if opt.get(BACK):
            desk.count_back(session)
        if ROLE in opt and opt[ROLE] not in officer.roles:
            raise Untrusted("no-role", f"this is for officers whom root gave the role {opt[ROLE]}")
        if opt.get(SIGNS) and now() >= session.unlocked_until:
            raise Untrusted("locked", "prove again that it is you: this speaks for your member")
        request.scope["user"] = _viewer(node, session, officer)
        request.scope["auth"] = session
        request.scope["fresh"] = now() < session.fresh_until  # type: ignore[typeddict-unknown-key]
        request.scope["alive"] = lambda: desk.still(session, officer)  # type: ignore[typeddict-unknown-key]

    return admit


class Admitted(NamedTuple):
    """Who opened a socket, in which session, and whether she may have it still."""

    viewer: Viewer
    session: Session
    alive: Callable[[], bool]


def admit_socket(socket: WebSocket[Any, Any, Any], node: Node, desk: SigninDesk) -> Admitted:
    """Return who opens a socket; raise as for a request. A page opens it on its own: it keeps no session young."""
    _check_place(socket, desk.origin, desk.origin.partition("://")[2], named=True)
    session = desk.sessions.find(socket.cookies.get(cookie_name(node), ""), now(), touch=False)
    desk.count(session)
    officer = desk.officer(session)
    return Admitted(_viewer(node, session, officer), session, lambda: desk.still(session, officer))


def _viewer(node: Node, session: Session, officer: OfficerEntry) -> Viewer:
    return viewer_of(node.me, officer, _purpose(node, session))


def _purpose(node: Node, session: Session) -> str | None:
    """Return for what she reads; a purpose that the charter has no more is none."""
    return session.purpose if session.purpose in node.registry.membership.purposes else None


def _check_place(asked: ASGIConnection[Any, Any, Any, Any], origin: str, host: str, *, named: bool) -> None:
    """Refuse what is not for this console or not from its page; `named`: it must say so itself."""
    if asked.headers.get("host", "") != host:
        raise Untrusted("other-host", f"this console is at {origin}")
    if asked.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Untrusted("other-origin", "another site's page asked")
    if named and asked.headers.get("origin") != origin:
        raise Untrusted("other-origin", f"what changes something is asked from {origin} alone")


def _check_word(request: Request[Any, Any, Any], session: Session) -> None:
    if not hmac.compare_digest(request.headers.get(CSRF, "").encode(), session.csrf.encode()):
        raise Untrusted("no-csrf", "the page's own word is missing; load it again")
