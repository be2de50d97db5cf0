"""Where the files of a member and of a hub lie. Nobody else spells a file name."""

from pathlib import Path
from typing import Final

from quartet.core.faults import Malformed
from quartet.core.ids import OfficerName

MAX_SOCKET_PATH: Final = 107
"""What the kernel's `sun_path` holds beside its final zero."""


class Folder:
    """What a member's folder and a hub's have in common."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    @property
    def settings(self) -> Path:
        """What this process is told: `settings.toml`."""
        return self.root / "settings.toml"

    @property
    def charter(self) -> Path:
        """The founding charter with its signatures."""
        return self.root / "charter.json"

    @property
    def acts(self) -> Path:
        """The charter's acts, one file each in their order: `0001.json`."""
        return self.root / "acts"

    @property
    def vault(self) -> Path:
        """The keys that the running process needs."""
        return self.root / "keys.vault"

    @property
    def pid(self) -> Path:
        """The running process's number."""
        return self.root / "node.pid"

    @property
    def ready(self) -> Path:
        """There while the process serves; holds its addresses."""
        return self.root / "ready"

    @property
    def run(self) -> Path:
        """What is made anew at each start: the settings and keys of the NATS server, its log."""
        return self.root / "run"

    @property
    def reserve(self) -> Path:
        """Room on the disk that is kept for the next start; nothing is in it."""
        return self.run / "reserve"

    def path(self, text: str) -> Path:
        """Return the path that a setting spells: from this folder, unless it is absolute."""
        return self.root / text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.root})"


class HubFolder(Folder):
    """A hub's folder: settings, charter, acts and the hub's own TLS key; nothing of any item."""


class MemberFolder(Folder):
    """A member's folder."""

    @property
    def root_vault(self) -> Path:
        """The root key; in operation this folder is on a medium that lies in a safe."""
        return self.root / "offline" / "root.vault"

    @property
    def instance(self) -> Path:
        """Which database this node left; in no backup."""
        return self.root / "instance"

    @property
    def newcomer(self) -> Path:
        """What the act of this member's admission says of it; made with its keys, for the others to read."""
        return self.root / "newcomer.json"

    @property
    def manifests(self) -> Path:
        """The wire manifest and the officer manifest of this member, and the newest known of each other one."""
        return self.root / "manifests"

    @property
    def officers(self) -> Path:
        """The officers' own keys, a vault each."""
        return self.root / "officers"

    @property
    def signin(self) -> Path:
        """How this member's officers sign in at the console; sealed."""
        return self.root / "signin.book"

    @property
    def places(self) -> Path:
        """The book of places: what is known of countries, cities and the member's own places."""
        return self.root / "places.json"

    def wire_manifest(self, member: str) -> Path:
        """The newest wire manifest of `member` that this folder has."""
        return self.manifests / f"{member}.wire.json"

    def officer_manifest(self, member: str) -> Path:
        """The newest officer manifest of `member` that this folder has."""
        return self.manifests / f"{member}.officers.json"

    def officer_key(self, name: OfficerName) -> Path:
        """The vault with this officer's key; raise `Malformed("bad-name")` for a name that is no file name."""
        check_file_name(name)
        return self.officers / f"{name}.key"


def check_file_name(name: str) -> None:
    """Raise `Malformed("bad-name")` unless `name` can be a file's name, and shows in a list of files."""
    if not name or "/" in name or name.startswith(".") or not name.isprintable() or len(name.encode()) > 128:
        raise Malformed("bad-name", f"{name[:64]!r}: no slash, no leading dot, printable, not empty")


def check_socket_path(path: Path) -> None:
    """Raise `Malformed("socket-path-long")` where the kernel would refuse the path of a local socket."""
    if len(str(path).encode()) > MAX_SOCKET_PATH:
        raise Malformed(
            "socket-path-long", f"{path}: more than {MAX_SOCKET_PATH} bytes: set api.socket to a shorter one"
        )
