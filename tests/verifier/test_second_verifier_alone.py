"""The second verifier as a stranger runs it: on files of a running exchange, with Node and nothing else."""

import hashlib
import json
import subprocess
from pathlib import Path

import proof_world as w
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.bindings import crypto_core_ed25519_scalar_mul, crypto_core_ed25519_scalar_reduce
from second import VERIFIER, asked, node, spelt
from test_export import HOURLY
from world import exchange

from quartet.cli.main import run as quartet
from quartet.core.faults import Fault
from quartet.core.keys import preauth

pytestmark = pytest.mark.anyio


def run(*words: str | Path) -> tuple[int, str, str]:
    """Return exit code, output and error of the verifier on the command line, far from the source tree."""
    done = subprocess.run(
        [node(), str(VERIFIER), *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def quartets(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """Return exit code, output and reason of `quartet verify`."""
    capsys.readouterr()
    code = quartet(["verify", *map(str, words)])
    said = capsys.readouterr()
    return int(code), said.out, said.err.partition(":")[0]


async def test_proofs_of_a_running_exchange_hold_and_are_told_in_the_same_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with exchange(tmp_path, "north", "east") as world:
        report = await world.send("north", ["east"], "near Dam 3")
        await world.until(lambda: world.holds("east", report.ref))
        derived = await world.send("east", ["north"], "as north says, near Dam 3", contains=(report.ref,))
        await world.until(lambda: world.proven("east", report.ref) and world.proven("north", derived.ref))
        proofs = [
            world.nodes[m].copies.proof(world.viewer(m), r.ref) for m, r in (("east", report), ("north", derived))
        ]
    charter, path = tmp_path / "charter.json", tmp_path / "item.proof"
    charter.write_bytes(world.charter_bytes())
    for proof in proofs:
        path.write_bytes(proof)
        for more in ((), ("--json",)):
            told = quartets(capsys, path, "--charter", charter, *more)
            assert told[0] == 0
            assert run(path, "--charter", charter, *more) == told
        path.write_bytes(proof[:-200] + bytes([proof[-200] ^ 1]) + proof[-199:])
        refused = quartets(capsys, path, "--charter", charter)
        code, said, error = run(path, "--charter", charter)
        assert (code, said, error.partition(":")[0]) == refused
        assert refused[0] == 4


def test_what_is_no_proof_ends_with_four_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof, charter = tmp_path / "item.proof", tmp_path / "charter.json"
    proof.write_bytes(HOURLY.proof())
    charter.write_bytes(w.charter("Another"))

    code, said, error = run(proof, "--charter", charter, "--json")

    assert (code, json.loads(said)["problems"][0]["reason"]) == (4, "other-charter")
    assert error.startswith("other-charter: ")
    assert quartets(capsys, proof, "--charter", charter)[::2] == (4, "other-charter")


def test_what_is_asked_wrongly_ends_with_two(tmp_path: Path) -> None:
    assert run()[0] == run(tmp_path / "item.proof")[0] == run("item.proof", "--charter")[0] == 2
    code, _, error = run(tmp_path / "none.proof", "--charter", tmp_path / "none.json")
    assert (code, error.split(":")[0]) == (2, "no-file")


def test_a_signature_that_some_libraries_take_and_others_do_not_is_refused_by_both() -> None:
    """The neutral point for R, and k times the secret for S: the equation holds, and no honest signer makes it."""
    secret = w.key("north", "item")
    data = b'{"v":1}'
    message = preauth("statement", data)
    neutral = b"\x01" + bytes(31)
    half = bytearray(hashlib.sha512(secret.seed).digest()[:32])
    half[0] &= 248
    half[31] = half[31] & 127 | 64
    scalar = crypto_core_ed25519_scalar_reduce(bytes(half) + bytes(32))
    k = crypto_core_ed25519_scalar_reduce(hashlib.sha512(neutral + secret.public.raw + message).digest())
    sig = neutral + crypto_core_ed25519_scalar_mul(k, scalar)

    Ed25519PublicKey.from_public_bytes(secret.public.raw).verify(sig, message)
    with pytest.raises(Fault, match="bad-signature"):
        secret.public.verify("statement", data, sig)
    key = {"key": spelt(secret.public.raw), "message": spelt(message)}
    good = secret.sign("statement", data)
    said = asked([{"door": "signature", **key, "sig": spelt(one)} for one in (good, sig)])
    assert [answer.value for answer in said] == [True, False]
