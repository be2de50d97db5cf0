"""The picture as it moves, in a terminal.

It is drawn anew once a second and when the terminal changes its size, on the terminal's other screen: what was there
before is there again afterwards. Whoever has no such terminal gets plain tables, one after the other.
"""

import os
import select
import signal
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Final

from rich.console import Console
from rich.live import Live

from quartet.cli.output import screen
from quartet.cli.sky import Sky, View
from quartet.node.trackviews import TrackView

EVERY_S: Final = 1.0
PLAIN_EVERY_S: Final = 5.0
KEY_S: Final = 0.1
"""How soon a key, or another size of the terminal, is noticed."""
END: Final = "\x04"
QUIT: Final = frozenset({"q", "Q", "\x03", END})

Ask = Callable[[], Sequence[TrackView]]


def watch(member: str, view: View, ask: Ask, ahead: timedelta) -> None:
    """Show the picture until somebody leaves with `q` or Ctrl-C."""
    sky, console = Sky(member, view, ahead), screen()
    with suppress(KeyboardInterrupt):
        if console.is_terminal and not console.is_dumb_terminal:
            _in_place(sky, console, ask)
        else:
            _one_after_the_other(sky, console, ask)


def _one_after_the_other(sky: Sky, console: Console, ask: Ask) -> None:
    while True:
        sky.take(ask)
        console.print(sky.plain())
        console.print()
        sys.stdout.flush()
        time.sleep(PLAIN_EVERY_S)


def _in_place(sky: Sky, console: Console, ask: Ask) -> None:
    due = 0.0
    live = Live(console=console, screen=True, auto_refresh=False, vertical_overflow="crop")
    with _keys() as keys, _resizes() as resized, live:
        while not QUIT & set(keys(KEY_S if due else 0)):
            if time.monotonic() >= due:
                sky.take(ask)
                due = time.monotonic() + EVERY_S
            elif not resized():
                continue
            live.update(sky.drawn(console.width, console.height), refresh=True)


@contextmanager
def _keys() -> Iterator[Callable[[float], str]]:
    """Give what was typed within so many seconds, key by key and unseen; nothing where nobody can type."""
    file = sys.stdin
    if not file.isatty():
        yield _untyped
        return
    number, before = file.fileno(), termios.tcgetattr(file)

    def typed(seconds: float) -> str:
        ready, _, _ = select.select([number], [], [], seconds)
        return _read(number) if ready else ""

    try:
        tty.setcbreak(number)
        yield typed
    finally:
        with suppress(termios.error):  # it may be gone
            termios.tcsetattr(number, termios.TCSADRAIN, before)


def _read(number: int) -> str:
    """Return what was typed; the word for the end where the terminal is gone, which is ready to be read for ever."""
    try:
        return os.read(number, 64).decode("ascii", "ignore") or END
    except OSError:
        return END


def _untyped(seconds: float) -> str:
    time.sleep(seconds)
    return ""


@contextmanager
def _resizes() -> Iterator[Callable[[], bool]]:
    """Give whether the terminal has another size than when that was last asked."""
    seen = [False]

    def note(*_: object) -> None:
        seen[0] = True

    def asked() -> bool:
        was, seen[0] = seen[0], False
        return was

    before = signal.signal(signal.SIGWINCH, note)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGWINCH, before)
