"""`translate`: what a model says that an item says, beside what it says itself."""

from typing import Annotated

import typer

from quartet.cli.client import MODEL_SECONDS
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, connect, item
from quartet.cli.output import say, say_json, utc
from quartet.node.assist.views import Translation


def translate(
    ref: Ref,
    to: Annotated[
        str | None, typer.Option(metavar="LANGUAGE", help="Into which language: fr. Without it that of the settings.")
    ] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Have an item translated by the server of the settings, if the gate lets it go there.

    The original is shown first. The translation is a model's, is kept nowhere, and takes no item's place.

    Example:

        quartet translate N-K7Q-4MX --to fr --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        found = client.post(item(ref, "translation"), None, Translation, {"to": to}, within=MODEL_SECONDS)
    if json:
        say_json(found)
        return
    say(f"{found.ref} TLP:{found.tlp}")
    say(found.original)
    say("")
    say(f"--- {found.language}: translated {found.made.by} ({found.made.model}, {utc(found.made.at)})")
    say(found.text)
