"""`charter show|newcomer|propose|sign|apply`: who the members are, and how they change it together.

An act is a file that goes from root key to root key: each reads what it does, signs it, passes it on. Who has the last
signature applies it at her node, which tells the others.
"""

import time
from pathlib import Path
from typing import Annotated, Final, get_args

import typer

from quartet.cli.absence import check_silent, end_of, tell_absence
from quartet.cli.agreements import agreement_of, circle_of, tell_changes, tell_community
from quartet.cli.commands import Commands
from quartet.cli.identity import member_folder
from quartet.cli.options import As, Dir, Json, Passphrase, connect
from quartet.cli.output import facts, say, say_json, table, utc
from quartet.core.agreements import with_agreements, with_circles
from quartet.core.articles import (
    Act,
    ActKind,
    ActPayload,
    Agreement,
    Changes,
    CharterMember,
    Circle,
    Hub,
    amended,
    check_terms,
    decode_act,
)
from quartet.core.charter import CharterState, propose
from quartet.core.encoding import decode, encode
from quartet.core.faults import Malformed
from quartet.core.ids import MemberId, Micros
from quartet.core.signed import add_signature, decode_signed_bytes, sign_all
from quartet.node.community import community
from quartet.node.files import read_file, write_file
from quartet.node.folder import MemberFolder
from quartet.node.instance import claim
from quartet.node.office import charter_of, keep_acts, open_offline
from quartet.node.views import moment

KINDS: Final[tuple[ActKind, ...]] = get_args(ActKind)
MAX_NEWCOMER: Final = 64 * 1024

app = Commands(help="The members, and the acts that change them.", no_args_is_help=False)

ActFile = Annotated[Path, typer.Argument(metavar="ACT", readable=False, help="The file of the act.")]


@app.command()
def show(directory: Dir = None, json: Json = False) -> None:
    """Show the members, their state, hubs, circles and agreements, from the folder's files.

    Example:

        quartet charter show --dir trial/north
    """
    state = charter_of(member_folder(directory))
    now = _now()
    together = community(state, now)
    states = {m: state.membership.state(m, now) or "not yet" for m in sorted(state.members)}
    absent = {m: one for m in states if (one := state.membership.absence(m, now, now)) is not None}
    if json:
        say_json(
            {
                "exchange": state.exchange,
                "name": state.charter.name,
                "epoch": state.epoch,
                "head": state.head,
                "members": [{"id": m, "state": s, "root_key": state.members[m].root_key} for m, s in states.items()],
                "absent": {m: {"since": moment(one.since), "until": moment(one.until)} for m, one in absent.items()},
                "hubs": state.hubs,
                "tick_s": state.charter.tick / 1e6,
                "recall_delay_s": state.charter.recall_delay / 1e6,
                "cover": state.terms.cover,
                "circles": together.circles,
                "agreements": together.agreements,
            }
        )
        return
    facts(
        [
            ("exchange", f"{state.charter.name} {state.exchange}"),
            ("acts", str(state.epoch)),
            ("newest act", f"{state.head} (the same at every member with as many acts)"),
            ("tick", f"{state.charter.tick / 1e6:g} s"),
            ("recalls end after", f"{state.charter.recall_delay / 1e6:g} s"),
            ("cover", state.terms.cover),
        ]
    )
    say("")
    table(("MEMBER", "STATE", "ROOT KEY"), [(m, s, state.members[m].root_key) for m, s in states.items()])
    for member, one in absent.items():
        say(f"{member} does not count as a witness from {utc(moment(one.since))} to {utc(moment(one.until))}")
    say("")
    table(("HUB", "HOST", "ADDRESS"), [(hub.name, hub.host, hub.address) for hub in state.hubs])
    tell_community(together)


@app.command()
def newcomer(
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="Its id in the exchange.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to put the newcomer's folder.")],
    directory: Dir = None,
    json: Json = False,
) -> None:
    """Make a trial member's folder with all its keys from a member's charter; the others then admit it by an act.

    Example:

        quartet charter newcomer coast trial --dir trial/north
    """
    from quartet.exercise.newcomer import new_member

    described = new_member(folder, member, charter_of(member_folder(directory)))
    made = MemberFolder(folder / member)
    write_file(made.newcomer, encode(described), 0o644)
    if json:
        say_json({"dir": str(made.root), "newcomer": str(made.newcomer), "root_key": described.root_key})
    else:
        say(f"TRIAL member in {made.root}: the passphrases lie beside the keys, so use it for trials only")
        say(f"let a member propose it: quartet charter propose admit {member} --newcomer {made.newcomer}")


@app.command("propose")
def propose_act(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="admit, suspend, reinstate, withdraw, absent or set.")],
    member: Annotated[str | None, typer.Argument(metavar="MEMBER", help="Whom it is about.")] = None,
    reason: Annotated[str, typer.Option(help="Why; all members read it.")] = "",
    newcomer_file: Annotated[
        Path | None,
        typer.Option(
            "--newcomer", metavar="FILE", help="For admit: the newcomer's id, root_key, nkey, tls_ca as JSON."
        ),
    ] = None,
    hub: Annotated[
        list[str] | None, typer.Option(metavar="NAME=HOST=URL", help="For set: each hub that there shall be.")
    ] = None,
    circle: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=MEMBERS", help="For set: a circle, new or in the place of its namesake."),
    ] = None,
    drop_circle: Annotated[list[str] | None, typer.Option(metavar="NAME", help="For set: a circle to end.")] = None,
    agreement: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=CIRCLE=SINCE=UNTIL=FILE",
            help="For set: an agreement, and its text; UNTIL may be -.",
        ),
    ] = None,
    drop_agreement: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="For set: an agreement that members leave.")
    ] = None,
    cover: Annotated[
        str | None, typer.Option(metavar="NAME", help="For set: off, narrow, medium or wide: what hubs may see.")
    ] = None,
    term: Annotated[
        str | None,
        typer.Option("--for", metavar="SPAN", help="For absent: how long at most, 1h to 7d (default: 24h)."),
    ] = None,
    output: Annotated[Path, typer.Option(metavar="ACT", help="The file to write.")] = Path("act.json"),
    directory: Dir = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Write an act with this member's root signature.

    Examples:

        quartet charter propose suspend west --reason "as agreed" --dir trial/north

        quartet charter propose set --hub hub-1=north=tls://192.0.2.1:7422 --dir trial/north

        quartet charter propose set --circle strait=east,north --agreement fish=strait=0d=365d=fish.pdf

        quartet charter propose absent west --for 24h --reason "west does not answer" --dir trial/north
    """
    folder = member_folder(directory)
    state = charter_of(folder)
    at = _now()
    payload = ActPayload(
        at=at,
        subject=None if member is None else MemberId(member),
        reason=reason,
        admitted=None if newcomer_file is None else _described(newcomer_file),
        changes=None
        if kind != "set"
        else _changes(
            hubs=tuple(_hub(text) for text in hub or []) or None,
            circles=with_circles(state.terms.circles, [circle_of(one) for one in circle or []], drop_circle or [])
            if circle or drop_circle
            else None,
            agreements=with_agreements(
                state.terms.agreements, [agreement_of(one) for one in agreement or []], drop_agreement or []
            )
            if agreement or drop_agreement
            else None,
            cover=cover,
        ),
        until=end_of(kind, at, term),
    )
    if payload.changes is not None:
        check_terms(amended(state.terms, payload.changes), list(state.members))
    act = propose(state, _kind(kind), payload)
    decode_act(encode(act))
    if output.exists():
        raise Malformed("file-exists", f"{output}: name another one with --output")
    unasked = check_silent(act, directory)
    write_file(output, sign_all("act", encode(act), [open_offline(folder, passphrase_file).root]), 0o644)
    _tell(state, output, unasked, json=json)


@app.command()
def sign(act: ActFile, directory: Dir = None, passphrase_file: Passphrase = None, json: Json = False) -> None:
    """Add this member's root signature to an act.

    Example:

        quartet charter sign act.json --dir trial/east
    """
    folder = member_folder(directory)
    state = charter_of(folder)
    travelling = read_file(act)
    said = decode_act(decode_signed_bytes(travelling).raw)
    _check_follows(said, state)
    unasked = check_silent(said, directory)
    write_file(act, add_signature("act", travelling, open_offline(folder, passphrase_file).root), 0o644)
    _tell(state, act, unasked, json=json)


@app.command("apply")
def apply_act(
    act: ActFile,
    offline: Annotated[
        bool, typer.Option("--offline", help="The node stands still: lay the act in its folder, as a newcomer does.")
    ] = False,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Hand an act with all its signatures to this member's running node, which tells the others.

    Examples:

        quartet charter apply act.json --dir trial/north

        quartet charter apply act.json --offline --dir trial/coast
    """
    folder = member_folder(directory)
    travelling = read_file(act)
    after = charter_of(folder).apply(travelling)
    if offline:
        with claim(folder):
            keep_acts(folder.acts, after.acts)
    else:
        with connect(directory, officer, passphrase_file) as client:
            client.put("/acts", travelling)
    if json:
        say_json({"epoch": after.epoch, "head": after.head})
    else:
        say(f"{act} is act {after.epoch} of {after.charter.name}")


def _tell(state: CharterState, path: Path, unasked: str | None, *, json: bool) -> None:
    travelling = read_file(path)
    act = decode_act(decode_signed_bytes(travelling).raw)
    missing = state.missing_signatures(travelling)
    if json:
        more = {} if act.kind != "absent" else {"asked": unasked is None}
        say_json({"file": str(path), "kind": act.kind, "subject": act.payload.subject, "missing": missing, **more})
        return
    say(f"{act.kind} {act.payload.subject or ''}: {act.payload.reason or 'no reason given'}")
    tell_absence(act)
    if unasked is not None:
        say(f"{unasked}; ask by another way before it is applied")
    if act.payload.changes is not None:
        tell_changes(act.payload.changes, state.terms)
    say(f"{path} still lacks {', '.join(missing)}" if missing else f"all signed: quartet charter apply {path}")


def _check_follows(act: Act, state: CharterState) -> None:
    if act.exchange != state.exchange:
        raise Malformed(
            "other-exchange", f"the act is of exchange {act.exchange[:8]}, this folder of {state.exchange[:8]}"
        )
    if act.predecessor != state.head:
        raise Malformed("act-not-next", "the charter has moved on since: propose it anew")


def _described(path: Path) -> CharterMember:
    return decode(read_file(path, MAX_NEWCOMER), CharterMember, MAX_NEWCOMER)


def _kind(text: str) -> ActKind:
    for kind in KINDS:
        if kind == text:
            return kind
    raise Malformed("unknown-act", f"{text}: choose one of {', '.join(KINDS)}")


def _hub(text: str) -> Hub:
    parts = text.split("=", 2)
    if len(parts) != 3 or not all(parts):
        raise Malformed("bad-hub", f"--hub {text}: write NAME=HOST=URL, as in hub-1=north=tls://192.0.2.1:7422")
    return Hub(name=parts[0], host=MemberId(parts[1]), address=parts[2])


def _changes(
    hubs: tuple[Hub, ...] | None,
    circles: tuple[Circle, ...] | None,
    agreements: tuple[Agreement, ...] | None,
    cover: str | None,
) -> Changes:
    if all(change is None for change in (hubs, circles, agreements, cover)):
        raise Malformed(
            "no-change", "say what to set: --hub NAME=HOST=URL, --circle NAME=MEMBERS, --agreement or --cover"
        )
    return Changes(
        hubs=hubs,
        algorithms=None,
        recall_delay=None,
        cover=cover,
        circles=circles,
        agreements=agreements,
        purposes=None,
        prohibitions=None,
        chair_rota=None,
    )


def _now() -> Micros:
    return Micros(time.time_ns() // 1000)
