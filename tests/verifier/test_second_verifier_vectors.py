"""The conformance vectors and the golden files, as the second implementation reads them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import four
import msgspec
import pytest
import wrong_charter
import wrong_logs
import wrong_passkeys
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from second import asked, found, spelt
from test_second_verifier_agrees import ACT, CHARTER, RING

from quartet.core import charter as charters
from quartet.core.encoding import b64, decode, unb64
from quartet.core.manifest import Passkey, sign_officer_manifest
from quartet.core.proof.checkpoint import witness_name
from quartet.core.proof.note import read_note

TESTS = Path(__file__).parents[1]
VECTORS = {path.stem: json.loads(path.read_text()) for path in sorted((TESTS / "conformance").glob("*.json"))}
UNREAD = {"about", "name", "not_its_id"}
"""What no case is made from."""
WORLDS = {"charter", "item"}
"""What of a world of the release rule another name or time may change without another answer."""


def differences(family: str, files: dict[str, Any]) -> Any:
    """Return what differs between a family's vectors and what the second implementation makes of them."""
    (answer,) = asked([{"door": "vectors", "family": family, "all": files}])
    return answer.value


@pytest.mark.parametrize("family", VECTORS)
def test_every_vector_comes_out(family: str) -> None:
    assert differences(family, VECTORS) == []


@pytest.mark.parametrize("family", VECTORS)
def test_no_value_of_a_vector_is_left_unread(family: str) -> None:
    spoilt = dict(_spoilt(VECTORS[family]["cases"][0], WORLDS if family == "release" else set()))
    questions = [{"door": "vectors", "family": family, "all": _with(family, case)} for case in spoilt.values()]

    answers = dict(zip(spoilt, asked(questions), strict=True))

    assert [name for name, answer in answers.items() if not answer.value] == []


def _with(family: str, case: Any) -> dict[str, Any]:
    return {**VECTORS, family: {**VECTORS[family], "cases": [case]}}


def _spoilt(case: dict[str, Any], but: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a case with the first value of each of its fields spoilt, by the field's name."""
    for name, value in case.items():
        if name not in UNREAD | but and (other := _other(value)) is not None:
            yield name, {**case, name: other}


def _other(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value[:-1] + ("0" if value[-1] != "0" else "1") if value else None
    inner = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for name, one in inner:
        if (other := _other(one)) is not None:
            return {**value, name: other} if isinstance(value, dict) else [*value[:name], other, *value[name + 1 :]]
    return None


def _with_passkey() -> str:
    one = four.officers("north").officers[0]
    passkey = Passkey(b64(b"credential"), b64(wrong_passkeys.point()), wrong_passkeys.ORIGIN)
    officer = msgspec.structs.replace(one, keys=(), passkeys=(passkey,))
    made = four.officers("north", officers=(officer,))
    return spelt(sign_officer_manifest(made, four.key("north", "root")))


def _act(data: bytes, *before: bytes, of: bytes = CHARTER) -> dict[str, Any]:
    return {"door": "act", "charter": spelt(of), "acts": [spelt(act) for act in before], "data": spelt(data)}


def _statement(signed: bytes, control: bytes | None) -> dict[str, Any]:
    return {
        "door": "statement",
        **RING,
        "signed": spelt(signed),
        "control": None if control is None else spelt(control),
    }


def _line(data: bytes, alg: str, key: bytes) -> dict[str, Any]:
    name = witness_name(four.state().exchange, four.EAST)
    said = {"checkpoint": read_note(wrong_logs.checkpoint()).text, "line": data.decode(errors="replace")}
    return {"door": "cosignature", **said, "witness": name, "key": spelt(key), "alg": alg}


def _question(kind: str, data: bytes) -> dict[str, Any]:
    """Return how a golden file is shown, as `doors.py` shows it to Quartet."""
    leave = four.act(four.founded(), "withdraw", at=four.NOON + 1, subject=four.WEST)
    absent = wrong_charter.absent_west().acts[0]
    pair = charters.sign_charter(wrong_charter.pair(), four.roots("east", "north"))
    slow = four.slow_key("east").public_key().public_bytes_raw()
    log = {"origin": wrong_logs.origin(), "key": spelt(unb64(four.key("north", "log").public.text))}
    match kind:
        case "statement":
            return _statement(data, four.right_control())
        case "control":
            return _statement(four.right_statement(), data)
        case "fact":
            return _statement(data, None)
        case "fact-by-passkey":
            return _statement(data, None) | {"officers": [_with_passkey()]}
        case "charter":
            return {"door": "charter", "charter": spelt(data)}
        case "manifest" | "officers":
            return {"door": kind, **RING, "data": spelt(data)}
        case "act":
            return _act(data)
        case "act-after":
            return _act(data, ACT)
        case "act-without-west":
            return _act(data, charters.sign_act(leave, four.roots("west")))
        case "act-while-west-is-absent":
            return _act(data, absent)
        case "act-of-two":
            return _act(data, of=pair)
        case "checkpoint":
            return {"door": "checkpoint", "note": data.decode(errors="replace"), **log}
        case "cosignature":
            return _line(data, "Ed25519", unb64(four.key("east", "log").public.text))
        case "hourly-cosignature":
            return _line(data, "ML-DSA-44", slow)
    raise ValueError(kind)


OF_NO_PROOF = {"receipts", "lone-receipt", "on-record", "path", "parcel", "frame", "epoch-key"}
"""Golden files of what a proof does not hold; of these the vectors are read, and nothing is refused."""
OF_A_FACTS_BODY = {"not-a-fact", "bad-body"}
"""A proof shows a fact as it was said: what its body means is the gate's to read."""


def test_every_golden_file_of_what_a_proof_holds_has_its_word() -> None:
    index = json.loads((TESTS / "golden" / "index.json").read_text())
    entries = [e for e in index if e["kind"] not in OF_NO_PROOF and e["reason"] not in OF_A_FACTS_BODY]

    answers = asked([_question(e["kind"], (TESTS / "golden" / e["file"]).read_bytes()) for e in entries])

    wrong = {
        e["file"]: (e["reason"], a.reason) for e, a in zip(entries, answers, strict=True) if e["reason"] != a.reason
    }
    assert wrong == {}
    assert len(entries) > 150


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab_Z1é", max_size=3), inner, max_size=4),
    max_leaves=8,
)
SPOILS = st.sampled_from(
    ("", "", " ", "\\u0061", "\\/", "\\ud83d\\ude00", ",", "1", "e9", ".5", '"', "[", "}", "\x7f", "́")
)


@given(st.lists(st.tuples(PLAIN, st.booleans(), st.integers(0, 80), SPOILS), min_size=60, max_size=60))
@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
def test_json_of_any_kind_is_read_alike(drawn: list[tuple[Any, bool, int, str]]) -> None:
    texts = []
    for value, escaped, at, spoil in drawn:
        text = json.dumps(value, ensure_ascii=escaped, separators=(",", ":"))
        texts.append((text[:at] + spoil + text[at:]).encode("utf-8", "surrogatepass"))

    ours = [found(lambda t=text: decode(t, Any, 1000) and None) for text in texts]  # type: ignore[misc]
    theirs = asked([{"door": "spelling", "json": spelt(text)} for text in texts])

    assert [(t, o.reason, a.reason) for t, o, a in zip(texts, ours, theirs, strict=True) if o.reason != a.reason] == []
