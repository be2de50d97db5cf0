"""A trial exchange as it is made: every piece verifies, no secret is open, and nothing is written over."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from quartet.core.charter import CharterState, found
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId, Micros, OfficerName
from quartet.core.manifest import keyring
from quartet.core.membership import State
from quartet.exercise import setup
from quartet.exercise.plan import Duty, Plan
from quartet.exercise.setup import make_exchange, new_exchange
from quartet.exercise.up import find_parts
from quartet.node import vault
from quartet.node.direct import check_certificate, partners_of
from quartet.node.folder import HubFolder, MemberFolder
from quartet.node.keyset import HubKeys, Keyset, OfflineKeys
from quartet.node.office import charter_of, read_officer_manifest, read_wire_manifest
from quartet.node.officerkey import read_officer_key
from quartet.node.settings import load_hub, load_member
from quartet.node.vault import open_vault
from quartet.wire import fingerprint, is_listener

MEMBERS = ("north", "east", "south", "west")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "trial"
    new_exchange(directory, MEMBERS, tick_s=0.5, recall_delay_s=60, hubs=2)
    return directory


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "SCRYPT_N", 16)


def state_of(made: Path) -> CharterState:
    return charter_of(MemberFolder(made / "north"))


def test_the_charter_is_signed_by_all_and_the_same_everywhere(made: Path) -> None:
    copies = {path.read_bytes() for path in made.glob("*/charter.json")}

    assert len(copies) == 1
    state = found(copies.pop())
    assert set(state.members) == set(MEMBERS)
    assert (state.charter.tick, state.charter.recall_delay) == (500_000, 60_000_000)
    assert [(hub.name, hub.host) for hub in state.hubs] == [("hub-1", "north"), ("hub-2", "east")]


@pytest.mark.parametrize("member", MEMBERS)
def test_a_members_manifests_name_the_keys_in_its_vaults(made: Path, member: Any) -> None:
    folder = MemberFolder(made / member)
    state = state_of(made)
    keys = Keyset.of(open_vault(folder.vault))

    wire, _ = read_wire_manifest(folder, member, state)
    people, _ = read_officer_manifest(folder, member, state)

    ring = keyring(state, [wire], [people])
    assert ring.item_key(member, keys.item.id) == keys.item.public
    assert wire.log_key() == keys.log.public
    assert wire.slow_log_key()
    assert wire.link_key == keys.link.public.text
    assert wire.nkey == state.members[member].nkey == keys.nkey_public
    duty = ring.officer(member, "duty")
    assert duty is not None
    assert set(duty.keys) == {read_officer_key(open_vault(folder.officer_key(OfficerName("duty")))).id}


@pytest.mark.parametrize("member", MEMBERS)
def test_root_and_authority_lie_offline_and_only_there(made: Path, member: Any) -> None:
    folder = MemberFolder(made / member)
    offline = OfflineKeys.of(open_vault(folder.root_vault))
    online = open_vault(folder.vault)

    assert offline.root.public == state_of(made).root_key(member)
    assert online.secret("tls_ca") == offline.authority.cert
    held = {online.secret(name) for name in online.names}
    assert not {offline.root.seed, offline.authority.key} & held


def test_no_two_members_share_a_secret(made: Path) -> None:
    seen: list[bytes] = []
    for path in made.glob("*/**/*.pass"):
        opened = open_vault(next(p for p in path.parent.glob(f"{path.stem}.*") if p.suffix in {".vault", ".key"}))
        seen += [opened.secret(name) for name in opened.names if "cert" not in name and name != "tls_ca"]

    assert len(seen) == len(set(seen)) > 4 * 9


def test_secrets_are_for_their_owner_alone(made: Path) -> None:
    for path in made.rglob("*"):
        mode = path.stat().st_mode & 0o777
        if path.is_dir():
            assert mode == 0o700, path
        elif path.name not in {"charter.json", "TRIAL.txt"} and not path.name.endswith(".wire.json"):
            assert mode == 0o600, path


def test_the_settings_are_read_and_no_port_is_given_twice(made: Path) -> None:
    hubs, members = find_parts(made)
    ports = [load_member(MemberFolder(root)).wire.port for root in members]
    for root in hubs:
        wire = load_hub(HubFolder(root)).wire
        ports += [wire.port, wire.admin_port, wire.route_port or 0]

    assert [root.name for root in members] == sorted(MEMBERS)
    assert len(set(ports)) == 4 + 2 * 3
    assert all(load_member(MemberFolder(root)).exercise.trial for root in members)


def test_a_hubs_certificate_comes_from_its_host(made: Path) -> None:
    hub = HubKeys.of(open_vault(HubFolder(made / "hub-1").vault))
    north = Keyset.of(open_vault(MemberFolder(made / "north").vault))

    from cryptography import x509

    issued = x509.load_pem_x509_certificate(hub.tls.cert)
    issued.verify_directly_issued_by(x509.load_pem_x509_certificate(north.tls_ca))
    assert fingerprint(north.tls_ca) == fingerprint(open_vault(MemberFolder(made / "north").vault).secret("tls_ca"))


def test_it_says_trial_where_it_lies(made: Path) -> None:
    assert (made / "TRIAL.txt").read_text().startswith("TRIAL")


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")

    with pytest.raises(Malformed, match=r"folder-not-empty: .*mine\.txt"):
        new_exchange(tmp_path, MEMBERS)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(Malformed, match="folder-not-empty"):
        new_exchange(tmp_path / "mine.txt", MEMBERS)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        (["north"], "bad-members"),
        ([], "bad-members"),
        ([f"m{n}" for n in range(9)], "bad-members"),
        (["north", "east", "north"], "member-twice"),
        (["north", "East"], "bad-member-name"),
        (["north", ""], "bad-member-name"),
        (["north", "../east"], "bad-member-name"),
        (["north", "hub-1"], "bad-member-name"),
    ],
)
def test_bad_members_are_refused_before_anything_is_made(tmp_path: Path, members: list[str], reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        new_exchange(tmp_path / "trial", members)

    assert caught.value.reason == reason
    assert not (tmp_path / "trial").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"hubs": 0},
        {"hubs": 3},
        {"tick_s": 0.01},
        {"recall_delay_s": -1},
        {"cover": "fog"},
        {"officers": ()},
        {"officers": (Duty(OfficerName("a")), Duty(OfficerName("a")))},
        {"officers": (Duty(OfficerName("a/b")),)},
        {"officers_of": {"west": (Duty(OfficerName("a")),)}},
    ],
)
def test_bad_terms_are_refused_before_anything_is_made(tmp_path: Path, wrong: dict[str, Any]) -> None:
    plan = Plan((MemberId("north"), MemberId("east")))

    with pytest.raises(Malformed):
        make_exchange(tmp_path / "trial", msgspec.structs.replace(plan, **wrong))

    assert not (tmp_path / "trial").exists()


@pytest.mark.usefixtures("cheap")
def test_members_may_have_officers_of_their_own(tmp_path: Path) -> None:
    north, east = MemberId("north"), MemberId("east")
    ann = Duty(OfficerName("Ann O'Hara"), ("release", "watch"))
    told: list[tuple[str, int, int]] = []

    make_exchange(tmp_path / "t", Plan((north, east), officers_of={north: (ann,)}), lambda *step: told.append(step))

    folder = MemberFolder(tmp_path / "t" / "north")
    people, _ = read_officer_manifest(folder, north, charter_of(folder))
    assert [(one.name, one.roles) for one in people.officers] == [("Ann O'Hara", ("release", "watch"))]
    assert folder.officer_key(ann.name).exists()
    assert told == [("east", 1, 3), ("north", 2, 3), ("hub-1", 3, 3)]


@pytest.mark.usefixtures("cheap")
def test_what_cannot_be_written_whole_is_taken_away_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise Unavailable("cannot-write", "No space left on device")

    monkeypatch.setattr(setup, "_write_hub", full)
    directory = tmp_path / "trial"

    with pytest.raises(Unavailable, match="cannot-write"):
        new_exchange(directory, MEMBERS)

    assert list(directory.iterdir()) == []


@pytest.mark.usefixtures("cheap")
def test_an_altered_charter_is_named(tmp_path: Path) -> None:
    new_exchange(tmp_path / "trial", MEMBERS)
    folder = MemberFolder(tmp_path / "trial" / "east")
    whole = folder.charter.read_bytes()

    for index in range(0, len(whole), 97):
        folder.charter.write_bytes(whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :])
        with pytest.raises(Untrusted) as caught:
            charter_of(folder)
        assert caught.value.reason == "charter-damaged"
        assert str(folder.charter) in caught.value.detail


def test_a_direct_link_is_written_at_both_ends_and_only_who_listens_can(tmp_path: Path, cheap: None) -> None:
    new_exchange(tmp_path, MEMBERS, direct=[("north", "east"), ("south", "north")])
    folders = {name: MemberFolder(tmp_path / name) for name in MEMBERS}
    wires = {name: load_member(folder).wire for name, folder in folders.items()}

    assert [(one.member, one.url is None) for one in wires["north"].direct] == [("east", True), ("south", False)]
    assert [one.url for one in wires["east"].direct] == [f"tls://{wires['north'].direct_listen}"]
    assert wires["east"].direct_listen is wires["west"].direct_listen is None
    listeners = {name for name in MEMBERS if is_listener(Keyset.of(open_vault(folders[name].vault)).tls.cert)}
    assert listeners == {"north", "south"}
    check_certificate(folders["north"], load_member(folders["north"]), Keyset.of(open_vault(folders["north"].vault)))
    with pytest.raises(Malformed, match=r"no-listener-certificate: .*quartet keys renew --host HOST --dir"):
        check_certificate(folders["east"], load_member(folders["north"]), Keyset.of(open_vault(folders["east"].vault)))


def test_partners_are_those_of_the_charter_who_have_not_left(tmp_path: Path, cheap: None) -> None:
    new_exchange(tmp_path, MEMBERS, direct=[("north", "east"), ("north", "west")])
    settings, state = load_member(MemberFolder(tmp_path / "north")), state_of(tmp_path)
    now = Micros(2**52)

    def after(what: State) -> tuple[str, ...]:
        changed = replace(state, membership=state.membership.with_span(MemberId("east"), now, what))
        return tuple(one.id for one in partners_of(settings, changed, now))

    assert after("active") == after("suspended") == ("east", "west")
    assert after("withdrawn") == ("west",)
    fewer = replace(state, members={m: state.members[m] for m in (MemberId("north"), MemberId("south"))})
    with pytest.raises(Malformed, match=r"unknown-member: east, west of wire\.direct: the charter has north, south"):
        partners_of(settings, fewer, now)


@pytest.mark.parametrize("pair", [("north", "north"), ("north", "west-9"), ("east", "north")])
def test_a_pair_that_is_none_or_doubled_is_refused(tmp_path: Path, pair: tuple[str, str]) -> None:
    with pytest.raises(Malformed, match="bad-direct"):
        new_exchange(tmp_path, MEMBERS, direct=[("north", "east"), pair])
