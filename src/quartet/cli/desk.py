"""`say`: what officers say about matters, in a form.

What an officer must assert herself - a position, an acknowledgement, what a chair says - is read before her key signs.
"""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from quartet.cli.client import Client
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, connect, item, words
from quartet.cli.output import say, say_json
from quartet.cli.send import read_form, read_text, tlp_word
from quartet.cli.vouching import check_said
from quartet.console.shapes import Asserted
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.core.statement import ASSERTED_KINDS, assert_item
from quartet.node.desk.speech import Speech
from quartet.node.factviews import Prepared
from quartet.node.views import Published


def say_so(
    ref: Ref,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What is said: position, step, hypothesis, same-as, ...")],
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE", help="Its form, field by field; a value may be JSON.")
    ] = None,
    form: Annotated[
        Path | None, typer.Option(metavar="FILE", readable=False, help="Its form as a JSON file, instead of fields.")
    ] = None,
    text: Annotated[str | None, typer.Option(metavar="FILE", help="What is said in words; - reads input.")] = None,
    title: Annotated[str, typer.Option(help="Its title.")] = "",
    to: Annotated[
        list[str] | None, typer.Option(metavar="MEMBERS", help="To whom (default: all who may have what it is about).")
    ] = None,
    tlp: Annotated[
        str | None, typer.Option(metavar="LABEL", help="A stricter label than that of what it is about.")
    ] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Say something about an item in a form: it is marked as the item is, for its audience or less.

    Examples:

        quartet say N-K7Q-4MX position version=N-K7Q-4MX stance=CONCUR --dir trial/east

        quartet say N-K7Q-4MX step version=N-K7Q-4MX move=STOP text="a storm" --dir trial/north
    """
    speech = Speech(
        kind=kind,
        form=_form(fields or [], form),
        text="" if text is None else read_text(text),
        title=title,
        to=None if to is None else tuple(MemberId(name) for name in words(to)),
        tlp=None if tlp is None else tlp_word(tlp),
    )
    with connect(directory, officer, passphrase_file, purpose) as client:
        published = _said(client, ref, speech)
    say_json(published) if json else say(published.ref)


def _said(client: Client, ref: str, speech: Speech) -> Published:
    if speech.kind not in ASSERTED_KINDS:
        return client.post(item(ref, "said"), speech, Published)
    prepared = client.post(item(ref, "said", "prepared"), speech, Prepared)
    check_said(prepared, speech.kind, speech.form, client.identity.name)
    assertion = assert_item(prepared.id, client.identity.key)
    return client.post("/facts", Asserted(prepared, assertion), Published)


def _form(fields: list[str], file: Path | None) -> dict[str, Any]:
    if file is not None:
        return read_form(file)
    made: dict[str, Any] = {}
    for field in fields:
        name, equals, value = field.partition("=")
        if not equals or not name:
            raise Malformed("bad-field", f"{field!r}: write it as name=value, as in stance=CONCUR")
        made[name] = _value(value)
    return made


def _value(text: str) -> Any:
    """Return a field's value: JSON where it is a list, an object, a number or a word of JSON, else the text itself."""
    try:
        return msgspec.json.decode(text)
    except msgspec.MsgspecError:
        return text
