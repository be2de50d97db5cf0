"""Speak to the running node over its local socket; each request is proved by the officer's key.

Every call has a deadline. A problem that the node tells becomes the fault it was, so that it ends with the same code.
"""

import os
import socket
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from types import TracebackType
from typing import Final, NoReturn, Self, TypeVar

import msgspec

from quartet.cli.identity import Identity
from quartet.cli.line import CONNECT_SECONDS, NotReached, Params, asked, blocks, target
from quartet.cli.outcome import Refusal
from quartet.console.proof import NONCE_SIZE, Request, sign_request
from quartet.console.shapes import UNKNOWN_ITEM, ProblemReply
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId, Micros
from quartet.node.files import refused
from quartet.node.folder import MemberFolder
from quartet.node.settings import load_member

ANSWER_SECONDS: Final = 30.0
LONG_SECONDS: Final = 3600.0
MODEL_SECONDS: Final = 700.0
"""Longer than the settings let a model take for an answer."""

T = TypeVar("T")

LOOK: Final = "what it has acknowledged is kept; look whether it took the last before you send that again"
TOO_MANY: Final = 429
NO_WORDS: Final = frozenset({UNKNOWN_ITEM})
"""Reasons that are answers, not faults: the command ends with 1."""


class Client:
    """The officer's side of the local socket."""

    def __init__(self, folder: MemberFolder, path: Path, identity: Identity, purpose: str | None = None) -> None:
        self._folder = folder
        self._purpose = purpose
        self._path = path
        self._identity = identity

    @property
    def identity(self) -> Identity:
        """Who asks."""
        return self._identity

    @property
    def member(self) -> MemberId:
        """Whose node is asked."""
        return load_member(self._folder).member

    def get(self, path: str, kind: type[T], params: Params | None = None, *, within: float = ANSWER_SECONDS) -> T:
        """Ask for a value."""
        return _value(self._content("GET", target(path, params), within=within), kind)

    def get_bytes(self, path: str) -> bytes:
        """Ask for a file that fits in memory."""
        return self._content("GET", target(path))

    def post(
        self, path: str, body: object, kind: type[T], params: Params | None = None, *, within: float = ANSWER_SECONDS
    ) -> T:
        """Hand over a value and take the answer."""
        return _value(self._content("POST", target(path, params), msgspec.json.encode(body), within), kind)

    def put(self, path: str, content: bytes) -> None:
        """Hand over bytes."""
        self._content("PUT", target(path), content)

    def put_for(self, path: str, content: bytes, kind: type[T], *, within: float = ANSWER_SECONDS) -> T:
        """Hand over bytes and take the answer."""
        return _value(self._content("PUT", target(path), content, within), kind)

    def post_bytes(self, path: str, params: Params, *, within: float = ANSWER_SECONDS) -> bytes:
        """Have a file made that fits in memory."""
        return self._content("POST", target(path, params), within=within)

    def blocks(self, path: str) -> Iterator[bytes]:
        """Ask for a file block by block."""
        with self._answer("GET", target(path), b"", ANSWER_SECONDS) as answer:
            yield from blocks(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """End; no line outlives its request."""

    def _content(self, method: str, place: str, content: bytes = b"", within: float = ANSWER_SECONDS) -> bytes:
        with self._answer(method, place, content, within) as answer:
            return answer.read()

    @contextmanager
    def _answer(self, method: str, place: str, content: bytes, within: float) -> Generator[HTTPResponse, None, None]:
        """Give the node's answer, if it is none of its problems."""
        headers = {"Content-Type": "application/json"} if method == "POST" else {}
        headers |= self._prove(Request(method, place, content, self._purpose))
        with self._told(), asked(self._path, method, place, content, headers, within) as answer:
            if not 200 <= answer.status < 300:
                _refuse(answer.status, answer.read())
            yield answer

    def _prove(self, request: Request) -> dict[str, str]:
        now = Micros(time.time_ns() // 1000)
        return sign_request(request, self._identity.name, self._identity.key, now, os.urandom(NONCE_SIZE))

    @contextmanager
    def _told(self) -> Generator[None, None, None]:
        try:
            yield
        except NotReached as error:
            raise not_running(self._folder, self._path) from error
        except TimeoutError as error:
            raise self._slow("did not answer in time") from error
        except (OSError, HTTPException) as error:
            if _serves(self._path):
                raise self._slow("broke off before it had answered") from error
            start = f"start it with: quartet serve --dir {self._folder.root}"
            name = self._folder.root.name
            raise Unavailable("cut-off", f"{name} stopped while it answered; {start}; {LOOK}") from error

    def _slow(self, what: str) -> Unavailable:
        """Return the fault of a node that is there and did not answer."""
        return Unavailable(
            "no-answer", f"{self._folder.root.name} runs, but {what}: it is slow, or starts anew; {LOOK}"
        )


def open_client(folder: MemberFolder, identity: Identity, purpose: str | None = None) -> Client:
    """Return a client of the node that serves `folder`; everything is asked for the one purpose, if one is stated.

    Raise `Unavailable("not-running")` where none does, `Unavailable("no-permission")` where it is another user's.
    """
    path = folder.path(load_member(folder).api.socket)
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except PermissionError as error:
            raise refused(error, path, "not-running") from error
        except OSError as error:
            raise not_running(folder, path) from error
    return Client(folder, path, identity, purpose)


def _serves(path: Path) -> bool:
    """Return whether anybody listens there now."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(CONNECT_SECONDS)
        try:
            probe.connect(str(path))
        except TimeoutError:
            return True
        except OSError:
            return False
        return True


def not_running(folder: MemberFolder, path: Path) -> Unavailable:
    """Return the fault of a node that is not there."""
    start = f"quartet serve --dir {folder.root}, or all with: quartet up {folder.root.parent}"
    return Unavailable("not-running", f"no node answers at {path}; start it with: {start}")


def _value(content: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise Untrusted("odd-answer", f"the node's answer does not fit this version of quartet: {error}") from error


def _refuse(status: int, content: bytes) -> NoReturn:
    try:
        problem = msgspec.json.decode(content, type=ProblemReply)
    except msgspec.DecodeError as error:
        raise Unavailable("odd-answer", f"status {status} from the node; see its log") from error
    raise _fault(problem)


def _fault(problem: ProblemReply) -> Fault | Refusal:
    if problem.reason in NO_WORDS:
        return Refusal(problem.reason, problem.detail)
    if problem.status == 403:
        return Untrusted(problem.reason, problem.detail)
    if problem.status >= 500 or problem.status == TOO_MANY:
        return Unavailable(problem.reason, problem.detail)
    return Malformed(problem.reason, problem.detail)
