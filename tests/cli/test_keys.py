"""Keys and people without a running node: what root signs, and what a node finds when it starts."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commandline import Shell
from cryptography.x509 import load_pem_x509_certificate

from quartet.core.ids import MemberId, OfficerName
from quartet.exercise.setup import new_exchange
from quartet.node.folder import HubFolder, MemberFolder
from quartet.node.instance import claim
from quartet.node.keyset import HubKeys, Keyset
from quartet.node.office import charter_of, read_wire_manifest
from quartet.node.settings import load_member
from quartet.node.vault import open_vault
from quartet.serve import check_keys
from quartet.store import TickRow, open_store
from quartet.wire import hosts_of, is_listener, valid_until

NORTH = MemberId("north")
Run = Callable[..., Any]


@pytest.fixture
def north(tmp_path: Path) -> MemberFolder:
    new_exchange(tmp_path / "t", ("north", "east"))
    return MemberFolder(tmp_path / "t" / "north")


@pytest.fixture
def run(shell: Shell, north: MemberFolder) -> Run:
    def do(*arguments: str | Path) -> Any:
        said = shell(*arguments, "--dir", north.root, "--json")
        assert (said.code, said.error) == (0, "")
        return json.loads(said.out)

    return do


@pytest.mark.parametrize("use", ["item", "link"])
def test_a_rotated_key_is_the_one_that_the_manifest_names(run: Run, north: MemberFolder, use: str) -> None:
    before = {key["id"] for key in run("keys", "show")["keys"] if key["use"] == use}

    rotated = run("keys", "rotate", use)

    assert rotated["version"] == 2
    assert rotated["key"] not in before
    check_keys(north, load_member(north), charter_of(north), Keyset.of(open_vault(north.vault)))


def test_a_lost_item_key_is_revoked_from_now_on(run: Run, north: MemberFolder) -> None:
    lost = run("keys", "show")["keys"][0]["id"]

    run("keys", "rotate", "item", "--revoke")

    manifest, _ = read_wire_manifest(north, NORTH, charter_of(north))
    assert [one.key_id for one in manifest.revocations] == [lost]
    shown = {key["id"]: key["revoked_from"] for key in run("keys", "show")["keys"]}
    assert shown[lost] == manifest.revocations[0].from_tick


def test_a_stolen_log_key_is_revoked_behind_what_the_log_holds_and_both_its_keys_are_new(
    run: Run, north: MemberFolder
) -> None:
    lost = {key["id"] for key in run("keys", "show")["keys"] if key["use"] == "log"}
    ahead = 4_000_000_000
    with_tick(north, ahead)

    run("keys", "rotate", "log")
    run("keys", "rotate", "log")

    manifest, _ = read_wire_manifest(north, NORTH, charter_of(north))
    gone = {one.key_id: one.from_tick for one in manifest.revocations}
    assert len(manifest.log_keys) == 6
    assert len(gone) == 4
    assert {gone[key] for key in lost} == {ahead + 1}, "what its log holds is not disowned"
    check_keys(north, load_member(north), charter_of(north), Keyset.of(open_vault(north.vault)))


def with_tick(folder: MemberFolder, number: int) -> None:
    """Give a member's log its first tick."""
    master = Keyset.of(open_vault(folder.vault)).store
    store = open_store(folder.path(load_member(folder).store), master)
    row = TickRow(number=number, leaf_index=0, root=bytes(32), secret=bytes(32), tick_path=b"")
    asyncio.run(store.write(lambda tx: tx.put_tick(row, [])))
    store.close()


def test_keys_stay_as_they_are_under_a_running_node(shell: Shell, north: MemberFolder) -> None:
    with claim(north):
        said = shell("keys", "rotate", "item", "--dir", north.root)

    assert (said.code, said.reason) == (3, "already-running")


def test_without_the_root_key_nothing_is_rotated(shell: Shell, north: MemberFolder) -> None:
    north.root_vault.unlink()

    said = shell("keys", "rotate", "item", "--dir", north.root)

    assert (said.code, said.reason) == (3, "no-root-key")
    assert read_wire_manifest(north, NORTH, charter_of(north))[0].version == 1


def test_an_officer_is_added_while_the_node_stands_still(run: Run) -> None:
    added = run("officer", "add", "second", "--roles", "watch,release")

    assert added["told"] is False
    named = {one["name"]: one for one in run("officer", "list")}
    assert named["second"] == {"name": "second", "roles": ["release", "watch"], "keys": [added["key"]]}


def test_an_officers_name_is_a_file_name(shell: Shell, north: MemberFolder) -> None:
    said = shell("officer", "add", "../second", "--dir", north.root)

    assert (said.code, said.reason) == (2, "bad-name")


def test_outside_a_trial_a_new_key_needs_a_passphrase_of_its_own(shell: Shell, north: MemberFolder) -> None:
    north.settings.write_text(north.settings.read_text().replace("trial = true", "trial = false"))

    said = shell("officer", "add", "second", "--dir", north.root)

    assert (said.code, said.reason) == (2, "no-passphrase")
    assert not north.officer_key(OfficerName("second")).exists()


def test_a_damaged_charter_is_named(shell: Shell, north: MemberFolder) -> None:
    north.charter.write_bytes(north.charter.read_bytes().replace(b"A", b"B", 1))

    said = shell("charter", "show", "--dir", north.root)

    assert (said.code, said.reason) == (4, "charter-damaged")


def test_a_folder_that_is_not_empty_is_left_alone(shell: Shell, north: MemberFolder) -> None:
    said = shell("new-exchange", north.root.parent)

    assert said.code != 0
    assert said.reason == "folder-not-empty"


def test_a_new_certificate_is_good_for_two_years_and_of_the_same_authority(run: Run, north: MemberFolder) -> None:
    before = Keyset.of(open_vault(north.vault))

    renewed = run("keys", "renew")

    after = Keyset.of(open_vault(north.vault))
    assert after.tls.cert != before.tls.cert
    assert (after.tls_ca, after.nkey, after.item.id) == (before.tls_ca, before.nkey, before.item.id)
    assert valid_until(after.tls.cert) >= valid_until(before.tls.cert)
    assert renewed["name"] == "north"
    issued_by(after.tls_ca, after.tls.cert)


def test_a_certificate_for_those_who_connect_names_their_addresses_and_keeps_them(
    shell: Shell, run: Run, north: MemberFolder
) -> None:
    assert not is_listener(Keyset.of(open_vault(north.vault)).tls.cert)

    run("keys", "renew", "--host", "192.0.2.7", "--host", "north.example")
    run("keys", "renew")
    odd = shell("keys", "renew", "--host", "https://north.example", "--dir", north.root)
    hub = shell("keys", "renew", "--hub", north.root.parent / "hub-1", "--host", "192.0.2.7", "--dir", north.root)

    cert = Keyset.of(open_vault(north.vault)).tls.cert
    assert is_listener(cert)
    assert set(hosts_of(cert)) == {"192.0.2.7", "north.example", "localhost", "127.0.0.1"}
    assert (odd.reason, hub.reason) == ("bad-host", "bad-host")


def issued_by(authority: bytes, cert: bytes) -> None:
    """Raise unless this authority signed the certificate."""
    load_pem_x509_certificate(cert).verify_directly_issued_by(load_pem_x509_certificate(authority))


def test_a_hubs_certificate_is_renewed_by_its_host_alone(shell: Shell, run: Run, north: MemberFolder) -> None:
    hub = HubFolder(north.root.parent / "hub-1")
    before = HubKeys.of(open_vault(hub.vault)).tls.cert

    assert run("keys", "renew", "--hub", hub.root)["name"] == "hub-1"
    refused = shell("keys", "renew", "--hub", hub.root, "--dir", north.root.parent / "east")

    assert HubKeys.of(open_vault(hub.vault)).tls.cert != before
    assert (refused.code, refused.reason) == (2, "unknown-hub")


def test_a_certificate_stays_as_it_is_under_a_running_node(shell: Shell, north: MemberFolder) -> None:
    with claim(north):
        said = shell("keys", "renew", "--dir", north.root)

    assert (said.code, said.reason) == (3, "already-running")
