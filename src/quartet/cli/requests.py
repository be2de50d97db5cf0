"""`ask`, `requests`, `answer`, `close`: what this member asks of others, and what it says to what they ask."""

from typing import Annotated, Final, get_args

import typer
from rich.text import Text

from quartet.cli.brokering import presiding, spoken
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, below, connect, words
from quartet.cli.output import facts, one_line, say, say_json, table, tlp_text, utc
from quartet.cli.send import audience, make_title, one_word, precedence_word, read_text, tlp_word
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId
from quartet.desk.request import Reason, Word
from quartet.node.desk.requestviews import Answer, Behalf, PartView, RequestPage, RequestRow, RequestView, Which, Worth
from quartet.node.views import MAX_PAGE, Draft, Published

WORDS: Final[tuple[Word, ...]] = get_args(Word)
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
WHICH: Final[tuple[Which, ...]] = get_args(Which)


def ask(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The question; - reads standard input.")],
    of: Annotated[list[str] | None, typer.Option(metavar="MEMBERS", help="Who is asked: east,south.")] = None,
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="The question's own label; no default.")] = None,
    to: Annotated[
        list[str] | None, typer.Option(metavar="MEMBERS", help="Who else may see the question (default: who is asked).")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its title (default: the first line).")] = None,
    precedence: Annotated[
        str, typer.Option(help="FLASH: due in 10 min; IMMEDIATE 1 h; PRIORITY 8 h; ROUTINE 7 days.")
    ] = "ROUTINE",
    only_for: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="For what the answer will be used, in the charter's words."),
    ] = None,
    through_chair: Annotated[
        bool,
        typer.Option("--through-chair", help="Ask unnamed: the chair puts it to those of --of, or whom she chooses."),
    ] = False,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Ask other members for information; each answers for itself, and its clock starts when it has the question.

    Example:

        echo "Who moors at Dam 3 tonight?" | quartet ask --of east,south --tlp AMBER --precedence PRIORITY -

        echo "Who moors at Dam 3 tonight?" | quartet ask --through-chair --of south --tlp AMBER -
    """
    label, asked, text = tlp_word(tlp), words(of), read_text(file)
    if not asked and not through_chair:
        raise Malformed("nobody-asked", "say who is asked, as in --of east,south")
    urgency = precedence_word(precedence)
    with connect(directory, officer, passphrase_file, purpose) as client:
        hidden = {"broker": True, "among": list(asked)} if through_chair else {}
        asks = (presiding(client),) if through_chair else asked
        draft = Draft(
            kind="request",
            tlp=label,
            title=make_title(title, text),
            text=text,
            to=audience(label, tuple(dict.fromkeys((*asks, *words(to))))),
            precedence=urgency,
            purposes=words(only_for),
            form={"asked": list(asks), "precedence": urgency, **hidden},
        )
        published = client.post("/items", draft, Published)
    say_json(published) if json else say(published.ref)


def requests(
    which: Annotated[str, typer.Option(help="open, overdue, mine (to answer here), done or all.")] = "open",
    ref: Annotated[str | None, typer.Argument(metavar="REF", help="One request whole.")] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List requests for information with what is due, or show one with every answer.

    Examples:

        quartet requests --which overdue --dir trial/north

        quartet requests N-K7Q-4MX --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        if ref is not None:
            one = client.get(below("/requests", ref), RequestView)
            say_json(one) if json else _show(one)
            return
        asked = {"which": one_word("which", which, WHICH), "limit": MAX_PAGE}
        page = client.get("/requests", RequestPage, asked)
    if json:
        say_json(page.items)
        return
    table(("REF", "TLP", "URGENCY", "FROM", "DUE", "WHERE IT STANDS", "TITLE"), [_cells(row) for row in page.items])
    if page.next:
        say("there are more: narrow the list with --which")


def answer(
    ref: Ref,
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="What you say; - reads standard input.")] = None,
    word: Annotated[
        str, typer.Option("--word", help="answer, acknowledge, partial, refuse, no-holdings, transfer or brokered.")
    ] = "answer",
    reason: Annotated[
        str | None, typer.Option(help="Of a refusal: not-releasable, no-consent, legal-bar, purpose, ...")
    ] = None,
    member: Annotated[str | None, typer.Option(metavar="MEMBER", help="Of a transfer: who has it.")] = None,
    to: Annotated[
        list[str] | None, typer.Option(metavar="MEMBERS", help="Who gets the answer (default: the asker alone).")
    ] = None,
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="A stricter label than the question's.")] = None,
    cites: Annotated[list[str] | None, typer.Option(metavar="REFS", help="Items that answer it.")] = None,
    question: Annotated[
        str | None, typer.Option(metavar="REF", help="Of brokered: the question that the chair put to others.")
    ] = None,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Say something to a request that asks this member.

    Examples:

        echo "Two barges, no cargo" | quartet answer N-K7Q-4MX - --dir trial/east

        quartet answer N-K7Q-4MX --word refuse --reason no-consent --dir trial/east
    """
    said = one_word("word", word, WORDS)
    if file is None and said == "ANSWER" and not cites:
        raise Malformed("empty-text", "an answer says something: name a file, - for standard input, or --cites")
    body = Answer(
        word=said,
        text="" if file is None else read_text(file),
        reason=None if reason is None else one_word("reason", reason, REASONS),
        transfer=None if member is None else MemberId(member),
        to=None if to is None else tuple(MemberId(name) for name in words(to)),
        tlp=None if tlp is None else tlp_word(tlp),
        cites=words(cites),
        question=question,
    )
    with connect(directory, officer, passphrase_file, purpose) as client:
        published = spoken(client, below("/requests", ref, "replies"), body, "reply", {"word": said})
    say_json(published) if json else say(published.ref)


def close(
    ref: Ref,
    rating: Annotated[
        int | None, typer.Option(metavar="1-5", min=1, max=5, help="What the answers were worth.")
    ] = None,
    text: Annotated[str, typer.Option(help="Why, in a few words.")] = "",
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Close a request of this member, and say what the answers were worth.

    Example:

        quartet close N-K7Q-4MX --rating 4 --dir trial/north
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        body = Worth(rating=rating, text=text)
        published = spoken(client, below("/requests", ref, "closing"), body, "request-closed", {"rating": rating})
    say_json(published) if json else say(published.ref)


def _cells(row: RequestRow) -> tuple[str | Text, ...]:
    stands = "closed" if row.closed else ", ".join(f"{m} {_stage(row, m)}" for m in row.stages)
    return row.ref, tlp_text(row.tlp), row.precedence, row.author, utc(row.due), stands, row.title


def _stage(row: RequestRow, member: MemberId) -> str:
    stage = one_line(row.stages[member].lower().replace("_", " "))
    return f"{stage} (OVERDUE)" if member in row.overdue else stage


def _show(one: RequestView) -> None:
    row = one.row
    facts(
        [
            ("ref", row.ref),
            ("from", f"{row.author}/{row.officer}" + (" (chair)" if row.hat == "CHAIR" else "")),
            ("at", utc(row.at)),
            ("title", row.title),
            ("urgency", row.precedence),
            *([("through", _through(one))] if row.broker else []),
            *([("put to others", ", ".join(one.questions))] if one.questions else []),
            *([("in place of", _behalf(one.behalf))] if one.behalf else []),
            *([("closed", f"worth {one.rating or '-'} of 5 {one.closed_with}".strip())] if row.closed else []),
        ]
    )
    say(f"\n{one.text.rstrip()}\n")
    for part in one.parts:
        _part(part)


def _through(one: RequestView) -> str:
    whom = ", ".join(one.among) or "whom she chooses"
    return f"the chair of {', '.join(one.row.asked)}, who may ask {whom} and does not say who asks"


def _behalf(behalf: Behalf) -> str:
    closed = f"; closed, worth {behalf.rating or '-'} of 5" if behalf.closed else ""
    return f"{behalf.ref} of {behalf.member}, which stays unnamed{closed}"


def _part(part: PartView) -> None:
    late = " OVERDUE" if part.overdue else ""
    reason = f" ({part.reason})" if part.reason else ""
    say(f"{part.member}: {part.stage}{reason}, due {utc(part.due)}{late}")
    for reply in part.replies:
        to = f" to {reply.to}" if reply.to else ""
        say(f"  {utc(reply.at)} {reply.ref} {reply.officer}: {reply.word}{to}")
        for line in reply.text.rstrip().splitlines():
            say(f"    {line}")
