"""Let in who proves herself: from a request's proof to the viewer that the rule decides for.

An unknown officer and a wrong key are told in the same words.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from litestar import Request
from litestar.datastructures import State

from quartet.console import proof
from quartet.console.api.pace import began
from quartet.console.proof import Proof, Verifier, read_proof
from quartet.core.faults import Untrusted
from quartet.core.ids import KeyId, Micros
from quartet.core.keyring import OfficerEntry
from quartet.core.keys import PublicKey
from quartet.core.release import Viewer
from quartet.node.node import Node
from quartet.node.seeing import purpose_of, viewer_of

OPEN: Final = "/schema"
"""The description of the API: says nothing of any member."""

Asked = Request[Viewer, None, State]
Guard = Callable[[Asked], Awaitable[None]]


def guard(node: Node) -> Guard:
    """Return what every request passes before anything of it is read: (1) the body within its limit, (2) the proof."""
    verifier = Verifier()

    async def admit(request: Asked) -> None:
        began(request.scope)
        if request.scope["path"].startswith(OPEN):
            return
        given = read_proof(request.headers)
        asked = proof.Request(request.method, target_of(request.scope), await request.body(), given.purpose)
        officer = node.officer(given.officer)
        verifier.check(given, asked, _key(officer, given), machine_time())
        request.scope["user"] = _viewer(node, officer, given.purpose)
        request.scope["alive"] = lambda: node.officer(given.officer) == officer  # type: ignore[typeddict-unknown-key]

    return admit


def target_of(scope: Any) -> str:
    """Return the path and query as they were sent."""
    path = scope["raw_path"].partition(b"?")[0]
    query = scope.get("query_string", b"")
    whole: bytes = path + b"?" + query if query else path
    return whole.decode("latin-1")


def machine_time() -> Micros:
    """Return this machine's time; the client's too, so the exercise's clock does not enter."""
    return Micros(time.time_ns() // 1000)


def _viewer(node: Node, officer: OfficerEntry | None, purpose: str | None) -> Viewer:
    """Return the viewer that an officer is, for the purpose that she states."""
    if officer is None:
        raise Untrusted("unknown-officer", "no officer of this member has that name and key")
    return viewer_of(node.me, officer, purpose_of(purpose, node.registry.membership.purposes))


def _key(officer: OfficerEntry | None, given: Proof) -> PublicKey:
    key = None if officer is None else officer.keys.get(KeyId(given.key_id))
    if key is None:
        raise Untrusted("unknown-officer", "no officer of this member has that name and key")
    return key
