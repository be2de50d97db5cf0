"""`alias add|list|remove|find`: what names mean at this member."""

from typing import Annotated

import typer

from quartet.cli.commands import Commands
from quartet.cli.options import As, Dir, Json, Passphrase, connect
from quartet.cli.output import one_line, say, say_json, table, utc
from quartet.node.aliasviews import AliasPage, Meant

Name = Annotated[str, typer.Argument(metavar="NAME", help="A name as a source spells it.")]

app = Commands(help="What names mean at this member: kept at its node, sent to nobody.", no_args_is_help=False)


@app.command()
def add(
    name: Name,
    means: Annotated[str, typer.Argument(metavar="MEANS", help="Your own name for it.")],
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Say that a name means another: suggestions show it, and a root's blinded name is made of it.

    Choose the name under which others of the circle know the source: only so do your roots and theirs count once.

    Example:

        quartet alias add "وكالة لومين" "Agence Lumenne" --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client:
        page = client.post("/aliases", Meant(name=name, means=means), AliasPage)
    say_json(page.aliases) if json else say(f"{one_line(name)} means {one_line(means)}")


@app.command("list")
def list_(directory: Dir = None, officer: As = None, passphrase_file: Passphrase = None, json: Json = False) -> None:
    """List what names mean.

    Example:

        quartet alias list --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client:
        page = client.get("/aliases", AliasPage)
    if json:
        say_json(page.aliases)
        return
    rows = [(one_line(one.name), one_line(one.means), one.officer, utc(one.at)) for one in page.aliases]
    table(("NAME", "MEANS", "SAID BY", "AT"), rows)


@app.command()
def remove(
    name: Name, directory: Dir = None, officer: As = None, passphrase_file: Passphrase = None, json: Json = False
) -> None:
    """Take back what a name means; what was signed under it stays.

    Example:

        quartet alias remove "وكالة لومين" --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client:
        page = client.post("/aliases", Meant(name=name, means=None), AliasPage)
    say_json(page.aliases) if json else say(f"{one_line(name)} means nothing else")


@app.command()
def find(
    name: Name, directory: Dir = None, officer: As = None, passphrase_file: Passphrase = None, json: Json = False
) -> None:
    """Tell which of your names one may be, across scripts: by what was said of it, then by its sound.

    Example:

        quartet alias find "Агентство Люменн" --dir trial/north
    """
    with connect(directory, officer, passphrase_file) as client:
        page = client.get("/aliases", AliasPage, {"like": name})
    if json:
        say_json(page.likely)
        return
    rows = [(one_line(one.name), f"{one.score:.2f}", ", ".join(one.why)) for one in page.likely]
    table(("MAY BE", "LIKENESS", "WHY"), rows)
