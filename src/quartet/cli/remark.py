"""`narrow` and `widen`: an officer changes who may have an item that went already, by her own word."""

from typing import Annotated

import typer

from quartet.cli.consent import act
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, connect, when, words
from quartet.cli.output import say, say_json
from quartet.cli.send import LABELS, one_word
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.node.factviews import FactDraft


def narrow(
    ref: Ref,
    only: Annotated[
        list[str] | None, typer.Option(metavar="MEMBERS", help="Who may have it still; everybody else destroys it.")
    ] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Nobody else may have it still.")] = False,
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="Its label from now on: narrower.")] = None,
    never_onward: Annotated[
        bool, typer.Option("--never-onward", help="No grant lets anybody have it, those given before neither.")
    ] = False,
    display: Annotated[bool, typer.Option("--display", help="It is shown, and no copy may be kept.")] = False,
    expires: Annotated[str | None, typer.Option(metavar="TIME", help="When it closes: 2h, 7d or a UTC time.")] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Narrow an item of yours from now on; whoever it drops must destroy it.

    Examples:

        quartet narrow N-K7Q-4MX --only east --dir trial/north

        quartet narrow N-K7Q-4MX --tlp AMBER+STRICT --expires 7d --dir trial/north
    """
    if nobody and only:
        raise Malformed("usage", "say --only MEMBERS or --nobody, not both")
    staying = () if nobody else tuple(MemberId(name) for name in words(only)) or None
    draft = FactDraft(
        kind="narrow",
        ref=ref,
        members=staying,
        tlp=None if tlp is None else one_word("tlp", tlp.removeprefix("TLP:"), LABELS),
        onward="NEVER" if never_onward else None,
        mode="DISPLAY" if display else None,
        expires=when(expires, "--expires"),
    )
    with connect(directory, officer, passphrase_file, purpose) as client:
        published = act(client, draft)
    say_json(published) if json else say(f"narrowed: {ref} by {published.ref}")


def widen(
    ref: Ref,
    members: Annotated[str, typer.Argument(metavar="MEMBERS", help="Who may have it too: east,south.")],
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Name more members for an item of yours; to what it carries of others they consent themselves.

    Examples:

        quartet widen N-K7Q-4MX south,west --dir trial/north
    """
    draft = FactDraft(kind="widen", ref=ref, members=tuple(MemberId(name) for name in words([members])))
    with connect(directory, officer, passphrase_file, purpose) as client:
        published = act(client, draft)
    say_json(published) if json else say(f"widened: {ref} by {published.ref}")
