"""The HTTP API of a node: made by `make_api`, served by `serve_api`; requests are signed with `proof.sign_request`."""

from quartet.console.api.app import make_api
from quartet.console.api.serving import serve_api

__all__ = ["make_api", "serve_api"]
