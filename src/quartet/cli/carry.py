"""`carry out|in`: the same sealed parcels that a hub takes, as a file across an air gap."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import structs

from quartet.cli.client import LONG_SECONDS, Client
from quartet.cli.commands import Commands
from quartet.cli.options import As, Dir, Json, Passphrase, connect
from quartet.cli.output import complain, progress, say, say_json, size_text, table, utc
from quartet.core.faults import Malformed, Untrusted
from quartet.node.carryviews import CameIn, CarriedView
from quartet.node.files import PRIVATE, read_file, refused
from quartet.store.folders import sync_folder
from quartet.wire.carried import MAX_BAD, MAX_CARRIED, Carried, portions, read_carried

MIB: Final = 1024 * 1024
MOST: Final = 64
PORTION: Final = 1_000_000
"""What one request takes of a file: under the door's limit, and more than any record."""

app = Commands(help="Parcels as files, across an air gap: sealed as on a hub, and taken once.", no_args_is_help=False)


@app.command()
def out(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, on a stick; it may not be there yet.")
    ],
    to: Annotated[str, typer.Option("--to", metavar="MEMBER", help="For which member.")],
    most: Annotated[int, typer.Option(metavar="MIB", help="How large it may be; the rest stays due.")] = MOST,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Write all that a member has not confirmed into a file, the most urgent first; its node takes it with `carry in`.

    Nothing is lost with a stick: what its node does not confirm, by a file or over a hub, goes into the next one again.

    Examples:

        quartet carry out /mnt/stick/north-to-west.carry --to west --dir trial/north

        quartet carry out /mnt/stick/more.carry --to west --most 256 --dir trial/north
    """
    if not 1 <= most <= MAX_CARRIED // MIB:
        raise Malformed("bad-most", f"--most {most}: say 1 to {MAX_CARRIED // MIB} MiB")
    with connect(directory, officer, passphrase_file) as client, _new(file) as handle:
        data = client.post_bytes("/carry/out", {"to": to, "most": most * MIB}, within=LONG_SECONDS)
        _write(file, handle, data)
        now = _with(client, to)
    left = max(0, now.due - now.items)
    if json:
        about = {"file": str(file), "bytes": len(data), "items": now.items, "parcels": now.parcels, "left": left}
        say_json({"member": now.member, **about, "due": now.due, "came": now.came, "key": now.key})
        return
    say(f"wrote {file}, {size_text(len(data))}: {_count(now.items, 'item')} in {_count(now.parcels, 'parcel')}")
    _tell_out(now, left)


def _tell_out(now: CarriedView, left: int) -> None:
    member = now.member
    if not now.key:
        say(f"nothing is sealed in it: there is no key of {member} here; take in a file of {member}'s, and write anew")
    elif left:
        told = f"{_count(left, 'item')} did not fit, or can go over the link that is up"
        say(f"{told}: they stay due; write another file once {member} has answered this one")
    back = "nothing came back from it yet" if now.came is None else f"the last file from it came {utc(now.came)}"
    say(f"{back}; all that {member} does not confirm goes into the next file again")


@app.command("in")
def in_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that another member's `carry out` wrote.")],
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Hand a file to this member's node, which opens, checks, keeps and receipts what is in it as if a hub brought it.

    The same file may be taken again, and so may what also came over a hub: each item is taken once.

    Example:

        quartet carry in /mnt/stick/north-to-west.carry --dir trial/west
    """
    carried = read_carried(read_file(file, MAX_CARRIED))
    with connect(directory, officer, passphrase_file) as client, progress(quiet=json) as bar:
        came = _sum(list(bar.track(_taken(client, carried), total=None, description="taking it in")))
    if came.refused and not came.parcels and not came.known:
        worst = min(came.refused)
        raise Untrusted(worst, f"{file}: nothing of it could be taken; see what the word means, and have it made anew")
    if json:
        say_json(came)
    else:
        _tell_in(came)


def _taken(client: Client, carried: Carried) -> Iterator[CameIn]:
    """Hand a file over in portions; after too many records in a row that are refused no more of them."""
    looked_at = in_a_row = 0
    for portion in portions(carried, PORTION):
        came = client.put_for("/carry/in", portion, CameIn, within=LONG_SECONDS)
        refused = sum(came.refused.values())
        looked_at += read_carried(portion).head.count - came.unread
        in_a_row = 0 if came.parcels or came.known else in_a_row + refused
        ends = came.unread > 0 or in_a_row >= MAX_BAD
        yield structs.replace(came, unread=carried.head.count - looked_at if ends else 0)
        if ends:
            return


def _sum(answers: list[CameIn]) -> CameIn:
    """Return what all portions of a file brought together."""
    whole = answers[0]
    for one in answers[1:]:
        whole = structs.replace(
            one,
            items=whole.items + one.items,
            receipts=whole.receipts + one.receipts,
            parcels=whole.parcels + one.parcels,
            known=whole.known + one.known,
            answers=whole.answers + one.answers,
            not_taken=dict(Counter(whole.not_taken) + Counter(one.not_taken)),
            refused=dict(Counter(whole.refused) + Counter(one.refused)),
        )
    return whole


def _tell_in(came: CameIn) -> None:
    receipts = _count(came.receipts, "batch of receipts", "batches of receipts")
    say(f"from {came.member}: {_count(came.items, 'item')}, {receipts} in {_count(came.parcels, 'new parcel')}")
    if came.known:
        say(f"{_count(came.known, 'parcel')} had come before, or stood in a newer file")
    for reason, count in sorted(came.not_taken.items()):
        complain(f"{reason}: {_count(count, 'piece')} in {'it' if came.parcels == 1 else 'them'} not taken")
    for reason, count in sorted(came.refused.items()):
        complain(f"{reason}: {_count(count, 'record')} of it dropped; the sender's next file has what is missing")
    if came.unread:
        left = f"{_count(came.unread, 'record')} at its end left unread"
        complain(f"{left}: {MAX_BAD} in a row were dropped; have it copied or written again")
    if waits := [*(["receipts"] if came.answers else []), *([_count(came.due, "item")] if came.due else [])]:
        verb = "waits" if waits == ["1 item"] else "wait"
        say(f"{' and '.join(waits)} {verb} for {came.member}: quartet carry out FILE --to {came.member}")


@app.command()
def show(directory: Dir = None, officer: As = None, passphrase_file: Passphrase = None, json: Json = False) -> None:
    """List when files went to each member and came from it, and how much it has not confirmed.

    Example:

        quartet carry show --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client:
        found = client.get("/carry", list[CarriedView])
    if json:
        say_json(found)
        return
    rows = [(one.member, utc(one.written), str(one.items), utc(one.came), str(one.due)) for one in found]
    table(("MEMBER", "LAST OUT", "ITEMS", "LAST IN", "NOT CONFIRMED"), rows)


def _with(client: Client, member: str) -> CarriedView:
    return next(one for one in client.get("/carry", list[CarriedView]) if one.member == member)


class _new:  # noqa: N801 - read as a word of `with`
    """A file of our own making: taken before anything is asked of the node, and taken away again if that fails."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> int:
        try:
            self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        except FileExistsError as error:
            raise Malformed("file-exists", f"{self._path}: name another one; no file is ever written over") from error
        except OSError as error:
            raise refused(error, self._path, "cannot-write") from error
        return self._handle

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        os.close(self._handle)
        if kind is not None:
            self._path.unlink(missing_ok=True)


def _write(path: Path, handle: int, data: bytes) -> None:
    """Write a file whole, and have it on the stick before we say so: it is pulled out next."""
    try:
        with suppress(OSError):  # a stick's file system may have no modes
            os.fchmod(handle, PRIVATE)
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise refused(error, path, "cannot-write") from error


def _count(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
