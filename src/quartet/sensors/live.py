"""Hear live sensors, each by a task that goes on by itself and never stops the node.

What comes waits in bounded memory: of datagrams that come faster than they are read the newest are dropped and counted
(`overrun`), a connection is let wait. A source that ends, is silent or cannot be reached is tried again, later each
time. One that is quarantined stays so until the node begins anew.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Final

from quartet.core.faults import Fault, Malformed
from quartet.core.ids import Micros
from quartet.node.sensing import Sensing, SensorState
from quartet.node.sensor import Sensor
from quartet.picture.plot import Counts, ServiceMessage
from quartet.sensors.door import Heard, Reader
from quartet.sensors.formats import open_reader, source_of
from quartet.sensors.sockets import connection, datagrams, parse_address

MAX_QUEUED: Final = 2_048
"""Datagrams that wait to be read."""
MAX_PIECES: Final = 16
"""Pieces of a stream that wait to be read."""
TELL_EVERY_S: Final = 0.25
"""How often what was seen is handed on."""
BATCH: Final = 64
"""Pieces that are read before others have their turn."""
FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 30.0
END: Final = b""
"""What is read after the last piece of a connection."""

_LOG: Final = logging.getLogger("quartet.sensors")


async def keep_sensors(sensors: Iterable[Sensor], sensing: Sensing, now: Callable[[], Micros]) -> None:
    """Hear every sensor that has an address, until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for sensor in sensors:
            if sensor.address is not None:
                tasks.create_task(Listening(sensor, sensing, now).run())


class Listening:
    """One sensor that is heard."""

    def __init__(self, sensor: Sensor, sensing: Sensing, now: Callable[[], Micros]) -> None:
        self._sensor = sensor
        self._sensing = sensing
        self._now = now
        self._reader: Reader | None = None
        self._seen: list[Heard] = []
        self._dropped = 0
        self._told = (0.0, -1)
        self.at: tuple[str, int] | None = None
        """Where datagrams are listened for, once they are."""
        sensing.know(
            SensorState(
                name=sensor.name,
                format=sensor.format,
                lat=sensor.lat,
                lon=sensor.lon,
                edition=", ".join(sensor.editions) or None,
                trouble="not-begun",
            ),
            source_of(sensor, live=True).radar,
        )

    async def run(self) -> None:
        """Hear it until cancelled; what is wrong with it is told as its trouble, and it is tried again."""
        wait = FIRST_WAIT_S
        while True:
            began = asyncio.get_running_loop().time()
            trouble = await self._trouble()
            self._sensing.troubled(self._sensor.name, trouble)
            lasted = asyncio.get_running_loop().time() - began
            wait = FIRST_WAIT_S if lasted > LONGEST_WAIT_S else min(wait * 2, LONGEST_WAIT_S)
            await asyncio.sleep(wait)

    async def _trouble(self) -> str:
        try:
            await self._hear()
        except Fault as fault:
            return fault.reason
        except (OSError, TimeoutError):
            return "not-reached"
        except Exception:  # whatever is wrong with one sensor, the node goes on
            _LOG.exception("the task of a sensor failed")
            return "bug"
        return "ended"

    async def _hear(self) -> None:
        name, feed = self._sensor.name, self._sensor.feed
        if feed is None:
            raise Malformed("no-marking", f"nobody may have what {name} sees: set tlp and to")
        reader = await self._opened()
        self._told = (0.0, -1)
        await self._sensing.open(name, feed)
        address = parse_address(self._sensor.address or "")
        if address.kind == "udp":
            await self._hear_datagrams(reader)
        else:
            await self._hear_stream(reader)

    async def _opened(self) -> Reader:
        """Return a new reader, unless the last one is quarantined: trying again makes no source believed."""
        if self._reader is not None and self._reader.quarantined:
            raise Malformed("quarantined", f"{self._sensor.name} stays so until the node begins anew")
        source = source_of(self._sensor, live=True)
        self._reader = await asyncio.to_thread(open_reader, self._sensor.format, source)
        return self._reader

    async def _hear_datagrams(self, reader: Reader) -> None:
        queue: asyncio.Queue[tuple[bytes, Micros]] = asyncio.Queue(MAX_QUEUED)

        def put(data: bytes) -> None:
            try:
                queue.put_nowait((data, self._now()))
            except asyncio.QueueFull:
                self._dropped += 1

        address = parse_address(self._sensor.address or "")
        async with datagrams(address, self._sensor.interface, self._sensor.sender, put) as self.at:
            self._sensing.troubled(self._sensor.name, None)
            await self._read(reader, queue, reader.datagram)

    async def _hear_stream(self, reader: Reader) -> None:
        queue: asyncio.Queue[tuple[bytes, Micros]] = asyncio.Queue(MAX_PIECES)

        async def put(data: bytes) -> None:
            self._sensing.troubled(self._sensor.name, None)
            await queue.put((data, self._now()))

        reading = asyncio.create_task(self._read(reader, queue, reader.read))
        connected = asyncio.create_task(connection(parse_address(self._sensor.address or ""), put))
        try:
            await asyncio.wait({reading, connected}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                await queue.put((END, self._now()))
            await reading
            await connected
        finally:
            for task in (reading, connected):
                task.cancel()
            await asyncio.gather(reading, connected, return_exceptions=True)

    async def _read(
        self, reader: Reader, queue: "asyncio.Queue[tuple[bytes, Micros]]", take: Callable[..., Iterable[Heard]]
    ) -> None:
        while True:
            try:
                async with asyncio.timeout(TELL_EVERY_S):
                    data, received = await queue.get()
            except TimeoutError:
                self._tell(reader)
                continue
            pieces = [(data, received), *(queue.get_nowait() for _ in range(min(BATCH, queue.qsize())))]
            ended = pieces[-1][0] == END
            try:
                for data, received in pieces:
                    self._seen += take(data, received)
            finally:
                self._tell(reader, at_once=ended)
            if ended:
                return
            await asyncio.sleep(0)  # so many pieces, and then it is others' turn

    def _tell(self, reader: Reader, *, at_once: bool = False) -> None:
        """Hand on what was seen, if it is time and there is anything new."""
        time, counts = asyncio.get_running_loop().time(), _with_dropped(reader.counts, self._dropped)
        count = counts.taken + sum(counts.refused.values())
        waits = time - self._told[0] < TELL_EVERY_S and not (at_once or reader.quarantined)
        if waits or count == self._told[1]:
            return
        seen, self._seen, self._told = self._seen, [], (time, count)
        messages = [one for one in seen if isinstance(one, ServiceMessage)]
        plots = [one for one in seen if not isinstance(one, ServiceMessage)]
        if messages:
            self._sensing.services(self._sensor.name, messages, self._now())
        self._sensing.heard(self._sensor.name, plots, counts, reader.quarantined, self._now())


def _with_dropped(counts: Counts, dropped: int) -> Counts:
    return counts._replace(refused={**counts.refused, "overrun": dropped}) if dropped else counts
