"""Tell a fault as RFC 9457 problem JSON, with the `reason` word that logs, replies and tests share.

What a viewer may not have and what does not exist are told in the same words: `unknown-item`, 404.
"""

import logging
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from quartet.console.shapes import UNKNOWN_DETAIL, UNKNOWN_ITEM, ProblemReply
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted

MEDIA_TYPE: Final = "application/problem+json"

WAIT_S: Final = 60
"""How long to wait where a limit does not know."""

_LOG: Final = logging.getLogger(__name__)
_STATUS: Final[dict[type[Fault], int]] = {Malformed: 400, Untrusted: 403, Unavailable: 503}
_CONDITIONS: Final = {"settings-changed": 412, "no-if-match": 428}
_OF_REASON: Final = {"no-session": 401, "session-expired": 401, "too-many-requests": 429, **_CONDITIONS}


def problem_of(fault: Fault) -> ProblemReply:
    """Return what the asker is told of a fault."""
    if fault.reason == UNKNOWN_ITEM:
        return ProblemReply("Not Found", 404, UNKNOWN_DETAIL, UNKNOWN_ITEM)
    status = _OF_REASON.get(fault.reason) or next(code for kind, code in _STATUS.items() if isinstance(fault, kind))
    return ProblemReply(_kind(fault), status, fault.detail, fault.reason)


def _kind(fault: Fault) -> str:
    """Return which of the three faults it is."""
    return next(kind.__name__ for kind in _STATUS if isinstance(fault, kind))


def tell_fault(_: Request[Any, Any, Any], fault: Fault) -> Response[ProblemReply]:
    """Answer with a fault; what is too much says when to come again."""
    problem = problem_of(fault)
    wait = getattr(fault, "wait_s", WAIT_S) if problem.status == 429 else None
    return _reply(problem, None if wait is None else {"Retry-After": str(wait)})


def tell_http(_: Request[Any, Any, Any], error: HTTPException) -> Response[ProblemReply]:
    """Answer with what the framework refused: a route, a method, a shape, a size."""
    status = error.status_code
    reason = {404: "no-such-route", 405: "no-such-method", 413: "too-large"}.get(status, "bad-request")
    return _reply(ProblemReply("Refused", status, _detail(error), reason), error.headers)


def tell_spelling(request: Request[Any, Any, Any], error: UnicodeDecodeError) -> Response[ProblemReply]:
    """Answer that a body is not UTF-8, which the framework leaves to us; noted, should it ever be our own doing."""
    _LOG.warning("%s: %s", request.method, error.reason)
    return _reply(ProblemReply("Refused", 400, "the body is not UTF-8", "bad-request"))


def tell_bug(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemReply]:
    """Answer that this is our own error; its place goes to the log, never to the asker."""
    _LOG.error("%s", request.method, exc_info=error)
    return _reply(ProblemReply("Bug", 500, "an error of this program; its log says where", "bug"))


def _detail(error: HTTPException) -> str:
    if isinstance(error, ValidationException) and error.extra:
        found = error.extra if isinstance(error.extra, list) else [error.extra]
        return "; ".join(_one(entry) for entry in found)
    cause = error.__cause__
    return str(cause) if isinstance(cause, msgspec.ValidationError) else error.detail


def _one(entry: Any) -> str:
    if isinstance(entry, dict):
        return f"{entry.get('key', '')}: {entry.get('message', '')}".strip(": ")
    return str(entry)


def _reply(problem: ProblemReply, headers: dict[str, str] | None = None) -> Response[ProblemReply]:
    return Response(problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)
