"""Secrets under a passphrase: what opens, what does not, and what each refusal says."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartet.core.encoding import encode
from quartet.core.faults import Fault, Malformed, Unavailable, Untrusted
from quartet.node import vault as module
from quartet.node.vault import Vault, open_vault, passphrase_beside, read_passphrase

PASS = b"correct horse"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.vault"


def test_each_guess_at_a_passphrase_costs_dearly_where_no_test_made_it_cheap() -> None:
    spec = importlib.util.spec_from_file_location("vault_as_it_is", str(module.__file__))
    assert spec is not None
    assert spec.loader is not None
    as_it_is = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(as_it_is)

    assert (as_it_is.SCRYPT_N, as_it_is.SCRYPT_R, as_it_is.SCRYPT_P) == (2**15, 8, 1)


def test_what_was_put_in_comes_out(path: Path) -> None:
    Vault.create(path, PASS, {"item": b"\x01" * 32, "log": b""})

    opened = Vault.open(path, PASS)

    assert opened.secret("item") == b"\x01" * 32
    assert opened.names == {"item", "log"}


def test_the_file_is_for_its_owner_alone_and_shows_no_secret(path: Path) -> None:
    Vault.create(path, PASS, {"item": b"open sesame!"})

    assert path.stat().st_mode & 0o777 == 0o600
    assert b"sesame" not in path.read_bytes()
    assert "sesame" not in repr(Vault.open(path, PASS))


def test_a_wrong_passphrase_is_named(path: Path) -> None:
    Vault.create(path, PASS, {"item": b"x"})

    with pytest.raises(Untrusted) as caught:
        Vault.open(path, b"wrong horse")

    assert caught.value.reason == "wrong-passphrase"
    assert "--passphrase-file" in caught.value.detail


def test_any_changed_byte_is_damage(path: Path) -> None:
    Vault.create(path, PASS, {"item": b"x"})
    whole = path.read_bytes()

    for index in range(len(whole)):
        path.write_bytes(whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :])
        with pytest.raises(Untrusted) as caught:
            Vault.open(path, PASS)
        assert caught.value.reason == "vault-damaged"


def test_a_forged_head_with_a_right_sum_does_not_open(path: Path) -> None:
    Vault.create(path, PASS, {"item": b"x"})
    file = module._read(path)
    head = module._fresh(file.head)
    path.write_bytes(encode(module._File(head, file.data, module._sum(head, file.data))))

    with pytest.raises(Untrusted):
        Vault.open(path, PASS)


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_a_vault_or_a_fault(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("v") / "keys.vault"
    path.write_bytes(data)
    path.chmod(0o600)

    with pytest.raises(Fault):
        Vault.open(path, PASS)


def test_a_file_that_others_may_read_is_refused_with_what_to_do(path: Path) -> None:
    Vault.create(path, PASS, {"item": b"x"})
    path.chmod(0o640)

    with pytest.raises(Untrusted) as caught:
        Vault.open(path, PASS)

    assert caught.value.reason == "key-file-open"
    assert f"chmod 600 {path}" in caught.value.detail


def test_replacing_keeps_the_others_and_what_another_process_set(path: Path) -> None:
    first = Vault.create(path, PASS, {"item": b"1", "log": b"2"})
    second = Vault.open(path, PASS)

    second.replace("log", b"3")
    first.replace("item", b"4")

    opened = Vault.open(path, PASS)
    assert (opened.secret("item"), opened.secret("log")) == (b"4", b"3")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_removed_secret_is_gone(path: Path) -> None:
    vault = Vault.create(path, PASS, {"item": b"1", "log": b"2"})

    vault.remove("log")
    vault.remove("log")

    assert Vault.open(path, PASS).names == {"item"}


def test_no_two_writes_share_a_nonce(path: Path) -> None:
    vault = Vault.create(path, PASS, {"item": b"1"})
    nonces = {module._read(path).head.nonce}

    for _ in range(5):
        vault.replace("item", b"1")
        nonces.add(module._read(path).head.nonce)

    assert len(nonces) == 6


def test_a_vault_is_never_overwritten(path: Path) -> None:
    Vault.create(path, PASS, {"item": b"1"})

    with pytest.raises(Malformed, match="vault-exists"):
        Vault.create(path, PASS, {})


def test_a_missing_secret_or_file_is_named(path: Path) -> None:
    vault = Vault.create(path, PASS, {})

    with pytest.raises(Unavailable, match="no-secret: item"):
        vault.secret("item")
    with pytest.raises(Unavailable, match="no-file"):
        Vault.open(path.with_name("other.vault"), PASS)


def test_the_passphrase_comes_from_the_named_file_or_from_beside(path: Path) -> None:
    Vault.create(path, PASS, {"item": b"1"})
    with pytest.raises(Unavailable, match="no-passphrase"):
        open_vault(path)

    passphrase_beside(path).write_bytes(PASS + b"\n")
    passphrase_beside(path).chmod(0o600)
    other = path.with_name("other")
    other.write_bytes(b"another")
    other.chmod(0o600)

    assert open_vault(path).secret("item") == b"1"
    assert read_passphrase(path, other) == b"another"
    other.chmod(0o644)
    with pytest.raises(Untrusted, match="key-file-open"):
        read_passphrase(path, other)


def test_an_empty_passphrase_is_none(path: Path) -> None:
    passphrase_beside(path).touch(0o600)

    with pytest.raises(Malformed, match="passphrase-empty"):
        read_passphrase(path)
    with pytest.raises(Malformed, match="passphrase-empty"):
        Vault.create(path, b"", {})
