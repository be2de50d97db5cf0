"""An authority's early warning from the door where it is posted to every named desk's alarm, under normal load.

Real processes: a hub and four members. Two hundred desks of three members each hold a stream of news of their own; a
desk is alarmed when its stream has told it of the warning, which its node had stored before. The clock is the machine's
one monotonic clock.
"""

import asyncio
import hashlib
import re
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from benches.fleet import Fleet, fleet
from benches.table import Table, percentile
from quartet.exercise.ports import choose_ports

DESKS: Final = {"east": 67, "south": 67, "west": 66}
RATES: Final = (20, 200)
"""A busy officer, and a busy centre, as in the exchange's own measurement."""
WARNINGS: Final = 120
EVERY_S: Final = 0.4
SIZE: Final = 2048
GOAL_MS: Final = 1_000.0
LISTED_GOAL_S: Final = 5.0
AWAY_ITEMS: Final = 3_000
PATIENCE_S: Final = 60.0
HOLDS_S: Final = 90
"""How long each warning holds: not all that were ever posted are in force at once."""
TOKEN: Final = "bench"
_NOTE: Final = re.compile(r"<note>([^<]+)</note>")


async def measure(tell: Callable[[Table], None]) -> None:
    """Measure the way of early warnings, and tell each table as it is ready."""
    port = choose_ports(1)[0]
    with tempfile.TemporaryDirectory(prefix="quartet-bench-") as name:
        async with fleet(Path(name), prepare=lambda root: _settings(root / "north" / "settings.toml", port)) as running:
            for member, count in DESKS.items():
                await running.members[member].do("desks", count=count)
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                await _post(client, "warm")
                tell(await _latency(running, client))
                tell(await _away(running, client))


def _settings(path: Path, port: int) -> None:
    """Open a door at north whose one source may alarm every desk."""
    desks = [f'"{member}/d-{n}"' for member, count in DESKS.items() for n in range(count)]
    sha256 = hashlib.sha256(TOKEN.encode()).hexdigest()
    source = f'{{name = "met", token_sha256 = "{sha256}", per_minute = 60000, desks = [{", ".join(desks)}]}}'
    door = f'\n[[cap]]\nname = "bench"\ndomain = "bench.example"\nsender_name = "bench"\nlisten = "127.0.0.1:{port}"\n'
    path.write_text(f"{path.read_text()}{door}sources = [{source}]\n")


async def _latency(running: Fleet, client: httpx.AsyncClient) -> Table:
    rows, worst = [], 0.0
    for rate in RATES:
        load = asyncio.create_task(_load(running, rate))
        await asyncio.sleep(2)
        began: dict[str, float] = {}
        for n in range(WARNINGS):
            at = time.perf_counter()
            began[await _post(client, f"r{rate}-{n}")] = at
            await asyncio.sleep(max(0.0, EVERY_S - (time.perf_counter() - at)))
        alarmed = await _all_alarmed(running, set(began))
        await load
        last = [1e3 * (max(times) - began[ref]) for ref, times in alarmed.items() if ref in began]
        each = [1e3 * (at - began[ref]) for ref, times in alarmed.items() if ref in began for at in times]
        worst = max(worst, percentile(last, 0.99))
        for what, took in (("each desk", each), ("the last of the 200", last)):
            spread = (percentile(took, 0.5), percentile(took, 0.9), percentile(took, 0.99), max(took))
            rows.append((f"{rate} items/s, {what}", *(f"{ms:,.0f}" for ms in spread)))
    said = (
        f"{WARNINGS} CAP alerts posted over HTTP at north, one every {EVERY_S} s, each naming 200 desks of three other"
        f" members, while north sends items of 2 KiB to all three. From the first byte posted to the desk's stream"
        f" telling of the warning, which its node had stored; no browser is in it. The goal of p99 < {GOAL_MS:,.0f} ms"
        f" at the last desk is {'reached' if worst < GOAL_MS else 'missed'}."
    )
    return Table("Early warning to every desk", ("load", "p50 ms", "p90 ms", "p99 ms", "worst ms"), rows, said)


async def _load(running: Fleet, rate: int) -> None:
    count = int(rate * (2 + WARNINGS * EVERY_S))
    await running.north.do("publish", count=count, size=SIZE, rate=rate)


async def _away(running: Fleet, client: httpx.AsyncClient) -> Table:
    """West is away while items pile up for it: when it is listed as not reached, and what comes first afterwards."""
    west = running.members["west"]
    held = await west.do("held")
    await west.stop()
    await running.north.do("pile", count=AWAY_ITEMS, size=SIZE)
    at = time.perf_counter()
    ref = await _post(client, "away")
    while "west" not in await running.north.do("unreached", ref=ref):  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.02)
    listed = time.perf_counter() - at
    await west.start()
    await west.do("desks", count=DESKS["west"])
    while ref not in (alarmed := await west.do("alarmed")):  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.01)
    first = min(alarmed[ref])
    came = await west.do("held") - held
    while await west.do("held") < held + AWAY_ITEMS:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.02)
    last = time.perf_counter()
    goal = "reached" if listed < LISTED_GOAL_S else "missed"
    said = (
        f"West was stopped; {AWAY_ITEMS:,} routine items waited for it, then a warning. A desk counts as not reached"
        f" so soon that it is listed within {LISTED_GOAL_S:.0f} s, which is {goal}."
    )
    rows = [
        ("listed as not reached after", f"{listed:.2f} s"),
        ("statements at west when its desks were alarmed", f"{came:,} of {AWAY_ITEMS + 1:,}"),
        ("from the alarm to the last waiting item", f"{last - first:.2f} s"),
    ]
    return Table("A desk that is cut off", ("what", "measured"), rows, said)


async def _all_alarmed(running: Fleet, refs: set[str]) -> dict[str, list[float]]:
    """Return when every desk was alarmed of each warning."""
    end = time.monotonic() + PATIENCE_S
    while True:
        found: dict[str, list[float]] = {}
        for member in DESKS:
            told: dict[str, Any] = await running.members[member].do("alarmed")
            for ref, times in told.items():
                found.setdefault(ref, []).extend(times)
        if all(len(found.get(ref, ())) == sum(DESKS.values()) for ref in refs):
            return found
        if time.monotonic() > end:
            raise RuntimeError("not every desk was alarmed")
        await asyncio.sleep(0.2)


async def _post(client: httpx.AsyncClient, identifier: str) -> str:
    """Post an alert, and return the reference under which it is relayed."""
    now = datetime.now(UTC).replace(microsecond=0)
    until = now + timedelta(seconds=HOLDS_S)
    body = (
        "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>"
        f"<identifier>{identifier}</identifier><sender>bench@authority.example</sender><sent>{_time(now)}</sent>"
        "<status>Exercise</status><msgType>Alert</msgType><scope>Public</scope><info><language>en</language>"
        "<category>Safety</category><event>Bench</event><urgency>Immediate</urgency><severity>Severe</severity>"
        f"<certainty>Likely</certainty><expires>{_time(until)}</expires><headline>Bench</headline>"
        "<instruction>Nothing.</instruction><area><areaDesc>Bench</areaDesc><circle>47,8 5</circle></area></info>"
        "</alert>"
    )
    headers = {"authorization": f"Bearer {TOKEN}"}
    answer = await client.post("/cap/in/met", content=body.encode(), headers=headers, timeout=PATIENCE_S)
    found = _NOTE.search(answer.text)
    if answer.status_code != 200 or found is None:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:300]}")
    return found[1]


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S-00:00")
