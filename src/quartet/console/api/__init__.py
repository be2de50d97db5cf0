"""The HTTP API of a node: made by `make_api`, served by `serve_api`; a request's proof is in `console.proof`."""

from quartet.console.api.app import make_api
from quartet.console.api.serving import serve_api, serve_loopback

__all__ = ["make_api", "serve_api", "serve_loopback"]
