"""`tear-line`: a text torn from an item of one's own, checked beside it before it goes."""

from itertools import groupby
from typing import Annotated, Final

import typer

from quartet.cli.client import Client
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, connect, item, words
from quartet.cli.outcome import Refusal
from quartet.cli.output import facts, one_line, say, say_json
from quartet.cli.send import audience, make_title, precedence_word, read_text, tlp_word
from quartet.node.desk.tearlineviews import LeftOver, TearLine, TearLineCheck, TearLineText
from quartet.node.views import Published

AROUND: Final = 24
"""Letters that are shown on either side of what is pointed at."""


def tear_line(
    ref: Ref,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The new text; - reads standard input.")],
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="The new text's own label; no default.")] = None,
    to: Annotated[list[str] | None, typer.Option(metavar="MEMBERS", help="Members or circles: east,south.")] = None,
    title: Annotated[str | None, typer.Option(help="Its title (default: the first line).")] = None,
    persons: Annotated[
        list[str] | None, typer.Option(metavar="PERSONS", help="For RED: who may view, as member/officer.")
    ] = None,
    precedence: Annotated[str, typer.Option(help="FLASH, IMMEDIATE, PRIORITY or ROUTINE.")] = "ROUTINE",
    send: Annotated[bool, typer.Option("--send", help="Publish it, if nothing is pointed at.")] = False,
    leave: Annotated[bool, typer.Option("--leave", help="Publish it with what is pointed at: you looked.")] = False,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Show what a tear-line still gives away of its original (exit 1 if anything), or publish it with --send.

    Examples:

        echo "Vessels move on the river" | quartet tear-line N-K7Q-4MX - --tlp GREEN --to south --dir trial/north

        quartet tear-line N-K7Q-4MX river.txt --tlp GREEN --to south --send --leave --dir trial/north
    """
    label, text = tlp_word(tlp), read_text(file)
    draft = TearLine(
        text=text,
        tlp=label,
        title=make_title(title, text),
        to=audience(label, words(to)),
        persons=words(persons),
        precedence=precedence_word(precedence),
        leave="LOOKED" if leave else None,
    )
    with connect(directory, officer, passphrase_file, purpose) as client:
        _send(client, ref, draft, json=json) if send else _check(client, ref, draft, json=json)


def _send(client: Client, ref: str, draft: TearLine, *, json: bool) -> None:
    published = client.post(item(ref, "tear-line"), draft, Published)
    say_json(published) if json else say(published.ref)


def _check(client: Client, ref: str, draft: TearLine, *, json: bool) -> None:
    text = TearLineText(text=draft.text, title=draft.title, to=draft.to)
    found = client.post(item(ref, "tear-line", "check"), text, TearLineCheck)
    if json:
        say_json(found)
    else:
        _show(found, draft)
    if found.foreign:
        raise Refusal("not-sole-controller", f"ask {', '.join(found.foreign)} to grant {found.ref} instead")
    if found.left:
        raise Refusal("left-over", f"{len(found.left)} places still give something away")


def _show(found: TearLineCheck, draft: TearLine) -> None:
    facts([("original", f"{found.ref}  {found.tlp}  {found.title}")])
    say(f"\n{found.text.rstrip()}\n")
    facts([("tear-line", f"{draft.tlp}  {draft.title}")])
    say(f"\n{draft.text.rstrip()}\n")
    for where, left in groupby(found.left, lambda one: one.where):
        for one in left:
            say(f"{where}: {one.what.lower()}: {_shown(draft.title if where == 'title' else draft.text, one)}")
    for signer in found.instead:
        who = f"needs the consent of {', '.join(signer.needed)}" if signer.needed else f"cannot: {signer.barred}"
        say(f"instead: {signer.member} {who}")
    for torn in found.torn:
        say(f"made before: {torn.ref}  {torn.tlp}  {torn.title}")
    if not found.left and not found.foreign:
        say("nothing is pointed at; read it once more, then add --send")


def _shown(text: str, one: LeftOver) -> str:
    before, after = text[max(0, one.start - AROUND) : one.start], text[one.end : one.end + AROUND]
    return one_line(f"{before}[{text[one.start : one.end]}]{after}")
