"""`seek`, `consents`, `consent`: whose consent this member asks for, and what it says to those that ask for its own."""

from typing import Annotated, Final, get_args

import typer
from rich.text import Text

from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, below, connect
from quartet.cli.output import facts, one_line, say, say_json, table, tlp_text, utc
from quartet.cli.send import one_word, read_text
from quartet.core.ids import MemberId
from quartet.desk.consent import Condition, Denial, Word
from quartet.node.desk.consentviews import ConsentAnswer, ConsentPage, ConsentView, Seek, ShareView, WhichConsents
from quartet.node.views import MAX_PAGE, Published

WORDS: Final[tuple[Word, ...]] = get_args(Word)
CONDITIONS: Final[tuple[Condition, ...]] = get_args(Condition)
DENIALS: Final[tuple[Denial, ...]] = get_args(Denial)
WHICH: Final[tuple[WhichConsents, ...]] = get_args(WhichConsents)


def seek(
    ref: Ref,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Why it should; - reads standard input.")],
    member: Annotated[str, typer.Option("--for", metavar="MEMBER", help="Which member should have it.")],
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Ask the controllers of an item whether a member may have it; no answer is no.

    Example:

        echo "Their hospital lies below the dam" | quartet seek N-K7Q-4MX - --for west --dir trial/east
    """
    body = Seek(member=MemberId(member), text=read_text(file))
    with connect(directory, officer, passphrase_file, purpose) as client:
        published = client.post(below("/items", ref, "consents"), body, Published)
    say_json(published) if json else say(published.ref)


def consents(
    which: Annotated[str, typer.Option(help="open, mine (a word of ours is due) or all.")] = "open",
    ref: Annotated[str | None, typer.Argument(metavar="REF", help="One request for consent whole.")] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List requests for consent with what each controller said, or show one.

    Examples:

        quartet consents --which mine --dir trial/north

        quartet consents E-3FQ-7PB --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        if ref is not None:
            one = client.get(below("/consents", ref), ConsentView)
            say_json(one) if json else _show(one)
            return
        page = client.get("/consents", ConsentPage, {"which": one_word("which", which, WHICH), "limit": MAX_PAGE})
    if json:
        say_json(page.items)
        return
    table(("REF", "TLP", "FROM", "ITEM", "FOR", "WHERE IT STANDS"), [_cells(row) for row in page.items])
    if page.next:
        say("there are more: narrow the list with --which")


def consent(
    ref: Ref,
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="What you say; - reads standard input.")] = None,
    word: Annotated[str, typer.Option("--word", help="grant (after `quartet grant`), condition or deny.")] = "grant",
    condition: Annotated[
        str | None, typer.Option(help="What is to be done first: sanitise, paraphrase or downgrade.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Of a denial: source, legal-bar, purpose, harm or other.")] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Say for this member what it answers to a request for its consent; what lets the member have it is the grant.

    Examples:

        quartet consent E-3FQ-7PB --word deny --reason source --dir trial/north

        quartet consent E-3FQ-7PB --word condition --condition sanitise --dir trial/north
    """
    body = ConsentAnswer(
        word=one_word("word", word, WORDS),
        condition=None if condition is None else one_word("condition", condition, CONDITIONS),
        reason=None if reason is None else one_word("reason", reason, DENIALS),
        text="" if file is None else read_text(file),
    )
    with connect(directory, officer, passphrase_file, purpose) as client:
        published = client.post(below("/consents", ref, "answers"), body, Published)
    say_json(published) if json else say(published.ref)


def _cells(row: ConsentView) -> tuple[str | Text, ...]:
    stands = ", ".join(f"{share.member} {_stage(share)}" for share in row.shares)
    return row.ref, tlp_text(row.tlp), row.author, row.item, row.member, stands


def _stage(share: ShareView) -> str:
    stage = one_line(share.stage.lower().replace("_", " "))
    detail = share.condition or share.reason
    told = f"{stage} ({detail.lower().replace('_', ' ')})" if detail else stage
    return f"{told} (no word in time: that is no)" if share.lapsed else told


def _show(one: ConsentView) -> None:
    facts(
        [
            ("ref", one.ref),
            ("from", f"{one.author}/{one.officer}"),
            ("at", utc(one.at)),
            ("item", f"{one.item} {one.title or ''}".rstrip()),
            ("for", one.member),
        ]
    )
    say(f"\n{one.text.rstrip()}\n")
    for share in one.shares:
        by = f" {share.ref} {share.officer}" if share.ref else ""
        say(f"{share.member}: {_stage(share)}, due {utc(share.due)}{by}")
        for line in share.text.rstrip().splitlines():
            say(f"    {line}")
