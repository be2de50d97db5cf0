"""`verify` and `export`: check every log, write one item's proof, check a proof with nothing but files."""

from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec import to_builtins

from quartet.cli.client import LONG_SECONDS
from quartet.cli.identity import member_folder
from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, connect, item
from quartet.cli.outcome import Exit
from quartet.cli.output import progress, say, say_json, table, utc
from quartet.core.faults import Malformed, Unavailable, Untrusted
from quartet.core.ids import MemberId
from quartet.core.proof.conviction import ConvictionReport, is_conviction, verify_conviction
from quartet.core.proof.export import ProofReport, verify_proof
from quartet.node.files import read_file, write_file
from quartet.node.keyset import Keyset
from quartet.node.office import charter_of
from quartet.node.settings import load_member
from quartet.node.vault import open_vault
from quartet.node.views import LogState, Problem, VerifyReport, moment

SUFFIX = ".proof"
EVIDENCE = ".evidence"


def export(
    ref: Ref,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to (default: REF.proof).")] = None,
    purpose: Purpose = None,
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
    with connect(directory, officer, passphrase_file, purpose) as client:
        data = client.get_bytes(item(ref, "proof"))
    write_file(path, data, 0o644)
    if json:
        say_json({"file": str(path), "bytes": len(data)})
    else:
        say(f"wrote {path}; check it with: quartet verify {path} --charter CHARTER")


def evidence(
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="The member whose log said two things.")],
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to (default: MEMBER.evidence).")] = None,
    directory: Dir = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Write what shows a stranger that a member's log said two things: he checks it with files alone.

    Example:

        quartet evidence west --dir trial/east
    """
    from quartet.node.evidence import evidence_file

    path = output or Path(f"{member}{EVIDENCE}")
    if path.exists():
        raise Malformed("file-exists", f"{path}: name another one with --output")
    folder = member_folder(directory)
    settings = load_member(folder)
    master = Keyset.of(open_vault(folder.vault, passphrase_file)).store
    data = evidence_file(folder.path(settings.store), master, folder.charter.read_bytes(), MemberId(member))
    write_file(path, data, 0o644)
    if json:
        say_json({"file": str(path), "bytes": len(data)})
    else:
        say(f"wrote {path}; check it with: quartet verify {path} --charter CHARTER")


def verify(
    proof: Annotated[
        Path | None,
        typer.Argument(
            metavar="PROOF",
            readable=False,
            help="A proof from `quartet export`, or `quartet evidence` (default: check every log).",
        ),
    ] = None,
    charter: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", readable=False, help="With PROOF: the charter that you trust, from your own hand."
        ),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Check the files of a member's folder, without its node.")
    ] = False,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Check every log this member knows and name each problem (exit 4), or check one proof with files alone.

    Examples:

        quartet verify --dir trial/east

        quartet verify --offline --dir trial/east

        quartet verify item.proof --charter charter.json
    """
    if proof is not None:
        _verify_proof(proof, charter, json=json)
    elif charter is not None:
        raise Malformed("no-proof-file", "--charter goes with a PROOF: quartet verify PROOF --charter FILE")
    elif offline:
        _tell(_check_folder(directory, passphrase_file, json=json), json=json)
    else:
        _tell(_ask_node(directory, officer, passphrase_file, json=json), json=json)


def _verify_proof(path: Path, charter: Path | None, *, json: bool) -> None:
    if charter is None:
        raise Malformed(
            "no-charter", "say whose charter you trust: --charter FILE, from your own hand, not the sender's"
        )
    data, trusted = _given(path), _given(charter)
    try:
        if is_conviction(data):
            _tell_conviction(verify_conviction(data, trusted), json=json)
            return
        report = verify_proof(data, trusted)
    except (Malformed, Untrusted) as fault:
        if json:
            say_json(VerifyReport(ok=False, logs={}, problems=(Problem(fault.reason, f"{path}: {fault.detail}"),)))
        raise Untrusted(fault.reason, f"{path} with {charter} proves nothing: {fault.detail}") from fault
    if json:
        log = LogState(report.size, len(report.cosigners), report.witnesses)
        whole = {**to_builtins(VerifyReport(ok=True, logs={report.author: log}, problems=())), "proof": _timed(report)}
        say_json(whole)
        return
    for step in report.steps:
        say(step)
    say(f"{report.kind} {report.item} of {report.author}/{report.officer}, said {utc(moment(report.at))}")
    without = f"; {', '.join(report.absent)} declared absent" if report.absent else ""
    say(f"on record since {utc(moment(report.on_record))}, cosigned by {', '.join(report.cosigners)}{without}")


def _tell_conviction(report: ConvictionReport, *, json: bool) -> None:
    if json:
        say_json(report)
        return
    for step in report.steps:
        say(step)
    say(f"proven: {report.member} signed two logs, or two copies of its node ran at once")


def _given(path: Path) -> bytes:
    try:
        return read_file(path)
    except Unavailable as fault:
        if fault.reason != "no-file":
            raise
        raise Malformed(fault.reason, f"{fault.detail}; name a file that you can read") from fault


def _timed(report: ProofReport) -> dict[str, Any]:
    return {**to_builtins(report), "at": moment(report.at), "on_record": moment(report.on_record)}


def _tell(report: VerifyReport, *, json: bool) -> None:
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


def _check_folder(directory: Dir, passphrase_file: Passphrase, *, json: bool) -> VerifyReport:
    from quartet.node.audit import audit_file

    folder = member_folder(directory)
    settings = load_member(folder)
    master = Keyset.of(open_vault(folder.vault, passphrase_file)).store
    with progress(quiet=json) as bar:
        bar.add_task("checking every log", total=None)
        return audit_file(folder.path(settings.store), master, charter_of(folder), settings.member)


def _ask_node(directory: Dir, officer: As, passphrase_file: Passphrase, *, json: bool) -> VerifyReport:
    """Have the running node check all it holds."""
    with connect(directory, officer, passphrase_file) as client, progress(quiet=json) as bar:
        bar.add_task("checking every log", total=None)
        return client.get("/verify", VerifyReport, within=LONG_SECONDS)
