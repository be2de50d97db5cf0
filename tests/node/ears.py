"""Sensors of a node that are heard byte by byte, by the code that hears them at a socket, at a clock that stands."""

from collections.abc import Callable
from typing import Any

from msgspec import convert

from quartet.core.ids import Micros
from quartet.node.node import Node
from quartet.node.sensing import SensorState
from quartet.node.sensor import Sensor
from quartet.sensors.door import Reader
from quartet.sensors.live import Listening


class Ear:
    """One sensor of a member: its settings, its door, and its feed."""

    def __init__(self, node: Node, listening: Listening, reader: Reader, now: Callable[[], Micros], name: str) -> None:
        self._node = node
        self._listening = listening
        self._reader = reader
        self._now = now
        self._name = name

    def hears(self, *datagrams: bytes) -> None:
        """Let datagrams come in now: their plots are handed on to the node."""
        for data in datagrams:
            self._listening._seen += self._reader.datagram(data, self._now())
        self._listening._tell(self._reader, at_once=True)

    @property
    def state(self) -> SensorState:
        """How the node says that the sensor is."""
        return next(one for one in self._node.sensing.states if one.name == self._name)


async def an_ear(node: Node, now: Callable[[], Micros], **settings: Any) -> Ear:
    """Open a sensor of a node as its settings say; without others for this member alone."""
    sensor = convert({"tlp": "AMBER", **settings}, Sensor)
    listening = Listening(sensor, node.sensing, now)
    reader = await listening._opened()
    assert sensor.feed is not None
    await node.sensing.open(sensor.name, sensor.feed)
    return Ear(node, listening, reader, now, sensor.name)
