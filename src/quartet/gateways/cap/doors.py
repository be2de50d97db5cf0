"""Run the CAP doors of the settings: each way in and out is a task that goes on by itself and never stops the node."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

from quartet.core.faults import Fault
from quartet.core.ids import MemberId
from quartet.core.release import Door
from quartet.gateways.cap.feed import serve_feed
from quartet.gateways.cap.incoming import keep_folder
from quartet.gateways.cap.intake import serve_intake
from quartet.gateways.cap.offer import Offer
from quartet.gateways.cap.outgoing import keep_folder_out, keep_hook
from quartet.gateways.cap.subject import keep_subject
from quartet.node.earlysource import CapDoor
from quartet.node.node import Node
from quartet.node.seeing import answering

FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 30.0
_LOG: Final = logging.getLogger("quartet.gateways")


async def keep_cap(doors: Iterable[CapDoor], node: Node, place: Callable[[str], Path]) -> None:
    """Run every door until cancelled; `place` says where a path of the settings is."""
    await node.desk.doors.alarms.begin()
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        for settings in doors:
            offer = Offer(settings, node, partial(door_of, settings, node))
            stack.enter_context(offer.listening())
            for name, work in _ways(settings, node, place, offer):
                tasks.create_task(_kept(f"{settings.name} {name}", work))


def door_of(settings: CapDoor, node: Node) -> Door:
    """Return a door as the gate knows it: who answers for what reads there, as this member's manifest says now.

    An officer who is none any more answers for nothing: then only what the world may have passes.
    """
    officers = [node.officer(name) for name in settings.principals]
    return Door(
        member=MemberId(node.me),
        principals=answering(node.me, officers, settings.purpose),
        purpose=settings.purpose,
        carries_markings=True,
    )


def _ways(
    settings: CapDoor, node: Node, place: Callable[[str], Path], offer: Offer
) -> Iterable[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
    if settings.folder is not None:
        yield "out", partial(keep_folder_out, offer, settings, node, place(settings.folder))
    for number, hook in enumerate(settings.hooks, 1):
        yield f"hook {number}", partial(keep_hook, hook, offer, settings, node, place)
    if settings.listen is not None:
        yield "feed", partial(serve_feed, settings, node, offer, place)
    if settings.listen_in is not None:
        yield "in", partial(serve_intake, settings, node, place)
    for source in settings.sources:
        if source.folder is not None:
            yield f"{source.name} folder", partial(keep_folder, source, settings, node, place)
        if source.nats is not None:
            yield f"{source.name} subject", partial(keep_subject, source, settings, node, place)


async def _kept(name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do some work for ever; what goes wrong is logged by its reason, and it is begun again, later each time."""
    wait = FIRST_WAIT_S
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await work()
        except Fault as fault:
            _LOG.warning("cap door %s: %s", name, fault.reason)
        except (OSError, TimeoutError):
            _LOG.warning("cap door %s: not-reached", name)
        except Exception:  # whatever is wrong with one door, the node goes on
            _LOG.exception("the task of a cap door failed")
        lasted = asyncio.get_running_loop().time() - began
        wait = FIRST_WAIT_S if lasted > LONGEST_WAIT_S else min(wait * 2, LONGEST_WAIT_S)
        await asyncio.sleep(wait)
