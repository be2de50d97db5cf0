"""`communique`: publish a text that all stand behind, and check one with nothing but files.

A published text is a folder: the text's proof, a proof of each member's signature under it, and a page to read. Who
checks it trusts the charter alone, from her own hand.
"""

import html
from pathlib import Path
from typing import Annotated, Final

import typer

from quartet.cli.commands import Commands
from quartet.cli.options import As, Dir, Json, Passphrase, Ref, below, connect, item
from quartet.cli.output import say, say_json, table, utc
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.proof.export import verify_proof
from quartet.core.proof.file import decode_proof
from quartet.core.statement import Statement, decode_statement
from quartet.desk import form_of
from quartet.desk.action import CONCURS, Position
from quartet.desk.communique import Communique, check_communique
from quartet.node.desk.communiqueviews import CommuniqueRow, CommuniqueView
from quartet.node.files import read_file, write_file
from quartet.node.views import Published

TEXT: Final = "communique.proof"
PAGE: Final = "communique.html"
SIGNED: Final = "signed-by-{member}.proof"

app = Commands(help="Texts that members stand behind together; outsiders check them with files.", no_args_is_help=True)


@app.command("list")
def listed(directory: Dir = None, officer: As = None, passphrase_file: Passphrase = None, json: Json = False) -> None:
    """List drafted texts and how they stand.

    Example:

        quartet communique list --dir trial/east
    """
    with connect(directory, officer, passphrase_file) as client:
        rows = client.get("/communiques", list[CommuniqueRow])
    if json:
        say_json(rows)
        return
    head = ("REF", "FROM", "STANDS", "OF", "LANGUAGES", "TITLE")
    table(
        head,
        [(r.ref, r.member, r.state.lower(), ", ".join(r.members), ", ".join(r.languages), r.title) for r in rows],
    )


@app.command()
def show(
    ref: Ref, directory: Dir = None, officer: As = None, passphrase_file: Passphrase = None, json: Json = False
) -> None:
    """Show a drafted text: every language, where each member stands, and what was published of it.

    Example:

        quartet communique show N-K7Q-4MX --dir trial/east
    """
    with connect(directory, officer, passphrase_file) as client:
        one = client.get(below("/communiques", ref), CommuniqueView)
    if json:
        say_json(one)
        return
    say(f"{one.row.ref} of {one.row.member}: {one.row.state.lower()}")
    say(f"stand behind it: {', '.join(one.concurring) or 'nobody'}; object: {', '.join(one.objecting) or 'nobody'}")
    for version in one.versions:
        say(f"\n[{version.language}] {version.title}\n{version.text}")
    for made in one.published:
        agreed = "as agreed" if made.agreed else "NOT WHAT WAS AGREED"
        signed = ", ".join(s.member for s in made.signed) or "nobody"
        say(f"\npublished as {made.ref} at {utc(made.at)}, {agreed}; signed by {signed}")


@app.command()
def publish(
    ref: Ref, directory: Dir = None, officer: As = None, passphrase_file: Passphrase = None, json: Json = False
) -> None:
    """Publish an agreed text for everybody; refused before all stand behind exactly this text.

    Example:

        quartet communique publish N-K7Q-4MX --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client:
        published = client.post(below("/communiques", ref, "publication"), {}, Published)
    say_json(published) if json else say(
        f"{published.ref}: each member signs it with quartet say {published.ref} position"
    )


@app.command()
def export(
    ref: Ref,
    into: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the files go; it must not be there.")],
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Write what an outsider needs: the text's proof, each signature's, and a page to read; REF is the draft's.

    Example:

        quartet communique export N-K7Q-4MX harbour --dir trial/north
    """
    if into.exists():
        raise Malformed("file-exists", f"{into}: name a folder that is not there")
    with connect(directory, officer, passphrase_file) as client:
        one = client.get(below("/communiques", ref), CommuniqueView)
        made = next((p for p in one.published if p.agreed and not p.missing), None)
        if made is None:
            raise Unavailable("not-signed", f"{ref} is not published, or not signed by all whom it names")
        files = {TEXT: client.get_bytes(item(made.ref, "proof"))}
        for signature in made.signed:
            files[SIGNED.format(member=signature.member)] = client.get_bytes(item(signature.ref, "proof"))
    into.mkdir(parents=True)
    for name, data in files.items():
        write_file(into / name, data)
    write_file(into / PAGE, _page(one).encode())
    say_json({"folder": str(into), "files": sorted([*files, PAGE])}) if json else say(
        f"{into}: check it anywhere with quartet communique verify {into} --charter FILE"
    )


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", readable=False, help="What `export` wrote.")],
    charter: Annotated[
        Path, typer.Option(metavar="FILE", readable=False, help="The charter that you trust, from your own hand.")
    ],
    json: Json = False,
) -> None:
    """Check a published text with nothing but files: who stands behind it, letter by letter (exit 4: it is not so).

    Example:

        quartet communique verify harbour --charter charter.json
    """
    trusted = read_file(charter)
    item_id, statement = _proven(folder / TEXT, trusted)
    text = form_of(statement, Communique)
    if text is None:
        raise Untrusted("not-a-communique", f"{folder / TEXT} proves another thing")
    check_communique(text, statement.at)
    for member in text.members:
        _signed(folder / SIGNED.format(member=member), trusted, member, item_id)
    if json:
        say_json({"ok": True, "item": item_id, "members": text.members, "versions": text.versions})
        return
    for version in text.versions:
        say(f"[{version.language}] {version.title}\n{version.text}\n")
    say(f"{', '.join(text.members)} stand behind this text, each with an officer's own key; hash {text.hash}")


def _signed(path: Path, trusted: bytes, member: str, item_id: str) -> None:
    """Raise `Untrusted("not-signed")` unless a proof shows that a member concurs with exactly this text."""
    _, statement = _proven(path, trusted)
    form = form_of(statement, Position)
    if (
        form is None
        or (statement.member, statement.hat, form.version) != (member, "MEMBER", item_id)
        or form.stance not in CONCURS
    ):
        raise Untrusted("not-signed", f"{path} does not show that {member} stands behind this text")


def _proven(path: Path, trusted: bytes) -> tuple[str, Statement]:
    """Return what a proof shows to be on record; raise `Untrusted` where it shows nothing."""
    data = read_file(path)
    report = verify_proof(data, trusted)
    return report.item, decode_statement(decode_proof(data).signed.data)


def _page(one: CommuniqueView) -> str:
    """Return a page to read, each language beside the others, in its own direction; nothing in it runs or loads."""
    texts = "".join(
        f'<section lang="{html.escape(v.language)}" dir="auto"><h2>{html.escape(v.title)}</h2>'
        f"<p>{html.escape(v.text).replace(chr(10), '<br>')}</p></section>"
        for v in one.versions
    )
    members = html.escape(", ".join(one.row.members))
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title>Communiqué</title>'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'"></head><body>'
        f"{texts}<footer><p>{members}</p><p>{html.escape(one.hash)}</p></footer></body></html>\n"
    )
