"""`alike`: which events of other reports may be the same as a report's, and why."""

from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, connect, item
from quartet.cli.output import one_line, say, say_json
from quartet.node.desk.alikeviews import AlikeEvent, AlikePage, Offered


def alike(
    ref: Ref,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Suggest which events of other reports may be the same as a report's, with reasons; nothing is merged.

    That two are the same, you say: quartet say same-as.

    Example:

        quartet alike N-K7Q-4MX --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        page = client.get(item(ref, "alike"), AlikePage)
    if json:
        say_json(page)
        return
    for event in page.events:
        _event(event)
    if page.more:
        say("there are more reports than were compared")


def _event(event: AlikeEvent) -> None:
    say(f"{event.number}: {one_line(event.what)} ({event.type or 'of no type that is read: not compared'})")
    for one in event.offered:
        say(f"   may be {one.ref} {one.number} of {one.member}: {_said(one)}")
        say(f"      for: {', '.join(one.why)}")
    if not event.offered:
        say("   nothing that you may see is alike")
        return
    denied = f", {event.denied} deny it" if event.denied else ""
    roots = f"at most {event.at_most} root source(s), independence not established"
    say(f"   if all are one: {roots}; {event.unknown} without a root{denied}")


def _said(one: Offered) -> str:
    where = f" at {one_line(one.where)}" if one.where else ""
    return f"{one_line(one.what)}{where} ({one.polarity.lower()})"
