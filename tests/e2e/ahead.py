"""An exchange whose clocks are put forward, so that what takes members hours is decided while a test runs."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from consoles import Exchange

from quartet.cli.outcome import Refusal
from quartet.console.shapes import Asserted
from quartet.core.encoding import Value
from quartet.core.faults import Fault
from quartet.core.ids import SECOND, OfficerName
from quartet.core.statement import assert_item
from quartet.exercise.plan import DUTY, Duty
from quartet.exercise.setup import new_exchange
from quartet.exercise.up import Processes
from quartet.node.factviews import Prepared
from quartet.node.views import Published, Shown

HOUR: Final = 3600
PATIENCE_S: Final = 120
CHAIR: Final = Duty(OfficerName("chair"), roles=("chair",))

T = TypeVar("T")
V = TypeVar("V", bound=Value)


class Ahead(Exchange):
    """North and east, each with a presiding officer beside `duty`; all clocks can be put forward together."""

    offset = 0
    """How many seconds the clocks are ahead."""

    def propose(self, aim: str, **change: Any) -> str:
        """Have north propose, in an emergency, what north and east do together with east as its host."""
        now = time.time_ns() // 1000 + self.offset * SECOND
        end = now + (2 * HOUR + 120) * SECOND
        form = {
            "aim": aim,
            "legal_basis": "Memorandum 4, article 2",
            "area": "The strait, north of the light",
            "begins": end + HOUR * SECOND,
            "ends": end + 9 * HOUR * SECOND,
            "participants": ["east", "north"],
            "hosts": ["east"],
            "rule": "SELF",
            "decide_by": end,
            "emergency": True,
            **change,
        }
        draft = {"kind": "proposal", "tlp": "AMBER", "title": aim, "text": "Two boats.", "to": ["east"], "form": form}
        return self._client("north", "duty").post("/items", draft, Published).ref

    def concur(self, member: str, ref: str) -> str:
        """Have a member's officer concur by her own key, once the text is there."""
        client = self._client(member, "duty")
        self.told(member, f"/items/{ref}", Shown)
        speech = {"kind": "position", "form": {"version": ref, "stance": "CONCUR"}, "title": "CONCUR"}
        prepared = client.post(f"/items/{ref}/said/prepared", speech, Prepared)
        assertion = assert_item(prepared.id, client.identity.key)
        return client.post("/facts", Asserted(prepared, assertion), Published).ref

    def on_record(self, *refs: str) -> None:
        """Wait until every member has items, and knows since when they are on record."""
        for member in self._processes.members:
            for ref in refs:
                ends = time.monotonic() + PATIENCE_S
                while self.told(member, f"/items/{ref}", Shown).on_record.at is None:
                    assert time.monotonic() < ends, f"{member} never knew since when {ref} is on record"
                    time.sleep(0.2)

    def told(self, member: str, path: str, kind: type[V]) -> V:
        """Ask a member's node until it answers."""
        ends = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._client(member, "duty").get(path, kind)
            except (Fault, Refusal):
                assert time.monotonic() < ends, f"{member} never told {path}"
                time.sleep(0.2)

    def put_forward(self, seconds: int) -> None:
        """Put every clock forward together, as a drill does, once: each node ends and starts again."""
        self.offset = seconds
        for member in self._processes.members:
            self._do(self._processes.members[member].stop())
            settings = self.root / member / "settings.toml"
            text = settings.read_text()
            assert text.count("[exercise]\n") == 1
            settings.write_text(text.replace("[exercise]\n", f"[exercise]\nclock_offset_s = {seconds}\n"))
        for member in self._processes.members:
            self.start(member)

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)


@contextmanager
def ahead(root: Path, world: Exchange) -> Iterator[Ahead]:
    """Make and run one, seen by the browser of `world`."""
    new_exchange(root, ("north", "east"), officers=(DUTY, CHAIR))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    processes = Processes(root)
    try:
        ready = asyncio.run_coroutine_threadsafe(processes.start(120), loop).result(150)
        addresses = {part.name: part.addresses["console"] for part in ready if "console" in part.addresses}
        made = Ahead(root, processes, world.browser, addresses, loop)
        try:
            yield made
        finally:
            made.close()
    finally:
        asyncio.run_coroutine_threadsafe(processes.stop(), loop).result(150)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
