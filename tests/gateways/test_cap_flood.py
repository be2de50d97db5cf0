"""A flood of readers shuts out no early warning and costs the node little; what is secret goes over TLS alone."""

import asyncio
import socket
import ssl
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import nats
import nkeys
import pytest
from cap import checked, said
from capdoors import BEARER, SHA256, door, early, free_port, opened, rows, until_up
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import ValidationError
from nats.aio.client import Client
from warned import shown, warn
from world import exchange

from quartet.gateways.cap.doors import door_of
from quartet.gateways.cap.offer import Offer
from quartet.gateways.cap.serving import MAX_CONNECTIONS, MAX_FROM_ONE, Connection, Connections
from quartet.wire.natsbinary import find_binary

pytestmark = pytest.mark.anyio


def lines(port: int, count: int) -> list[socket.socket]:
    """Open so many connections that never ask for anything whole."""
    found = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(count)]
    for one in found:
        one.sendall(b"GET /cap/feed HTTP/1.1\r\n")
    return found


@pytest.mark.parametrize("apart", [False, True])
async def test_an_early_warning_is_taken_while_readers_hold_all_the_connections_that_they_may(
    tmp_path: Path, apart: bool
) -> None:
    port, other = free_port(), free_port()
    settings = door(
        listen=f"127.0.0.1:{port}",
        listen_in=f"127.0.0.1:{other}" if apart else None,
        sources=[{"name": "met", "token_sha256": SHA256}],
    )
    async with exchange(tmp_path, "north", "east") as world, opened(world, settings, tmp_path / "cap"):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{other if apart else port}") as client:
            await until_up(client, "/cap/in/none", b"")
        with ExitStack() as stack:
            for one in await asyncio.to_thread(lines, port, MAX_FROM_ONE - 1 if not apart else 3 * MAX_FROM_ONE):
                stack.enter_context(one)
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{other if apart else port}") as client:
                answer = await client.post("/cap/in/met", content=early(world), headers=BEARER)

        assert answer.status_code == 200
        if apart:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{other}") as client:
                assert (await client.get("/cap/feed")).status_code == 405
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
                assert (await client.post("/cap/in/met", content=early(world), headers=BEARER)).status_code == 405


class _Line(Connection):
    """A connection without a server: whether it is being answered is said."""

    def __init__(self, *, idle: bool) -> None:
        self._said, self.aborted = idle, False
        self.transport = self  # type: ignore[assignment]

    @property
    def idle(self) -> bool:
        return self._said

    def abort(self) -> None:
        self.aborted = True


def test_no_address_has_more_than_its_share_and_an_idle_connection_makes_room_for_a_new_one() -> None:
    one = Connections()
    first = [_Line(idle=True) for _ in range(MAX_FROM_ONE)]
    assert all(one.admit(line, "192.0.2.1") for line in first)
    assert not one.admit(_Line(idle=True), "192.0.2.1")
    assert all(one.admit(_Line(idle=True), f"2001:db8::{n:x}") for n in range(MAX_FROM_ONE))
    assert not one.admit(_Line(idle=True), "2001:db8::ffff")

    busy = [_Line(idle=False) for _ in range(MAX_CONNECTIONS - 2 * MAX_FROM_ONE)]
    assert all(one.admit(line, f"198.51.100.{n}") for n, line in enumerate(busy))
    assert one.admit(_Line(idle=False), "203.0.113.9")
    assert [line.aborted for line in first] == [True, *[False] * (MAX_FROM_ONE - 1)]
    assert one.admit(_Line(idle=True), "192.0.2.1")
    assert not any(line.aborted for line in busy)

    for line in first[1:]:
        one.gone(line)
    assert one.admit(_Line(idle=True), "192.0.2.1")


async def test_a_thousand_readers_cost_one_look_and_each_sees_a_change_at_once(tmp_path: Path) -> None:
    port = free_port()
    settings = door(listen=f"127.0.0.1:{port}", token_sha256=SHA256, principals=["duty"])
    looks: list[int] = []

    async with exchange(tmp_path, "north", "east") as world:
        doors = world.nodes["north"].desk.doors
        asked = doors.warnings

        def counted(of: object) -> object:
            looks.append(1)
            return asked(of)  # type: ignore[arg-type]

        doors.warnings = counted  # type: ignore[assignment,method-assign]
        async with (
            opened(world, settings, tmp_path / "cap"),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=BEARER) as client,
        ):
            await until_up(client, "/", b"")
            began, before = asyncio.get_running_loop().time(), len(looks)
            for _ in range(20):
                await asyncio.gather(*(client.get("/cap/feed") for _ in range(10)))
            took = asyncio.get_running_loop().time() - began
            assert len(looks) - before <= took + 2

            row = (await shown(world, "north", await warn(world, desks=("east",)))).row
            assert row.id in (await client.get("/cap/feed")).text
            await world.recall("north", row.ref)
            assert (await client.get(f"/cap/{row.id}.xml")).status_code == 404


async def test_what_is_over_is_given_no_more_though_nothing_was_said(tmp_path: Path) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        settings = door(principals=["duty"])
        offer = Offer(settings, world.nodes["north"], lambda: door_of(settings, world.nodes["north"]))
        await warn(world, desks=("east",))
        assert len(offer.given().told) == 1
        world.later(2 * 3600 + 1)

        assert offer.given().told == ()


@pytest.mark.parametrize(
    "more",
    [
        {"nats": "nats://192.0.2.1:4222"},
        {"nats": "nats://127.0.0.1.example:4222"},
        {"nats": "tls://192.0.2.1:4222", "nats_token_file": "a", "nats_seed_file": "b"},
    ],
)
def test_a_server_on_another_machine_is_entered_over_tls_and_by_one_proof(more: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        door(sources=[{"name": "met", "subject": "early.met", **more}])


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate of this machine that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    (folder / "server.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pkcs8, pem = serialization.PrivateFormat.PKCS8, serialization.Encoding.PEM
    (folder / "server.key").write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return folder / "server.pem", folder / "server.key"


async def test_a_source_is_heard_over_tls_with_an_nkey(tmp_path: Path) -> None:
    folder, port = tmp_path / "cap", free_port()
    cert, key = certificate(folder)
    seed = nkeys.encode_seed(bytes(range(32)), nkeys.PREFIX_BYTE_USER)
    (folder / "seed").write_bytes(seed)
    (folder / "seed").chmod(0o600)
    public = nkeys.from_seed(bytearray(seed)).public_key.decode()
    (folder / "nats.conf").write_text(
        f'listen: "127.0.0.1:{port}"\nauthorization {{ users: [{{ nkey: {public} }}] }}\n'
        f'tls {{ cert_file: "{cert}", key_file: "{key}", handshake_first: true }}\n'
    )
    server = await asyncio.create_subprocess_exec(
        str(find_binary()), "-c", str(folder / "nats.conf"), stderr=asyncio.subprocess.DEVNULL
    )
    source = {
        "name": "met",
        "nats": f"tls://127.0.0.1:{port}",
        "nats_seed_file": "seed",
        "nats_ca_file": "server.pem",
        "subject": "early.met",
        "desks": ["east"],
    }
    try:
        async with exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[source]), folder):
            context = ssl.create_default_context(cafile=cert)
            async with asyncio.timeout(60):
                client = await nats.connect(
                    f"tls://127.0.0.1:{port}", tls=context, tls_handshake_first=True, nkeys_seed_str=seed.decode()
                )
                answer = await _asked(client, early(world))
            (row,) = await rows(world, "east")
            await client.close()
            assert said(checked(answer), "note") == [row.ref]
    finally:
        server.terminate()
        await server.wait()


async def _asked(client: Client, data: bytes) -> bytes:
    while True:
        try:
            answer = await client.request("early.met", data, timeout=5)
            return bytes(answer.data)
        except nats.errors.NoRespondersError:
            await asyncio.sleep(0.2)


async def test_no_token_is_told_to_a_server_that_offers_no_tls(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def stripped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"x","version":"2.11.0","max_payload":1048576,"auth_required":true}\r\n')
        heard.append(await reader.read(4096))
        writer.close()

    folder = tmp_path / "cap"
    folder.mkdir()
    (folder / "token").write_text("a word that nobody guesses")
    (folder / "token").chmod(0o600)
    server = await asyncio.start_server(stripped, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    source = {
        "name": "met",
        "nats": f"tls://127.0.0.1:{port}",
        "nats_token_file": "token",
        "subject": "early.met",
    }
    async with server, exchange(tmp_path, "north", "east") as world, opened(world, door(sources=[source]), folder):
        await world.until(lambda: bool(heard) and "early-source-away" in world.alarms("north"))

    assert all(b"nobody guesses" not in one and not one.startswith(b"CONNECT") for one in heard)
