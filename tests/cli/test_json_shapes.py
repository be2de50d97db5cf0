"""The documents that scripts depend on: each command's `--json`, name by name and type by type.

A field may be added here; one that goes, or changes its type, breaks somebody's script.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from commandline import Shell
from trial import Trial, trial

TIME = "time"
SENT = {"id": "str", "ref": "str"}
ROW = {**SENT, "author": "str", "kind": "str", "title": "str", "tlp": "str", "at": TIME, "precedence": "str",
       "recalled": "bool"}  # fmt: skip
LISTED = {**ROW, "thread": "null", "messages": "int", "spoken": "null", "expires": "null", "corrected": "bool",
          "exercise": "bool"}  # fmt: skip
SEARCHED = {"hits": [LISTED], "count": "int", "more": "bool", "kinds": {"report": "int"}, "authors": {"north": "int"},
            "suggestions": []}  # fmt: skip
MARKING = {"tlp": "str", "rel": ["str"], "onward": "str", "mode": "str"}
SHOWN = {
    **ROW,
    "body": {"title": "str", "text": "str", "attachments": []},
    "marking": MARKING,
    "on_record": {"k": "int", "n": "int", "at": TIME, "absent": []},
    "provenance": {
        "officer": "str", "hat": "str", "key_id": "str", "asserted": "bool", "clock": "str", "contains": [],
        "cites": [], "grants": [], "received": TIME, "superseded_by": [], "corrects": [],
    },
    "attachments": [],
    "thread": "null",
    "stays": "null",
    "exercise": "bool",
}  # fmt: skip
LOG = {"size": "int", "cosigners": "int", "witnesses": "int"}
MEMBERS = ("east", "north", "south", "west")
VERIFIED = {"ok": "bool", "logs": dict.fromkeys(MEMBERS, LOG), "problems": []}
LINK = {
    "member": "str",
    "state": "str",
    "heard": TIME,
    "due": "int",
    "way": {"by": "str", "hub": "str", "direct": "bool", "trouble": "str"},
    "lag_ms": "int",
    "detail": "str",
    "carried_out": "null",
    "carried_in": "null",
    "behind_s": "null",
}
STATUS = {
    "member": "str", "exchange": "str", "name": "str", "version": "str", "trial": "bool", "at": TIME, "clock": "str",
    "epoch": "int", "items": "int", "links": [LINK], "logs": dict.fromkeys(MEMBERS, LOG), "alarms": [],
    "words": {"items": "int", "whole": "bool", "size": "int"},
    "assist": [], "cover": "str", "silent": {}, "absent": {},
}  # fmt: skip
TRACK = {"id": "str", "lat": "float", "lon": "float", "alt_m": "float", "speed_mps": "null", "track_deg": "null",
         "at": TIME, "from": "str", "tlp": "str", "kind": "str", "accuracy_m": "float", "roots": ["str"],
         "state": "str", "parts": [{"from": "str", "id": "str", "at": TIME, "gives": ["str"]}]}  # fmt: skip
ACT = {"file": "str", "kind": "str", "subject": "null", "missing": ["str"]}
CHARTER = {
    "exchange": "str", "name": "str", "epoch": "int", "head": "str", "tick_s": "float", "recall_delay_s": "float",
    "cover": "str",
    "members": [{"id": "str", "state": "str", "root_key": "str"}], "absent": {},
    "hubs": [{"name": "str", "host": "str", "address": "str"}],
    "circles": [{"name": "str", "members": ["str"], "idle": []}], "agreements": [],
}  # fmt: skip

Asked = Callable[..., Any]


def shape(value: Any) -> Any:
    """Return the names and types of a document; a list is as its first entry."""
    match value:
        case dict():
            return {name: shape(one) for name, one in value.items()}
        case list():
            return [shape(one) for one in value[:1]]
        case str() if value[4:5] == "-" and value[10:11] == "T" and value.endswith("Z"):
            return TIME
        case None:
            return "null"
        case _:
            return type(value).__name__


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("x") / "t", recall_delay_s=10) as made:
        yield made


@pytest.fixture
def asked(shell: Shell, exchange: Trial) -> Asked:
    """Return how to run a member's command with --json: one document, exit 0 or 1, nothing on standard error."""

    def ask(member: str, *words: str | Path, stdin: bytes = b"") -> Any:
        said = shell(*words, "--dir", exchange[member].root, "--json", stdin=stdin)
        assert said.code in (0, 1), said.error
        assert (said.error, said.out.count("\n")) == ("", 1)
        return json.loads(said.out)

    return ask


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.05)


def sent(asked: Asked) -> str:
    """Send an item to east and south, and return its reference once both have it and it is on record."""
    answer = asked("north", "send", "--tlp", "AMBER", "--to", "east,south", "-", stdin=b"shapes\n")
    assert shape(answer) == SENT
    ref: str = answer["ref"]
    until(lambda: len(asked("north", "receipts", ref)["delivered"]) == 2)
    until(lambda: asked("east", "show", ref)["on_record"]["at"] is not None)
    return ref


def test_an_item_is_sent_listed_shown_explained_granted_and_taken_back(asked: Asked) -> None:
    ref = sent(asked)

    assert shape(asked("east", "inbox", "--search", "shapes")) == [LISTED]
    assert shape(asked("east", "search", "shapes")) == SEARCHED
    assert shape(asked("east", "show", ref)) == SHOWN
    assert shape(asked("north", "why", ref, "east")) == {"member": "str", "has": "bool", "reason": "str", "at": TIME}
    assert shape(asked("north", "why", ref, "west")) == {"member": "str", "has": "bool", "reason": "str", "at": "null"}
    receipts = {"delivered": {"east": TIME, "south": TIME}, "purged": {}, "owed": [], "unreachable": [], "viewed": {}}
    assert shape(asked("north", "receipts", ref)) == receipts
    assert shape(asked("north", "grant", ref, "west")) == SENT
    assert shape(asked("north", "recall", ref)) == SENT
    assert shape(asked("north", "receipts", ref)) == {**receipts, "delivered": ANY, "owed": ["str"]}


class _Any:
    """Equal to everything: who has it depends on how fast a grant travels."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


ANY = _Any()


def test_a_recall_is_waited_for_and_one_is_cancelled(asked: Asked, exchange: Trial) -> None:
    waited = asked("north", "recall", sent(asked), "--wait", "--timeout", "90")
    assert shape(waited) == {
        **SENT, "delivered": {"east": TIME, "south": TIME}, "purged": {"east": TIME, "south": TIME}, "owed": [],
        "unreachable": [], "viewed": {},
    }  # fmt: skip

    added = asked("south", "officer", "add", "second", "--roles", "watch")
    assert shape(added) == {"name": "str", "key": "str", "file": "str", "told": "bool"}
    assert shape(asked("south", "officer", "list")) == [{"name": "str", "roles": ["str"], "keys": ["str"]}]
    mine = asked("south", "send", "--tlp", "AMBER", "--to", "east", "--as", "duty", "-", stdin=b"mine\n")["ref"]
    asked("south", "recall", mine, "--as", "duty")
    assert shape(asked("south", "recall", mine, "--cancel", "--as", "second")) == SENT


def test_the_roster_tells_each_members_plan_and_who_took_the_watch(asked: Asked) -> None:
    (own,) = asked("west", "roster")["plans"]
    assert (own["watch"], own["now"], own["next"], own["turns"], own["holes"], own["to"]) == (
        None,
        None,
        None,
        [],
        [],
        [],
    )

    now = time.time()
    began, then, last = (time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(now + hours * 3600)) for hours in (-2, 2, 4))
    assert shape(asked("west", "roster", "--turn", f"{began},{then},Officer 1,duty officer,01 23")) == SENT
    assert shape(asked("west", "roster", "--turn", f"{then},{last},Officer 2")) == SENT
    turn = {"since": TIME, "until": TIME, "name": "str", "role": "str", "phones": ["str"], "ref": "str", "tlp": "str"}
    told = asked("west", "roster")
    assert shape(told) == {"at": TIME, "until": TIME, "plans": [
        {"member": "str", "watch": "null", "now": turn, "next": {**turn, "phones": []}, "turns": [turn],
         "holes": [{"since": TIME, "until": "null"}], "to": []}]}  # fmt: skip


def test_a_preview_says_what_each_would_see(asked: Asked) -> None:
    seen = asked("north", "send", "--tlp", "AMBER", "--to", "east", "--preview", "-", stdin=b"not yet\n")

    sight = {"author": "str", "officer": "str", "kind": "str", "title": "str", "text": "str", "marking": MARKING,
             "attachments": []}  # fmt: skip
    assert shape(seen) == [{"member": "str", "admitted": "bool", "reason": "null", "sees": sight}]
    assert shape(seen[1:]) == [{"member": "str", "admitted": "bool", "reason": "str", "sees": "null"}]


def test_logs_files_and_proofs_are_verified(asked: Asked, shell: Shell, exchange: Trial, tmp_path: Path) -> None:
    ref, proof = sent(asked), tmp_path / "item.proof"
    exported = ("export", ref, "--output", proof, "--dir", exchange["east"].root, "--json")
    until(lambda: shell(*exported).code == 0)
    proof.unlink()

    assert shape(json.loads(shell(*exported).out)) == {"file": "str", "bytes": "int"}
    assert shape(asked("east", "verify")) == VERIFIED
    assert shape(asked("east", "verify", "--offline")) == VERIFIED
    document = json.loads(shell("verify", proof, "--charter", exchange["west"].charter, "--json").out)
    assert shape(document).keys() == {"ok", "logs", "problems", "proof"}
    assert shape(document["logs"]) == {"north": LOG}
    proof.write_bytes(proof.read_bytes()[:-40])
    broken = shell("verify", proof, "--charter", exchange["west"].charter, "--json")
    assert broken.code == 4
    assert shape(json.loads(broken.out)) == {"ok": "bool", "logs": {}, "problems": [{"reason": "str", "where": "str"}]}


def test_a_feed_makes_a_picture(asked: Asked, tmp_path: Path) -> None:
    recording = tmp_path / "flight.csv"
    frames = ("8d40621d58c382d690c8ac2863a7", "8d40621d58c386435cc412692ad6")
    recording.write_text("".join(f"172024818{n}.5,{frame}\n" for n, frame in enumerate(frames)))
    options = ("--tlp", "GREEN", "--to", "east", "--speed", "max", "--reference", "52.25,3.9")

    fed = asked("north", "feed", "--format", "modes", recording, *options)

    counts = {"frames": "int", "sightings": "int", "refused": {}}
    damage = {"ends_early": "bool", "lost": [], "backwards": "null"}
    assert shape(fed) == {**SENT, **counts, **damage, "hurried": "bool"}
    until(lambda: bool(asked("east", "picture")))
    assert shape(asked("east", "picture")) == [TRACK]


def test_a_node_tells_how_it_is(asked: Asked) -> None:
    until(lambda: all(link["heard"] for link in asked("east", "status")["links"]))

    assert shape(asked("east", "status")) == STATUS


def test_charter_and_keys_are_shown_and_changed(asked: Asked, tmp_path: Path) -> None:
    act = tmp_path / "act.json"
    hub = "hub-1=east=tls://127.0.0.1:4222"

    assert shape(asked("west", "charter", "show")) == CHARTER
    assert shape(asked("north", "charter", "propose", "set", "--hub", hub, "--output", act)) == ACT
    for member in ("east", "south"):
        assert shape(asked(member, "charter", "sign", act)) == ACT
    assert shape(asked("west", "charter", "sign", act)) == {**ACT, "missing": []}
    assert shape(asked("north", "charter", "apply", act)) == {"epoch": "int", "head": "str"}
    keys = {"member": "str", "version": "int", "keys": [{"use": "str", "id": "str", "revoked_from": "null"}]}
    assert shape(asked("north", "keys", "show")) == keys


def test_an_exchange_is_made_and_a_key_rotated(shell: Shell, tmp_path: Path) -> None:
    made = shell("new-exchange", tmp_path / "t", "--members", "north,east", "--json")
    rotated = shell("keys", "rotate", "item", "--dir", tmp_path / "t" / "north", "--json")

    assert shape(json.loads(made.out)) == {"dir": "str", "members": ["str"], "exchange": "str"}
    assert shape(json.loads(rotated.out)) == {"use": "str", "key": "str", "version": "int"}
