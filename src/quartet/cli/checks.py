"""`verify` and `export`: check every log, write one item's proof, check a proof with nothing but files."""

from pathlib import Path
from typing import Annotated

import typer

from quartet.cli.client import LONG_SECONDS
from quartet.cli.options import As, Dir, Json, Passphrase, Ref, connect
from quartet.cli.outcome import Exit
from quartet.cli.output import progress, say, say_json, table
from quartet.core.faults import Malformed
from quartet.node.files import write_file
from quartet.node.views import VerifyReport

SUFFIX = ".proof"


def export(
    ref: Ref,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to (default: REF.proof).")] = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Write one item's proof: an outsider checks it with files alone.

    Example:

        quartet export N-K7Q-4MX --dir trial/east --output item.proof
    """
    path = output or Path(f"{ref}{SUFFIX}")
    if path.exists():
        raise Malformed("file-exists", f"{path}: name another one with --output")
    with connect(directory, officer, passphrase_file) as client:
        data = client.get_bytes(f"/items/{ref}/proof")
    write_file(path, data, 0o644)
    if json:
        say_json({"file": str(path), "bytes": len(data)})
    else:
        say(f"wrote {path}; check it with: quartet verify {path} --charter CHARTER")


def show_report(report: VerifyReport, *, json: bool) -> None:
    """Write what checking found; end with 4 where something is wrong."""
    if json:
        say_json(report)
    else:
        logs = report.logs.items()
        table(("LOG", "TICKS", "COSIGNED BY"), [(m, str(one.size), str(one.cosigners)) for m, one in logs])
        for problem in report.problems:
            say(f"{problem.reason}: {problem.where}")
        say("all verified" if report.ok else f"{len(report.problems)} problems")
    if not report.ok:
        raise typer.Exit(Exit.UNTRUSTED)


def ask_node(directory: Dir, officer: As, passphrase_file: Passphrase, *, json: bool) -> VerifyReport:
    """Have the running node check all it holds."""
    with connect(directory, officer, passphrase_file) as client, progress(quiet=json) as bar:
        bar.add_task("checking every log", total=None)
        return client.get("/verify", VerifyReport, within=LONG_SECONDS)
