"""Choose loopback ports that are free and stay so: none that the system itself gives to outgoing connections."""

import random
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from quartet.core.faults import Unavailable

LOWEST: Final = 10_240
HIGHEST: Final = 32_767
HOST: Final = "127.0.0.1"
FEW: Final = 256

_RANGE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")


def choose_ports(count: int) -> list[int]:
    """Return `count` different ports that are free now, or raise `Unavailable("no-port")`."""
    chosen: list[int] = []
    for port in _candidates(min(HIGHEST, _first_ephemeral() - 1)):
        if len(chosen) == count:
            return chosen
        if port not in chosen and _free(port):
            chosen.append(port)
    raise Unavailable("no-port", f"{len(chosen)} of {count} free on {HOST}")


def _candidates(highest: int) -> Iterator[int]:
    """Yield ports in no order: some at random, which nearly always do, and then all."""
    chance = random.SystemRandom()
    for _ in range(FEW):
        yield chance.randint(LOWEST, highest)
    every = list(range(LOWEST, highest + 1))
    chance.shuffle(every)
    yield from every


def _first_ephemeral() -> int:
    try:
        first = int(_RANGE.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return HIGHEST + 1
    return first if first > LOWEST + 1000 else HIGHEST + 1


def _free(port: int) -> bool:
    """Return whether nobody listens at a port, neither for connections nor for datagrams."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                return False
    return True
