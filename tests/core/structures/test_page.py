"""The page of wire formats names every structure's fields in their order, and every tag that is hashed or signed."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

import quartet
from quartet.core.articles import Act, ActPayload, Agreement, Changes, Charter, CharterMember, Circle, Hub
from quartet.core.control import Control
from quartet.core.facts import BODIES
from quartet.core.frame import Columns, FrameHeader, Segment
from quartet.core.keys import Tag
from quartet.core.manifest import (
    EpochKey,
    Officer,
    OfficerManifest,
    Passkey,
    Readable,
    Revocation,
    WireManifest,
)
from quartet.core.marking import Marking
from quartet.core.parcel import ContentTag, Header
from quartet.core.proof.path import Path as LogPath
from quartet.core.receipt import LoneReceipt, Receipt, ReceiptHead
from quartet.core.signed import KeySignature, SignedBytes
from quartet.core.statement import Assertion, Contained, Signature, Statement

ROOT = Path(__file__).parents[3]
PAGE = " ".join((ROOT / "docs" / "reference" / "wire-formats.md").read_text().replace("`", "").split())
STRUCTURES = [
    *(Act, ActPayload, Agreement, Assertion, Changes, Charter, CharterMember, Circle, Contained, Control, EpochKey),
    *(FrameHeader, Header, Hub, KeySignature, LogPath, LoneReceipt, Marking, Officer, OfficerManifest, Passkey),
    *(Readable, Receipt, ReceiptHead, Revocation, Segment, Signature, SignedBytes, Statement, WireManifest),
]
OWN_TAGS = {
    "quartet/request-body/v1",
    "quartet/asker/v1",
    "quartet/shelf/v1",
    "quartet/signin/v1",
    "quartet/passkey-user/v1",
    "quartet/once/v1",
    "quartet/sensor-feed/v1",
    "quartet/once-content/v1",
    "quartet/known-browser/v1",
    "quartet/mark/v1",
    "quartet/sitrep-seen/v1",
    "quartet/cap-sent/v1",
    "quartet/early-name/v1",
    "quartet/early-came/v1",
}
"""Between a command line or a browser and its own node, and within one; on no wire."""


@pytest.mark.parametrize("structure", STRUCTURES, ids=lambda s: str(s.__name__))
def test_the_page_lists_the_fields_of_each_structure_in_their_order(structure: type[msgspec.Struct]) -> None:
    names = [field.encode_name for field in msgspec.structs.fields(structure)]

    assert ", ".join(names) in PAGE


@pytest.mark.parametrize("kind", BODIES)
def test_the_page_lists_the_fields_of_each_fact(kind: str) -> None:
    row = re.search(rf"\| {kind} \| ([^|]*) \|", PAGE)
    assert row is not None
    names = [field.name for field in msgspec.structs.fields(BODIES[kind])]

    assert [word for word in re.sub(r"\([^)]*\)", "", row[1]).replace(",", " ").split() if word in names] == names


def test_the_page_lists_the_columns_of_a_frame() -> None:
    for field in msgspec.structs.fields(Columns):
        assert re.search(rf"\| [a-z, _]*\b{field.name}\b[a-z, _]* \|", PAGE), field.name


def test_the_page_names_every_tag() -> None:
    hashed = {t for path in Path(quartet.__path__[0]).rglob("*.py") for t in _tags(path.read_text())}
    signed = set(get_args(Tag))
    carried = {tag for part in get_args(ContentTag) for tag in (get_args(part) or (part,))}

    assert {tag for tag in hashed - OWN_TAGS if tag not in PAGE} == set()
    assert {tag for tag in signed | carried if tag not in PAGE} == set()


def _tags(source: str) -> list[str]:
    return re.findall(r'"(quartet/[a-z-]+/v\d)"', source)
