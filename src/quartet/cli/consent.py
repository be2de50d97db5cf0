"""`grant` and `recall`: an officer's own word. She reads what the node prepared before her key signs it.

So an administrator of the node cannot put another act before her: what differs from what she asked is not signed.
"""

import time
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from msgspec import to_builtins

from quartet.cli.client import Client
from quartet.cli.identity import member_folder
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, RootPassphrase, connect, item, when
from quartet.cli.outcome import Exit, Refusal
from quartet.cli.output import progress, say, say_json
from quartet.cli.reading import show_receipts
from quartet.cli.siterecall import agree_to_lose
from quartet.cli.vouching import ask_root, check_prepared, hand_in, write_asked
from quartet.console.shapes import Asserted
from quartet.core.ids import MemberId
from quartet.core.keys import SecretKey
from quartet.core.statement import ROOT, assert_item
from quartet.node.factviews import FactDraft, Prepared
from quartet.node.office import open_offline
from quartet.node.views import Published, Receipts

LOOK_SECONDS: Final = 0.5


def grant(
    ref: Ref,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="Who may have it from now on.")],
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Until when: 2h, 7d or a UTC time.")] = None,
    following: Annotated[
        bool, typer.Option("--following", help="Also its author's later items that cite this one.")
    ] = False,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Consent that a member has an item that rests on yours.

    Examples:

        quartet grant N-K7Q-4MX west --dir trial/north

        quartet grant N-K7Q-4MX west --until 7d --dir trial/north
    """
    draft = FactDraft(
        kind="grant",
        ref=ref,
        member=MemberId(member),
        until=when(until, "--until"),
        scope="FOLLOWING" if following else "ITEM",
    )
    with connect(directory, officer, passphrase_file, purpose) as client:
        published = act(client, draft)
    if json:
        say_json(published)
    else:
        say(f"{member} may have {ref} by {published.ref}")


def recall(
    ref: Ref,
    life: Annotated[bool, typer.Option("--life", help="A life is at risk: destroyed on receipt, for good.")] = False,
    cancel: Annotated[
        bool, typer.Option("--cancel", help="Take the recall back, once, before its delay ends.")
    ] = False,
    root: Annotated[
        bool, typer.Option("--root", help="By this member's root key: cancels, or recalls again what was cancelled.")
    ] = False,
    ask: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --root: write what root is asked to sign, sign nothing.")
    ] = None,
    vouched: Annotated[
        Path | None, typer.Option("--answer", metavar="FILE", help="With --root: what `quartet keys vouch` signed.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Of a site: its warnings may go with it.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Stay until nobody owes a purge.")] = False,
    timeout: Annotated[float | None, typer.Option(metavar="S", help="With --wait: no longer than this.")] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    root_passphrase: RootPassphrase = None,
    json: Json = False,
) -> None:
    """Take an item back: hidden everywhere at once, destroyed after the charter's delay.

    A site takes its warnings with it, and you are asked before: `quartet site close` keeps them.

    Examples:

        quartet recall N-K7Q-4MX --dir trial/north

        quartet recall N-K7Q-4MX --wait --timeout 60 --dir trial/north

        quartet recall N-K7Q-4MX --cancel --as second --dir trial/north

        quartet recall N-K7Q-4MX --cancel --root --ask cancel.json --dir trial/north
    """
    kind: Literal["recall", "cancel-recall"] = "cancel-recall" if cancel else "recall"
    draft = FactDraft(kind=kind, ref=ref, reason="LIFE" if life else "NORMAL", root=root or bool(ask or vouched))
    with connect(directory, officer, passphrase_file, purpose) as client:
        if not cancel:
            agree_to_lose(client, ref, yes=yes, json=json)
        if ask is not None:
            write_asked(ask, ask_root(client, draft))
            say_json({"file": str(ask)}) if json else say(f"{ask}: have root sign it with quartet keys vouch {ask}")
            return
        again = wait and not life and not cancel and _taken_back(client, ref)
        key = open_offline(member_folder(directory), root_passphrase).root if draft.root and vouched is None else None
        published = None if again else hand_in(client, vouched, draft) if vouched else act(client, draft, key)
        if not json:
            what = "not recalled any more" if cancel else "recalled"
            say(f"{ref} is recalled already" if published is None else f"{what}: {ref} by {published.ref}")
        answer = _wait(client, ref, timeout, quiet=json) if wait and not cancel else None
    if json:
        say_json({**to_builtins(published or {}), **to_builtins(answer or {})})
    elif answer is not None:
        show_receipts(answer)
    if answer is not None and answer.owed:
        raise typer.Exit(Exit.NO)


def act(client: Client, draft: FactDraft, root: SecretKey | None = None) -> Published:
    """Have the node prepare a fact, read it, sign its id with the officer's key (or root's), publish it."""
    prepared = client.post("/facts/prepared", draft, Prepared)
    check_prepared(prepared, draft, ROOT if draft.root else client.identity.name)
    assertion = assert_item(prepared.id, root or client.identity.key)
    return client.post("/facts", Asserted(prepared, assertion), Published)


def _taken_back(client: Client, ref: str) -> bool:
    try:
        answer = client.get(item(ref, "receipts"), Receipts)
    except Refusal:
        return False
    return bool(answer.owed or answer.purged)


def _wait(client: Client, ref: str, timeout: float | None, *, quiet: bool) -> Receipts:
    ends = None if timeout is None else time.monotonic() + timeout
    with progress(quiet=quiet) as bar:
        task = bar.add_task("waiting for purge receipts", total=None)
        answer = client.get(item(ref, "receipts"), Receipts)
        while answer.owed and (ends is None or time.monotonic() < ends):
            bar.update(task, description=f"owed by {', '.join(answer.owed)}")
            time.sleep(LOOK_SECONDS)
            answer = client.get(item(ref, "receipts"), Receipts)
    return answer
