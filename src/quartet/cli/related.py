"""`related`: items that have names, places or days in common with one."""

from quartet.cli.options import As, Dir, Json, Passphrase, Purpose, Ref, connect, item
from quartet.cli.output import one_line, say, say_json, tlp_text
from quartet.node.desk.related import Common, RelatedPage


def related(
    ref: Ref,
    purpose: Purpose = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """List items that name the same persons, bodies or places as one, in any of five languages, and say which.

    Example:

        quartet related N-K7Q-4MX --dir trial/east
    """
    with connect(directory, officer, passphrase_file, purpose) as client:
        page = client.get(item(ref, "related"), RelatedPage)
    if json:
        say_json(page)
        return
    if not page.read:
        say("the item is in no language that is read: nothing is suggested")
    for one in page.items:
        row = one.item
        say(f"{row.ref} {tlp_text(row.tlp)} of {row.author}: {one_line(row.title)}")
        say(f"   {'; '.join(map(_common, one.why))}")
    if page.more:
        say("there are more items than were looked at")


def _common(one: Common) -> str:
    spelt = one.mine if one.mine == one.its else f"{one.mine} ~ {one.its}"
    return f"{one.kind} {one_line(spelt)}"
