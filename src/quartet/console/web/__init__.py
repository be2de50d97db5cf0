"""The console as browsers see it: the API behind sessions, and the page. Made by `make_console`."""

from quartet.console.web.app import describe, make_console
from quartet.console.web.people import SOCKET_ROUTES

__all__ = ["SOCKET_ROUTES", "describe", "make_console"]
