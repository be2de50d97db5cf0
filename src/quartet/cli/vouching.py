"""Prepared bytes are read before any key signs them; and the files by which root, offline, is asked to sign.

`recall --ask FILE` writes what the node prepared, `keys vouch FILE` signs it where the root key lies, and
`recall --answer FILE` hands it in. A file is good for an hour: what root signs is dated by when it was asked for.
"""

import re
from pathlib import Path
from typing import Any, Final

import msgspec

from quartet.cli.client import Client
from quartet.console.shapes import Asserted
from quartet.core.control import bound_to, control_id, decode_control
from quartet.core.encoding import decode, encode, unb64
from quartet.core.facts import Grant, Narrow, Recall, Widen
from quartet.core.faults import Malformed, Untrusted
from quartet.core.ids import HASH_PATTERN, ItemId, MemberId
from quartet.core.keys import SecretKey
from quartet.core.statement import ROOT, ROOT_KINDS, Statement, assert_item, decode_statement, item_id, reference
from quartet.node.factviews import FactDraft, Marked, Prepared, narrowing
from quartet.node.files import read_file, write_file
from quartet.node.views import Published, micros

MAX_ASKED: Final = 64 * 1024
_ID: Final = re.compile(HASH_PATTERN)


def check_prepared(prepared: Prepared, draft: FactDraft, officer: str) -> None:
    """Raise `Untrusted("prepared-otherwise")` unless the statement is the one asked for.

    (1) the id is the bytes' own, (2) kind and officer, (3) item, member, time and scope of a grant; reason of a recall;
    what a narrowing asks for, and who stays; of a widening nobody but those who were named; and of both, that the
    control is that of the item: it alone is what they name.
    """
    data = unb64(prepared.statement)
    statement = decode_statement(data)
    if (
        item_id(data) != prepared.id
        or (statement.kind, statement.officer) != (draft.kind, officer)
        or not _as_asked(statement, draft, prepared.marked)
    ):
        raise Untrusted("prepared-otherwise", f"the node prepared another {draft.kind} than asked; nothing was signed")


def check_said(prepared: Prepared, kind: str, form: dict[str, Any] | None, officer: str) -> None:
    """Raise `Untrusted("prepared-otherwise")` unless the statement says in its form what the officer asked for.

    An item may be named by what people call it: then the id in its place must be called so. What has no form is None.
    """
    data = unb64(prepared.statement)
    statement = decode_statement(data)
    said = msgspec.json.decode(statement.body)
    told = said.get("form") if isinstance(said, dict) else None
    if (
        item_id(data) != prepared.id
        or (statement.kind, statement.officer) != (kind, officer)
        or not _as_said(form, told)
    ):
        raise Untrusted("prepared-otherwise", f"the node prepared another {kind} than asked; nothing was signed")


def _as_said(form: dict[str, Any] | None, told: Any) -> bool:
    if form is None or not isinstance(told, dict):
        return form is None and told is None
    return all(_same(value, told.get(name)) for name, value in form.items())


def _same(asked: Any, told: Any) -> bool:
    if isinstance(asked, list) and isinstance(told, list):
        return len(asked) == len(told) and all(map(_same, asked, told))
    if isinstance(asked, dict) and isinstance(told, dict):
        return all(_same(value, told.get(name)) for name, value in asked.items())
    if asked == told or not (isinstance(asked, str) and isinstance(told, str)):
        return bool(asked == told)
    return bool(asked and _ID.fullmatch(told)) and asked.upper() == reference(asked, ItemId(told))


def _as_asked(statement: Statement, draft: FactDraft, marked: Marked | None) -> bool:
    body = statement.body
    match draft.kind:
        case "grant":
            return _granted(msgspec.json.decode(body, type=Grant), draft)
        case "recall":
            return msgspec.json.decode(body, type=Recall).reason == draft.reason
        case "cancel-recall":
            return True
        case "narrow":
            narrow = msgspec.json.decode(body, type=Narrow)
            as_said = narrow.marking == narrowing(draft, statement.member)
            return as_said and _is_of(narrow.control, statement.member, draft, marked)
        case "widen":
            widen = msgspec.json.decode(body, type=Widen)
            return set(widen.rel) <= set(draft.members or ()) and _is_of(widen.control, statement.member, draft, marked)


def _is_of(control: str, author: MemberId, draft: FactDraft, marked: Marked | None) -> bool:
    """Return whether a control is that of the item that was named: the node may have put another's in its place."""
    if marked is None:
        return False
    data = unb64(marked.control)
    found = decode_control(data)
    bound = found.controller == author and bound_to(found, marked.item, marked.nonce)
    return bound and control_id(data) == control and _is_named(draft.ref, author, marked.item)


def _is_named(ref: str, author: MemberId, item: ItemId) -> bool:
    return ref == item or ref.upper() == reference(author, item).upper()


def _granted(grant: Grant, draft: FactDraft) -> bool:
    until = None if draft.until is None else micros(draft.until)
    asked = (draft.member, draft.scope, until)
    named = _is_named(draft.ref, grant.author, ItemId(grant.item))
    return (grant.member, grant.scope, grant.until) == asked and named


def ask_root(client: Client, draft: FactDraft) -> Prepared:
    """Have the node prepare what root is to sign, and read it."""
    prepared = client.post("/facts/prepared", draft, Prepared)
    check_prepared(prepared, draft, ROOT)
    return prepared


def write_asked(path: Path, prepared: Prepared) -> None:
    """Write what root is asked to sign; raise `Malformed("file-exists")` rather than write over a file."""
    if path.exists():
        raise Malformed("file-exists", f"{path}: name another one with --ask")
    write_file(path, encode(prepared))


def vouch(path: Path, member: str, exchange: str, root: SecretKey) -> Statement:
    """Sign with the root key what a file asks for, and return it; raise for what is not this root's to say."""
    prepared = decode(read_file(path, MAX_ASKED), Prepared, MAX_ASKED)
    data = unb64(prepared.statement)
    said = decode_statement(data)
    if item_id(data) != prepared.id or (said.officer, said.member, said.exchange) != (ROOT, member, exchange):
        raise Untrusted("prepared-otherwise", f"{path} is not for the root of {member}; nothing was signed")
    if said.kind not in ROOT_KINDS:
        raise Malformed("not-roots", f"{path}: root recalls and cancels; a {said.kind} is an officer's to state")
    write_file(path, encode(Asserted(prepared, assert_item(prepared.id, root))))
    return said


def hand_in(client: Client, path: Path, draft: FactDraft) -> Published:
    """Hand in what root signed, if it is what is asked for now."""
    asserted = decode(read_file(path, MAX_ASKED), Asserted, MAX_ASKED)
    check_prepared(asserted.prepared, draft, ROOT)
    return client.post("/facts", asserted, Published)
