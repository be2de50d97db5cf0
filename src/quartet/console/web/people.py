"""The routes of sign-in, and of what an officer signs in and asserts with; no rule lives here."""

from typing import Any, Final

from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, SkipValidation

from quartet.console.api.marks import OPEN, SIGNS
from quartet.console.api.routes import TheNode, TheViewer
from quartet.console.shapes import Link, OfficerKey
from quartet.console.signin import Asker, Session, SigninDesk
from quartet.console.signin.desk import Opened, now
from quartet.console.signin.limits import place_of
from quartet.console.signin.marks import LASTS_S
from quartet.console.web.guard import cookie_name
from quartet.console.web.shapes import (
    CodeSecret,
    Credential,
    Keeping,
    LinkWord,
    NewKey,
    NewPassword,
    OfficerView,
    OneCode,
    Password,
    Purpose,
    SessionView,
)
from quartet.core.encoding import b64, digest64, unb64
from quartet.core.faults import Untrusted
from quartet.core.ids import OfficerName
from quartet.core.keyring import OfficerEntry
from quartet.core.keys import PublicKey
from quartet.core.passkey import PasskeyKey
from quartet.core.release import Viewer
from quartet.node.node import Node
from quartet.node.seeing import purpose_of
from quartet.node.views import moment

TheDesk = NamedDependency[SkipValidation[SigninDesk]]
Asked = Request[Any, Any, Any]
MAX_MARKS: Final = 16
"""How many officers may share a browser before their tries are counted as a stranger's."""


@get("/session", opt={OPEN: True})
async def session(request: Asked, node: TheNode, desk: TheDesk) -> SessionView:
    """Tell whose console this is, and who is signed in."""
    try:
        word = request.cookies.get(cookie_name(node), "")
        return _view(node, desk, desk.sessions.find(word, now(), touch=False))
    except Untrusted:
        return _view(node, desk, None)


@get("/session/keeping")
async def keeping(node: TheNode, viewer: TheViewer) -> Keeping:
    """Give the key under which this officer's page keeps her drafts at her browser."""
    return Keeping(viewer.name, b64(node.keeping_key(viewer)))


@post("/session/link", opt={OPEN: True})
async def by_link(request: Asked, data: JSONBody[LinkWord], node: TheNode, desk: TheDesk) -> Response[SessionView]:
    """Sign in by a one-time link."""
    return _signed_in(request, node, desk, desk.by_link(data.word, asker_of(request, node)))


@post("/session/passkey/options", status_code=200, opt={OPEN: True})
async def ask_passkey(request: Asked, node: TheNode, desk: TheDesk) -> dict[str, Any]:
    """Ask for a passkey's answer."""
    options: dict[str, Any] = desk.ask_passkey(asker_of(request, node))
    return options


@post("/session/passkey", opt={OPEN: True})
async def by_passkey(request: Asked, data: JSONBody[Credential], node: TheNode, desk: TheDesk) -> Response[SessionView]:
    """Sign in with a passkey."""
    opened = await desk.by_passkey(data.credential, asker_of(request, node))
    return _signed_in(request, node, desk, opened)


@post("/session/password", opt={OPEN: True})
async def by_password(request: Asked, data: JSONBody[Password], node: TheNode, desk: TheDesk) -> Response[SessionView]:
    """Sign in with a password and a code."""
    asker = asker_of(request, node)
    opened = await desk.by_password(OfficerName(data.officer), data.password, data.code, asker)
    return _signed_in(request, node, desk, opened)


@delete("/session")
async def sign_out(request: Asked, node: TheNode, desk: TheDesk) -> Response[None]:
    """Sign out."""
    desk.sessions.end(request.cookies.get(cookie_name(node), ""))
    return Response(None, status_code=204, cookies=[_cookie(cookie_name(node), "", max_age=0)])


@put("/session/purpose")
async def state_purpose(request: Asked, data: JSONBody[Purpose], node: TheNode, desk: TheDesk) -> SessionView:
    """State for what she reads from now on."""
    purpose = purpose_of(data.purpose, node.registry.membership.purposes)
    word = request.cookies.get(cookie_name(node), "")
    return _view(node, desk, desk.sessions.state_purpose(word, purpose, now()))


@get("/officer")
async def officer(node: TheNode, viewer: TheViewer, desk: TheDesk) -> OfficerView:
    """Tell an officer what she signs in and asserts with."""
    return _officer(node, viewer, desk)


@post("/officer/passkeys/options", status_code=200, opt={SIGNS: True})
async def ask_new_passkey(viewer: TheViewer, desk: TheDesk) -> dict[str, Any]:
    """Ask for a new passkey."""
    options: dict[str, Any] = desk.ask_new_passkey(viewer.name)
    return options


@post("/officer/passkeys", opt={SIGNS: True})
async def add_passkey(data: JSONBody[Credential], node: TheNode, viewer: TheViewer, desk: TheDesk) -> OfficerKey:
    """Keep a new passkey."""
    await desk.add_passkey(viewer.name, data.credential, data.label)
    return keys_of(desk, viewer.name, node.officer(viewer.name))[-1]


@post("/officer/keys", opt={SIGNS: True})
async def add_key(data: JSONBody[NewKey], node: TheNode, viewer: TheViewer, desk: TheDesk) -> OfficerView:
    """Keep the public half of a browser's own key."""
    await desk.add_key(viewer.name, data.key, data.label)
    return _officer(node, viewer, desk)


@post("/officer/password", status_code=200, opt={SIGNS: True})
async def new_password(data: JSONBody[NewPassword], viewer: TheViewer, desk: TheDesk) -> CodeSecret:
    """Choose a password; it counts once a code was given."""
    return CodeSecret(*desk.new_password(viewer.name, data.password))


@post("/officer/password/code", status_code=204, opt={SIGNS: True})
async def confirm_password(data: JSONBody[OneCode], viewer: TheViewer, desk: TheDesk) -> None:
    """Give the first code of a new password."""
    await desk.confirm_password(viewer.name, data.code)


@post("/links")
async def make_link(viewer: TheViewer, desk: TheDesk) -> Link:
    """Make a one-time link for the officer who asks; over the local socket alone."""
    url, until = desk.make_link(viewer.name)
    return Link(url, moment(until))


@get("/officer-keys")
async def officer_keys(node: TheNode, viewer: TheViewer, desk: TheDesk) -> list[OfficerKey]:
    """Tell which keys an officer's browsers made, for root to enrol; over the local socket alone."""
    return list(keys_of(desk, viewer.name, node.officer(viewer.name)))


def keys_of(desk: SigninDesk, name: OfficerName, entry: OfficerEntry | None) -> tuple[OfficerKey, ...]:
    """Return the passkeys and browser keys of an officer, those that root enrolled marked."""
    person = desk.person(name)
    enrolled = set() if entry is None else {*entry.keys, *entry.passkeys}
    keys = [
        OfficerKey(id=k, kind="browser", key=one.key, label=one.label, enrolled=k in enrolled)
        for one in person.keys
        for k in [PublicKey.from_text(one.key).id]
    ]
    passkeys = [
        OfficerKey(
            id=k,
            kind="passkey",
            key=one.key,
            label=one.label,
            enrolled=k in enrolled,
            credential=one.credential,
            origin=one.origin,
        )
        for one in person.passkeys
        for k in [PasskeyKey(unb64(one.key), one.origin).id]
    ]
    return (*keys, *passkeys)


def _officer(node: Node, viewer: Viewer, desk: SigninDesk) -> OfficerView:
    keys = keys_of(desk, viewer.name, node.officer(viewer.name))
    has = desk.person(viewer.name).password is not None
    return OfficerView(name=viewer.name, roles=viewer.roles, password=has, keys=keys)


def _view(node: Node, desk: SigninDesk, open_session: Session | None) -> SessionView:
    charter = node.registry.state.charter
    if open_session is None:
        return SessionView(node.me, charter.name, desk.trial, banner=desk.banner)
    return SessionView(
        node.me,
        charter.name,
        desk.trial,
        officer=open_session.officer,
        roles=desk.officer(open_session).roles,
        csrf=open_session.csrf,
        unlocked_until=moment(open_session.unlocked_until),
        fresh_until=moment(open_session.fresh_until),
        purpose=open_session.purpose,
        purposes=tuple(sorted(node.registry.membership.purposes)),
        banner=desk.banner,
    )


def _signed_in(request: Asked, node: Node, desk: SigninDesk, opened: Opened) -> Response[SessionView]:
    word, _ = opened
    made = desk.sessions.succeed(request.cookies.get(cookie_name(node), ""), word)
    cookies = [_cookie(cookie_name(node), word)]
    known = [mark for mark in asker_of(request, node).marks if desk.marks.officer(mark) == made.officer]
    mark = known[0] if known else desk.marks.make(made.officer)
    cookies.append(_cookie(_mark_name(node, made.officer), mark, LASTS_S))
    return Response(_view(node, desk, made), status_code=201, cookies=cookies)


def asker_of(request: Asked, node: Node) -> Asker:
    """Return who wants to sign in, as far as the request tells."""
    prefix = _mark_name(node, None)
    marks = tuple(value for name, value in sorted(request.cookies.items()) if name.startswith(prefix))
    return Asker("" if request.client is None else place_of(request.client.host), marks[:MAX_MARKS])


def _mark_name(node: Node, officer: OfficerName | None) -> str:
    """Return the name of the cookie that marks an officer's browser: several officers may share one."""
    whose = "" if officer is None else digest64("quartet/mark/v1", officer)
    return f"{cookie_name(node)}.known.{whose}"


def _cookie(name: str, value: str, max_age: int | None = None) -> Cookie:
    """Return a cookie of ours: for this host alone, over a safe way alone, for no script, for no other site."""
    return Cookie(name, value=value, path="/", secure=True, httponly=True, samesite="strict", max_age=max_age)


BROWSER_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    keeping,
    session,
    by_link,
    ask_passkey,
    by_passkey,
    by_password,
    sign_out,
    state_purpose,
    officer,
    ask_new_passkey,
    add_passkey,
    add_key,
    new_password,
    confirm_password,
)
SOCKET_ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (make_link, officer_keys)
