"""Replay real aircraft over Switzerland as a member's sensor, at the speed at which they flew, again and again.

python -m quartet.exercise.skies DIR --to east

What is replayed bears the time of the replay, because it is shown as happening now; the feed says EXERCISE.
"""

import argparse
import asyncio
import gzip
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx

from quartet.console.proof import Request, sign_request
from quartet.core.encoding import encode
from quartet.core.ids import MemberId, Micros
from quartet.exercise.plan import DUTY
from quartet.exercise.recording import skies_path
from quartet.node.folder import MemberFolder
from quartet.node.keyset import read_officer_key
from quartet.node.settings import load_member
from quartet.node.vault import open_vault
from quartet.node.views import FeedDraft, Sighting

BEGINS_MS: Final = 1_533_123_000_000
"""From when on it is replayed: 1 August 2018, 11:30 UTC, with some 45 aircraft at once."""
LASTS_MS: Final = 3_600_000
FOOT_M: Final = 0.3048
KNOT_MPS: Final = 1852 / 3600
PATIENCE_S: Final = 30

Moment = tuple[float, list[dict[str, Any]]]
"""Seconds from the beginning, and what was seen then."""


class Sensor:
    """North's officer at her socket: opens the feed, and hands over what is seen."""

    def __init__(self, folder: MemberFolder) -> None:
        self._key = read_officer_key(open_vault(folder.officer_key(DUTY.name)))
        transport = httpx.HTTPTransport(uds=str(folder.path(load_member(folder).api.socket)))
        self._client = httpx.Client(transport=transport, base_url="http://node", timeout=PATIENCE_S)

    def post(self, target: str, body: object) -> Any:
        """Ask with the officer's proof, and return the answer."""
        content = encode(body)
        now = Micros(time.time_ns() // 1000)
        proof = sign_request(Request("POST", target, content), DUTY.name, self._key, now, os.urandom(16))
        headers = {"Content-Type": "application/json", **proof}
        return self._client.post(target, content=content, headers=headers).raise_for_status().json()


async def begin_skies(directory: Path, to: str) -> asyncio.subprocess.Process:
    """Begin the replay in a process of its own: what moves on the maps for as long as the demo stays up."""
    words = ("-m", "quartet.exercise.skies", str(directory), "--to", to)
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(sys.executable, *words, stdin=quiet, stdout=quiet)


def replay(folder: MemberFolder, to: tuple[MemberId, ...]) -> None:
    """Open a feed, and say of each moment what was seen in it when its time comes; begin again at the end."""
    moments = list(read_moments(skies_path()))
    sensor = Sensor(folder)
    draft = FeedDraft(tlp="GREEN", to=to, title="Aircraft over Switzerland", sensor="ads-b", caveats=("EXERCISE",))
    feed = sensor.post("/feeds", draft)["id"]
    while True:
        began = time.monotonic()
        for seconds, seen in moments:
            time.sleep(max(0.0, began + seconds - time.monotonic()))
            at = datetime.now(UTC)
            sensor.post(f"/feeds/{feed}/sightings", [_sighting(one, at) for one in seen])


def read_moments(path: Path) -> Iterator[Moment]:
    """Yield what was seen at each moment of the hour that is replayed, in the order of time."""
    by_time: dict[int, list[dict[str, Any]]] = {}
    for one in json.loads(gzip.decompress(path.read_bytes())):
        known = one["latitude"] is not None and one["longitude"] is not None
        if known and BEGINS_MS <= one["timestamp"] < BEGINS_MS + LASTS_MS:
            by_time.setdefault(one["timestamp"], []).append(one)
    for at in sorted(by_time):
        yield (at - BEGINS_MS) / 1000, by_time[at]


def _sighting(one: dict[str, Any], at: datetime) -> Sighting:
    """Return a record in our units: it has feet, knots and degrees."""
    height, speed = one["altitude"], one["groundspeed"]
    return Sighting(
        id=one["icao24"],
        lat=one["latitude"],
        lon=one["longitude"],
        at=at,
        alt_m=None if height is None else height * FOOT_M,
        speed_mps=None if speed is None else speed * KNOT_MPS,
        track_deg=one["track"],
    )


def main() -> None:
    """Replay until ended from outside."""
    parser = argparse.ArgumentParser(prog="quartet.exercise.skies")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--to", required=True, help="members, with commas")
    given = parser.parse_args()
    with suppress(KeyboardInterrupt):  # whoever ends the demo ends us too
        replay(MemberFolder(given.directory), tuple(MemberId(member) for member in given.to.split(",")))


if __name__ == "__main__":
    main()
