"""Describe the API in OpenAPI: from the types by which bodies are read, and with the problems that any call may meet.

The framework's own reading of a type loses limits within lists; msgspec, which checks them, spells each one.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from quartet.console.api.problems import MEDIA_TYPE
from quartet.console.shapes import ProblemReply
from quartet.core.encoding import Value

API_VERSION: Final = "1"
SCHEMA_PATH: Final = "/schema"

_REF: Final = "#/components/schemas/{name}"
_OURS: Final = "quartet."
_MEANS: Final = {
    400: "what was sent says nothing that may be said; `reason` says why",
    401: "nobody is signed in, or no longer",
    403: "she may not do that, or did not prove that it is her",
    404: "there is no such item that she may see",
    412: "somebody changed it since it was looked at",
    413: "more than the limit",
    428: "it is not said which state was looked at",
    429: "too often; `detail` says how long to wait",
    503: "not now; `reason` says what is missing",
}
_METHODS: Final = frozenset({"get", "post", "put", "delete"})


class _Exact(JsonRenderPlugin):
    """Serves the description as `exact` makes it."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the description's JSON."""
        return super().render(request, exact(openapi_schema))


def description(about: str) -> OpenAPIConfig:
    """Return how an API is described; `about` says whose door it is."""
    return OpenAPIConfig(
        title="Quartet",
        version=API_VERSION,
        description=about,
        path=SCHEMA_PATH,
        render_plugins=[_Exact()],
        use_handler_docstrings=True,
    )


def exact(described: dict[str, Any]) -> dict[str, Any]:
    """Return a description that spells every limit by which a body is checked, and every problem of a call."""
    components = described["components"]
    kinds = [*(_kind(name, shown) for name, shown in components["schemas"].items()), ProblemReply]
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_REF)
    paths = {path: _with_problems(methods) for path, methods in described["paths"].items()}
    return {**described, "paths": paths, "components": {**components, "schemas": schemas}}


def _kind(name: str, shown: dict[str, Any]) -> type[Value]:
    """Return the type that is described under a name; raise `TypeError` with both where two may be, or none is."""
    called = [one for one in _kinds(Value) if one.__name__ == name and one.__module__.startswith(_OURS)]
    fields = set(shown.get("properties", ()))
    found = [one for one in called if len(called) == 1 or set(one.__struct_encode_fields__) == fields]
    if len(found) != 1:
        where = ", ".join(sorted(one.__module__ for one in called)) or "no module"
        raise TypeError(f"the API describes {name}, and {len(found)} types fit (in {where}): name each apart")
    return found[0]


def _with_problems(methods: dict[str, Any]) -> dict[str, Any]:
    return {
        word: {**called, "responses": {**_answers(called), **_problems()}} if word in _METHODS else called
        for word, called in methods.items()
    }


def _answers(called: dict[str, Any]) -> dict[str, Any]:
    """Return how a call answers when it is done; 204 is without a body."""
    answers = called["responses"]
    return {status: {**told, "content": {}} if status == "204" else told for status, told in answers.items()}


def _problems() -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(name=ProblemReply.__name__)}}}
    return {str(status): {"description": means, "content": content} for status, means in _MEANS.items()}


def _kinds(base: type[Value]) -> Iterator[type[Value]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)
