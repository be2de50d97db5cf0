"""`quartet send`: from a file or standard input to a published item, or to the sight of what each would see."""

import re
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar, get_args

import msgspec
import typer
from msgspec import structs

from quartet.cli.agreements import tell_resolved
from quartet.cli.attach import upload
from quartet.cli.client import Client
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, connect, item, when, words
from quartet.cli.output import complain, facts, one_line, say, say_json, screen, size_text, table, tlp_text
from quartet.core.faults import Fault, Malformed
from quartet.core.ids import MemberId
from quartet.core.marking import TlpWord
from quartet.core.statement import MAX_TEXT, Precedence
from quartet.node.community import Community
from quartet.node.views import MAX_TITLE, Draft, Preview, Published, Shown, Step

TITLE_LENGTH: Final = 100
STDIN: Final = "-"

Onward = Literal["TLP_RULE", "ASK", "NEVER"]
Mode = Literal["RELEASE", "DISPLAY"]
LABELS: Final[tuple[TlpWord, ...]] = get_args(TlpWord)
PRECEDENCES: Final[tuple[Precedence, ...]] = get_args(Precedence)
ONWARD: Final[tuple[Onward, ...]] = get_args(Onward)
MODES: Final[tuple[Mode, ...]] = get_args(Mode)

W = TypeVar("W", bound=str)


def send(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The text to send; - reads standard input.")],
    tlp: Annotated[
        str | None, typer.Option(metavar="LABEL", help="RED, AMBER+STRICT, AMBER, GREEN or CLEAR; no default.")
    ] = None,
    to: Annotated[list[str] | None, typer.Option(metavar="MEMBERS", help="Members or circles: east,south.")] = None,
    kind: Annotated[str, typer.Option(help="What it is.")] = "report",
    title: Annotated[str | None, typer.Option(help="Its title (default: the first line).")] = None,
    persons: Annotated[
        list[str] | None, typer.Option(metavar="PERSONS", help="For RED: who may view, as member/officer.")
    ] = None,
    precedence: Annotated[str, typer.Option(help="FLASH, IMMEDIATE, PRIORITY or ROUTINE.")] = "ROUTINE",
    attach: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", readable=False, help="A file that goes with it.")
    ] = None,
    caveat: Annotated[list[str] | None, typer.Option(metavar="WORD", help="NO_GATEWAY, EXERCISE, ...")] = None,
    onward: Annotated[str | None, typer.Option(help="TLP_RULE (default of CLEAR), ASK (else) or NEVER.")] = None,
    mode: Annotated[str, typer.Option(help="RELEASE (a copy may be kept) or DISPLAY.")] = "RELEASE",
    hold: Annotated[bool, typer.Option("--hold", help="Evidence: who holds it keeps it when it is recalled.")] = False,
    expires: Annotated[str | None, typer.Option(metavar="TIME", help="When it closes: 2h, 7d or a UTC time.")] = None,
    downgrade: Annotated[
        list[str] | None, typer.Option(metavar="TIME=LABEL", help="A wider label from then on: 7d=GREEN.")
    ] = None,
    only_for: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="What it may be used for, in the charter's words.")
    ] = None,
    contains: Annotated[list[str] | None, typer.Option(metavar="REFS", help="Items whose content it carries.")] = None,
    cites: Annotated[list[str] | None, typer.Option(metavar="REFS", help="Items that it names only.")] = None,
    corrects: Annotated[
        str | None,
        typer.Option(metavar="REF", help="An item of yours in whose place it comes; its holders are told."),
    ] = None,
    form: Annotated[
        Path | None, typer.Option(metavar="FILE", readable=False, help="The form of a typed item, as a JSON file.")
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show what each will see; send nothing.")] = False,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Publish an item, and print its reference.

    Examples:

        echo "Drone parts seen near Dam 3" | quartet send --tlp AMBER --to east,south -

        quartet send --tlp RED --to east --persons east/duty --precedence FLASH note.txt

        quartet send --tlp GREEN --to east,west --preview note.txt

        quartet send --tlp AMBER --to east,south --corrects N-K7Q-4MX corrected.txt
    """
    label = tlp_word(tlp)
    text = read_text(file, attached=bool(attach))
    draft = Draft(
        tlp=label,
        title=make_title(title, text),
        text=text,
        to=audience(label, words(to)),
        kind=kind,
        persons=words(persons),
        precedence=one_word("precedence", precedence, PRECEDENCES),
        caveats=tuple(word.upper() for word in words(caveat)),
        onward=one_word("onward", onward or ("TLP_RULE" if label == "CLEAR" else "ASK"), ONWARD),
        mode=one_word("mode", mode, MODES),
        hold=hold,
        expires=when(expires, "--expires"),
        downgrade=steps(downgrade),
        corrects=corrects,
        contains=words(contains),
        cites=words(cites),
        purposes=words(only_for),
        form=None if form is None else read_form(form),
    )
    with connect(directory, officer, passphrase_file, purpose) as client:
        _go(client, draft, attach or [], preview=preview, json=json)


def read_form(file: Path) -> dict[str, Any]:
    """Return the form that a file holds; raise `Malformed("bad-form")` for what is no JSON object."""
    try:
        return msgspec.json.decode(_file(file), type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise Malformed("bad-form", f"{file}: {error}") from error


def read_text(file: str, *, attached: bool = False) -> str:
    """Return the text of a file or of standard input; raise `Malformed` with what to do about another thing."""
    name = "standard input" if file == STDIN else file
    data = _stdin() if file == STDIN else _file(Path(file))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("not-text", f"{name} is not UTF-8 text (byte {error.start}): send it with --attach") from error
    if "\0" in text:
        raise Malformed("not-text", f"{name} holds zero bytes: it is no text, send it with --attach")
    if not text.strip() and not attached:
        raise Malformed("empty-text", f"{name} says nothing: write a text, or send a file with --attach")
    return unicodedata.normalize("NFC", text)


def _file(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_file() and size > MAX_TEXT:
            raise _too_large(str(path), size_text(size))
        with path.open("rb") as source:
            data = source.read(MAX_TEXT + 1)
    except OSError as error:
        raise Malformed("no-file", f"{path}: {error.strerror}; name a file that you can read") from error
    return _within(data, str(path))


def _stdin() -> bytes:
    return _within(sys.stdin.buffer.read(MAX_TEXT + 1), "standard input")


def _within(data: bytes, name: str) -> bytes:
    if len(data) > MAX_TEXT:
        raise _too_large(name, f"more than {size_text(MAX_TEXT)}")
    return data


def _too_large(name: str, size: str) -> Malformed:
    return Malformed("too-large", f"{name} has {size} where a text may have {size_text(MAX_TEXT)}: use --attach for it")


def make_title(given: str | None, text: str) -> str:
    """Return the title that was given, or the text's first line; raise `Malformed("title-too-long")`."""
    if given is not None:
        title = unicodedata.normalize("NFC", given.strip())
        if len(title) > MAX_TITLE:
            raise Malformed("title-too-long", f"{len(title)} characters where {MAX_TITLE} may be: shorten --title")
        return title
    first = next((line for line in text.splitlines() if line.strip()), "")
    line = one_line(first)
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def tlp_word(given: str | None) -> TlpWord:
    """Return the label that was given; raise `Malformed` without one: it has no default."""
    choices = ", ".join(reversed(LABELS))
    if given is None:
        raise Malformed("no-tlp", f"say who may have it with --tlp {choices}; there is no default")
    return one_word("tlp", given.removeprefix("TLP:"), LABELS)


def steps(given: list[str] | None) -> tuple[Step, ...]:
    """Return the label's steps that `7d=GREEN` means; raise `Malformed("bad-downgrade")` for another writing."""
    found = []
    for word in words(given):
        time, between, label = word.partition("=")
        at = when(time, "--downgrade")
        if not between or at is None:
            raise Malformed("bad-downgrade", f"--downgrade {word}: write 7d=GREEN")
        found.append(Step(at, one_word("tlp", label.removeprefix("TLP:"), LABELS)))
    return tuple(found)


def precedence_word(given: str) -> Precedence:
    """Return the precedence that was given; raise `Malformed` for another word."""
    return one_word("precedence", given, PRECEDENCES)


def one_word(name: str, given: str, choices: tuple[W, ...]) -> W:
    """Return the one of the choices that was given, in any case, its words parted by `-`, `_` or a space.

    Raise `Malformed` for another word, with the choices as they are typed.
    """
    for choice in choices:
        if as_typed(choice) == as_typed(given):
            return choice
    raise Malformed(f"unknown-{name}", f"--{name} {given}: choose one of {', '.join(map(_dashed, choices))}")


def as_typed(word: str) -> str:
    """Return a word of ours as it is typed and shown: `NO_ANSWER` is `no-answer`."""
    return _dashed(word).lower()


def _dashed(word: str) -> str:
    return "-".join(re.split(r"[-_\s]+", word.strip()))


def audience(label: TlpWord, to: tuple[str, ...]) -> tuple[MemberId, ...]:
    """Return whom a marking names; raise `Malformed` where that is nobody by mistake."""
    if not to and label != "CLEAR":
        raise Malformed("no-audience", f"TLP:{label} without --to is for nobody: name members, as in --to east,south")
    return tuple(MemberId(name) for name in to)


def _go(client: Client, draft: Draft, files: list[Path], *, preview: bool, json: bool) -> None:
    whole = structs.replace(draft, attachments=upload(client, files, keep=not preview, quiet=json))
    if preview:
        seen = client.post("/previews", whole, list[Preview])
        if not json:
            tell_resolved(draft.to, client.get("/community", Community).circles)
        _show(seen, json=json)
        return
    published = client.post("/items", whole, Published)
    if json:
        say_json(published)
    else:
        say(published.ref)
    if draft.precedence == "FLASH":
        _tell_lowered(client, published.ref)


def _tell_lowered(client: Client, ref: str) -> None:
    """Say of a FLASH that went as IMMEDIATE, for it was one too many of the hour, that it did: she may have to call."""
    with suppress(Fault):  # it went, whatever becomes of the question how
        if client.get(item(ref), Shown).precedence != "FLASH":
            complain(
                f"{ref} went as IMMEDIATE, and says that you claimed FLASH: six an hour go as FLASH; else call them"
            )


def _show(previews: list[Preview], *, json: bool) -> None:
    if json:
        say_json(previews)
        return
    table(
        ("MEMBER", "GETS IT", "WHY"),
        [(p.member, "yes" if p.admitted else "no", p.reason or "named by the marking") for p in previews],
    )
    for seen in previews:
        if seen.sees is not None:
            _sight(seen)


def _sight(preview: Preview) -> None:
    sight = preview.sees
    if sight is None:
        return
    say(f"\n--- as {preview.member} will see it ---")
    screen().print(tlp_text(sight.marking.tlp))
    facts(
        [
            ("from", f"{sight.author}/{sight.officer}"),
            ("to", ", ".join(sight.marking.named) or "nobody else"),
            ("kind", sight.kind),
            ("title", sight.title),
            *(("attached", f"{one.name}, {size_text(one.size)}") for one in sight.attachments),
        ]
    )
    say(f"\n{sight.text.rstrip()}")
