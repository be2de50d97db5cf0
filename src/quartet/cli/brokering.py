"""`broker`, `pass-on`: what the presiding officer puts to others for a member that stays unnamed, and gives back.

Who wears the chair's hat asserts each of her words with her own key: it is read before that key signs.
"""

from typing import Annotated, Any

import typer

from quartet.cli.client import Client
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, below, connect, words
from quartet.cli.output import say, say_json
from quartet.cli.send import make_title, precedence_word, read_text, tlp_word
from quartet.cli.vouching import check_said
from quartet.console.shapes import Asserted
from quartet.core.encoding import Value
from quartet.core.faults import Fault, Malformed, Untrusted
from quartet.core.ids import MemberId
from quartet.core.statement import assert_item
from quartet.node.desk.chairviews import Presiding
from quartet.node.desk.requestviews import Answer, PassOn, Put
from quartet.node.factviews import Prepared
from quartet.node.views import Published


def broker(
    ref: Ref,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The question in your words; - reads standard input.")],
    of: Annotated[list[str] | None, typer.Option(metavar="MEMBERS", help="Who is asked: east,south.")] = None,
    to: Annotated[list[str] | None, typer.Option(metavar="MEMBERS", help="Who else may see the question.")] = None,
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="A stricter label than the request's own.")] = None,
    persons: Annotated[
        list[str] | None, typer.Option(metavar="PERSONS", help="Of a RED question: who may see it, as member/officer.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its title (default: the first line).")] = None,
    precedence: Annotated[str, typer.Option(help="FLASH, IMMEDIATE, PRIORITY or ROUTINE.")] = "ROUTINE",
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """As the chair, put a request to others as one of your own: who asked stays unnamed, and is told that you did.

    Example:

        echo "Who moors at Dam 3?" | quartet broker E-K7Q-4MX - --of south,west --as chair --dir trial/north
    """
    text = read_text(file)
    asked = tuple(MemberId(name) for name in words(of))
    if not asked:
        raise Malformed("nobody-asked", "say who is asked, as in --of east,south")
    body = Put(
        title=make_title(title, text),
        text=text,
        asked=asked,
        to=tuple(MemberId(name) for name in words(to)),
        tlp=None if tlp is None else tlp_word(tlp),
        persons=words(persons),
        precedence=precedence_word(precedence),
    )
    with connect(directory, officer, passphrase_file, purpose) as client:
        put = asserted(client, below("/requests", ref, "question"), body, "request", {"asked": list(asked)})
        try:
            told = Answer("BROKERED", question=put.ref)
            asserted(
                client, below("/requests", ref, "replies"), told, "reply", {"word": "BROKERED", "question": put.ref}
            )
        except Fault:
            say(f"{put.ref} went; its asker was not told: quartet answer {ref} --word brokered --question {put.ref}")
            raise
    say_json(put) if json else say(put.ref)


def pass_on(
    ref: Ref,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Other words than the answer's own; - reads standard input.")
    ] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """As the chair, give an answer to every member, as far as who gave it consents: for one alone would name who asked.

    It reaches who answered at once, who grants it to those that may have it; then tell the asker with quartet answer.

    Example:

        quartet pass-on S-K7Q-4MX --as chair --dir trial/north
    """
    body = PassOn(text="" if file is None else read_text(file))
    with connect(directory, officer, passphrase_file, purpose) as client:
        passed = asserted(client, below("/replies", ref, "passed"), body, "message", None)
    say_json(passed) if json else say(passed.ref)


def spoken(client: Client, path: str, body: Value, kind: str, form: dict[str, Any]) -> Published:
    """Publish what an officer says to a request; where she speaks as the chair, with her own assertion."""
    try:
        return client.post(path, body, Published)
    except Untrusted as fault:
        if fault.reason != "chair-key-missing":
            raise
    return asserted(client, path, body, kind, form)


def asserted(client: Client, path: str, body: Value, kind: str, form: dict[str, Any] | None) -> Published:
    """Have the node prepare what the chair says, read it, and publish it with her assertion."""
    prepared = client.post(f"{path}/prepared", body, Prepared)
    check_said(prepared, kind, form, client.identity.name)
    return client.post("/facts", Asserted(prepared, assert_item(prepared.id, client.identity.key)), Published)


def presiding(client: Client) -> MemberId:
    """Return whose officer presides; raise `Malformed("nobody-presides")`."""
    found = client.get("/chair/presiding", Presiding).member
    if found is None:
        raise Malformed("nobody-presides", "the charter has no rota of chairs: ask members by their names")
    return found
