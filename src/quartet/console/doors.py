"""Open the doors of a member's node: the local socket, and the figures and the console if the settings have them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from quartet.console.api import make_api, serve_api, serve_console, serve_loopback
from quartet.console.metrics import make_metrics
from quartet.console.signin import SigninDesk, open_book
from quartet.console.web import SOCKET_ROUTES, make_console
from quartet.core.faults import Malformed
from quartet.core.ids import SECOND
from quartet.node.adjusting import Adjusting
from quartet.node.folder import MemberFolder
from quartet.node.journal import Journal, tell
from quartet.node.node import Node
from quartet.node.settings import Console, Exercise, MemberSettings


@asynccontextmanager
async def open_doors(
    node: Node, folder: MemberFolder, settings: MemberSettings, store_key: bytes, journal: Journal
) -> AsyncIterator[dict[str, str]]:
    """Serve officers and machines while the context lasts, and give the doors' addresses."""
    console = settings.console
    async with AsyncExitStack() as stack:
        desk = None if console is None else _desk(node, folder, settings, console, store_key)
        api = make_api(node) if desk is None else make_api(node, desk, SOCKET_ROUTES)
        socket = await stack.enter_async_context(serve_api(api, folder.path(settings.api.socket)))
        addresses = {"api": str(socket)}
        if settings.metrics is not None:
            figures = make_metrics(node.health)
            addresses["metrics"] = await stack.enter_async_context(serve_loopback(figures, settings.metrics))
        if console is not None and desk is not None:
            tls = _identity(folder, console)
            app = make_console(node, desk, adjusting=adjusting_of(node, desk, folder, settings, journal))
            page = await stack.enter_async_context(serve_console(app, console, tls))
            addresses["console"] = page
        yield addresses


def adjusting_of(
    node: Node, desk: SigninDesk, folder: MemberFolder, settings: MemberSettings, journal: Journal
) -> Adjusting:
    """Return what shows and changes the settings of a running node; what they say now is in effect."""

    def apply(now: MemberSettings) -> None:
        node.room.floor = now.disk_floor_mb * 2**20
        if now.console is not None:
            desk.banner = now.console.banner
            desk.sessions.idle = now.console.idle_minutes * 60 * SECOND
            desk.sessions.longest = _longest(now.console, now.exercise) * SECOND

    apply(settings)
    return Adjusting(folder, settings, apply, lambda line: tell(journal, line))


def _longest(console: Console, exercise: Exercise) -> int:
    """Return how many seconds a session lasts at most: a drill may make it shorter, and never longer."""
    longest = console.longest_hours * 3600
    return longest if exercise.session_s is None else min(longest, exercise.session_s)


def _desk(node: Node, folder: MemberFolder, settings: MemberSettings, console: Console, store_key: bytes) -> SigninDesk:
    book = open_book(folder.signin, store_key)
    return SigninDesk(node, book, console.address, trial=settings.exercise.trial)


def _identity(folder: MemberFolder, console: Console) -> tuple[Path, Path] | None:
    if (console.certificate is None) != (console.key is None):
        raise Malformed("bad-setting", "console.certificate and console.key: both, or neither")
    if console.certificate is None or console.key is None:
        return None
    return folder.path(console.certificate), folder.path(console.key)
