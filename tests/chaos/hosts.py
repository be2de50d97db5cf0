"""Each server on a host of its own: a network namespace with its address, by a cable of its own to one switch.

The lines stand at the switch, in the namespace of this program. It needs root, and takes away what it made; what a run
left that was killed, the next one takes away.
"""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

WANTING: Final = "--namespaces needs root, and the command ip (Debian: iproute2)"
HOST_NAME: Final = re.compile(r"^qh(\d+)-\S+")
SWITCH_NAME: Final = re.compile(r"^qs(\d+)$")


class Hosts:
    """The hosts of one run, by the names of their servers."""

    def __init__(self, names: Sequence[str]) -> None:
        self._run = os.getpid()
        self._net = f"10.{200 + self._run % 50}.{self._run // 50 % 250}"
        self._number = {name: number for number, name in enumerate(names, 2)}
        self.switch = f"{self._net}.1"

    def address(self, name: str) -> str:
        """Return where a host is."""
        return f"{self._net}.{self._number[name]}"

    def inside(self, name: str) -> tuple[str, ...]:
        """Return what stands before a command so that it runs on a host."""
        return ("ip", "netns", "exec", self._host(name))

    def unplug(self, name: str) -> None:
        """Take a host's cable out."""
        _ip("link", "set", self._cable(name), "down")

    def plug_in(self, name: str) -> None:
        """Put a host's cable back."""
        _ip("link", "set", self._cable(name), "up")

    def make(self) -> None:
        """Make the switch, and each host with its cable and its address."""
        switch = f"qs{self._run}"
        _ip("link", "add", switch, "type", "bridge")
        _ip("address", "add", f"{self.switch}/24", "dev", switch)
        _ip("link", "set", switch, "up")
        for name in self._number:
            host, cable = self._host(name), self._cable(name)
            _ip("netns", "add", host)
            _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", host)
            _ip("link", "set", cable, "master", switch, "up")
            _ip("-n", host, "address", "add", f"{self.address(name)}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                _ip("-n", host, "link", "set", device, "up")

    def _host(self, name: str) -> str:
        return f"qh{self._run}-{name}"

    def _cable(self, name: str) -> str:
        return f"qv{self._run}x{self._number[name]}"


def can() -> bool:
    """Return whether hosts can be made at all."""
    return os.geteuid() == 0 and shutil.which("ip") is not None


@contextlib.contextmanager
def made(names: Sequence[str]) -> Iterator[Hosts]:
    """Have hosts for servers of these names; none is left of them, nor of a run that was killed."""
    take_away(lambda run: not Path(f"/proc/{run}").exists())
    hosts = Hosts(names)
    try:
        hosts.make()
        yield hosts
    finally:
        take_away(lambda run: run == os.getpid())


def take_away(of: Callable[[int], bool]) -> None:
    """Take away the hosts, with their cables, and the switches of the runs for which `of` says so."""
    for line in _ip("netns", "list").splitlines():
        host = HOST_NAME.match(line)
        if host and of(int(host[1])):
            _ip("netns", "delete", host[0])
    for line in _ip("-brief", "link", "show", "type", "bridge").splitlines():
        switch = SWITCH_NAME.match(line.split()[0])
        if switch and of(int(switch[1])):
            _ip("link", "delete", switch[0])


def _ip(*words: str) -> str:
    done = subprocess.run(("ip", *words), capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout
