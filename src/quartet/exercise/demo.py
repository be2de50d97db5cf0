"""`quartet demo`: four members on this machine, in processes of their own, play the story and stay up."""

import asyncio
import os
import sys
import tempfile
import time
import webbrowser
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Final

from quartet.core.encoding import Value, encode
from quartet.core.faults import Unavailable
from quartet.core.ids import MemberId
from quartet.exercise.airspaces import give_airspaces
from quartet.exercise.cut import CutProxy
from quartet.exercise.plan import DUTY, Duty
from quartet.exercise.ports import choose_ports
from quartet.exercise.progress import Progress
from quartet.exercise.receivers import give_sensors
from quartet.exercise.recording import recording_path
from quartet.exercise.scene import set_scene
from quartet.exercise.setup import new_exchange
from quartet.exercise.story import PROMISES, Stage, Step, tell_story
from quartet.exercise.up import Processes, addresses, tell
from quartet.node.folder import HubFolder
from quartet.node.instance import stop_asked
from quartet.node.settings import HubSettings, load_settings

MEMBERS: Final = tuple(MemberId(m) for m in ("north", "east", "south", "west"))
RECALL_DELAY_S: Final = 3.0
LINKED_S: Final = 2.0
OFFICER: Final = Duty(DUTY.name, roles=(*DUTY.roles, "administrator"))
"""She may do everything that the consoles have."""


class Summary(Value, frozen=True):
    """How the demo went: `ok` if every step held."""

    ok: bool
    seconds: float
    folder: str
    steps: tuple[Step, ...]


def demo(*, seconds: float | None = None, json: bool = False, browser: bool = False) -> None:
    """Play the story; stay up until Ctrl-C, or `seconds` since it began. Raise `Unavailable("demo-failed")`.

    It fails if a step does. The story is told to its end in any case: what is shorter than that ends with it.

    `browser` opens the four consoles in the user's own browser as soon as they are there.
    """
    with tempfile.TemporaryDirectory(prefix="quartet-demo-") as folder:
        summary = asyncio.run(_play(Path(folder) / "exchange", seconds, json=json, browser=browser))
    if json:
        tell(encode(summary).decode())
    if not summary.ok:
        failed = [step.what for step in summary.steps if not step.ok]
        raise Unavailable("demo-failed", "; ".join(failed) or "it was stopped before its end")


async def _play(root: Path, seconds: float | None, *, json: bool, browser: bool) -> Summary:
    began = time.monotonic()
    say = _quiet if json else tell
    asked = stop_asked()
    say("EXERCISE. Four members - north, east, south, west - on this machine; the keys are for this alone.")
    if seconds is not None:
        say(f"It ends {seconds:.0f} s from now, or with the story, whichever is later; without --for it stays up.")
    new_exchange(root, MEMBERS, recall_delay_s=RECALL_DELAY_S, officers=(OFFICER,))
    with suppress(Unavailable):  # without the recording nobody flies
        give_airspaces(root, MEMBERS)
        give_sensors(root, MEMBERS)
    async with AsyncExitStack() as stack:
        ways = await _ways(root, stack)
        processes = await stack.enter_async_context(Processes(root))
        for line in addresses(await processes.start()):
            say(line)
        say("ready")
        stage = Stage(
            root=root, ways=ways, say=say, progress=Progress(None if json else sys.stdout), recording=_recording()
        )
        await asyncio.sleep(LINKED_S)
        await set_scene(root)
        await _consoles(stage, browser=browser)
        story = asyncio.create_task(tell_story(stage))
        stopped = asyncio.create_task(asked.wait())
        await asyncio.wait((story, stopped), return_when=asyncio.FIRST_COMPLETED)
        steps = story.result() if story.done() else []
        if steps:
            _promises(stage)
            stage.say("")
            _by_hand(stage)
            await _stay(stage, seconds, began, asked)
        for task in (story, stopped):
            task.cancel()
        for feed in (stage.feed, stage.skies):
            await _end_feed(feed)
    ok = bool(steps) and all(step.ok for step in steps)
    return Summary(ok=ok, seconds=round(time.monotonic() - began, 1), folder=str(root), steps=tuple(steps))


async def _ways(root: Path, stack: AsyncExitStack) -> dict[str, CutProxy]:
    """Put a tapped way that can be cut between each member and the hub; the member's settings name it."""
    hub = load_settings(HubFolder(root / "hub-1"))
    if not isinstance(hub, HubSettings):
        raise Unavailable("no-hub", "hub-1 has no hub's settings")
    (root / "taps").mkdir(mode=0o700)
    ways = {}
    for member, port in zip(MEMBERS, choose_ports(len(MEMBERS)), strict=True):
        proxy = CutProxy(port, (hub.wire.host, hub.wire.port), tap=root / "taps" / member)
        ways[str(member)] = await stack.enter_async_context(proxy)
        settings = root / member / "settings.toml"
        text = settings.read_text()
        settings.write_text(f'{text}\n[[wire.hubs]]\nname = "hub-1"\nurl = "tls://127.0.0.1:{port}"\n')
    return ways


def _promises(stage: Stage) -> None:
    stage.say("")
    stage.say("Five promises, each with the command that shows it:")
    for promise, shown in PROMISES:
        ref = stage.refs.get("drone", "REF")
        stage.say(f"  {promise}")
        stage.say(f"      {shown.format(root=stage.root, ref=ref, south=ref)}")


async def _consoles(stage: Stage, *, browser: bool) -> None:
    """Say where each member's officer finds her console, and open them if asked; a link lets her in once."""
    links = [await stage.asked(member, "officer", "link", DUTY.name) for member in MEMBERS]
    stage.say("")
    stage.say("Four consoles are open; look at north and east side by side. Each link opens once:")
    for member, link in zip(MEMBERS, links, strict=True):
        stage.say(f"  {member:6} {link['url']}")
        if browser:
            await asyncio.to_thread(webbrowser.open, link["url"])
    stage.say("")
    _by_hand(stage)
    stage.say("")
    stage.say("Each page says what to try next. Meanwhile the story is told here, and seen there:")
    stage.say("")


def _by_hand(stage: Stage) -> None:
    """Say what a page cannot do alone: root signs a key, and a link is printed, at the command line."""
    stage.say(
        "Grants and recalls want a key of yours: make one at the console, then have root sign it in another window:"
    )
    if sys.prefix != sys.base_prefix:
        stage.say(f"  . {os.path.relpath(sys.prefix)}/bin/activate")
    stage.say(f"  quartet officer enrol {DUTY.name} --dir {stage.root}/north")
    stage.say("Where a console asks whether it is you, or its link was used, print another link:")
    stage.say(f"  quartet officer link {DUTY.name} --dir {stage.root}/north")


async def _stay(stage: Stage, seconds: float | None, began: float, asked: asyncio.Event) -> None:
    """Stay up until somebody asks to stop, or the time is over."""
    passed = time.monotonic() - began
    left = None if seconds is None else max(0.0, seconds - passed)
    if left == 0:
        stage.say("")
        stage.say(
            f"The story took until second {passed:.0f}, so it ends here: say --for a larger number to look around."
        )
    elif left is not None:
        stage.say("")
        stage.say(f"It stays up for another {left:.0f} s; look around in {stage.root}.")
    else:
        stage.say("")
        stage.say(f"It stays up; look around in {stage.root}, and end it with Ctrl-C.")
    with suppress(TimeoutError):
        await asyncio.wait_for(asked.wait(), left)


async def _end_feed(feed: asyncio.subprocess.Process | None) -> None:
    if feed is not None and feed.returncode is None:
        feed.terminate()
        await feed.wait()


def _recording() -> Path | None:
    try:
        return recording_path()
    except Unavailable:
        return None


def _quiet(_: str) -> None:
    """Say nothing: the summary alone is written."""
