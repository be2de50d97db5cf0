"""`feed`: a recording replayed as this member's sensor. The command decodes, the node signs and shares.

The recording's own times pace it; what is sent bears the time of the replay, because it is shown as happening now.
"""

import hashlib
import os
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from quartet.cli.identity import member_folder
from quartet.cli.options import As, Dir, Json, Passphrase, connect, words
from quartet.cli.output import complain, progress, say, say_json
from quartet.cli.replay import Replay
from quartet.cli.send import audience, tlp_word
from quartet.core.faults import Malformed
from quartet.node.folder import MemberFolder
from quartet.node.inforce import DRILL
from quartet.node.sensor import NAMELESS
from quartet.node.settings import load_member
from quartet.node.views import FeedDraft
from quartet.sensors.door import Source
from quartet.sensors.formats import formats, source_of
from quartet.sensors.order import WORD

MODES: Final = "modes"
OWN: Final = "AMBER+STRICT"
"""The label of what our own officers alone see, so that nobody need be named."""
_DRAWN: Final = os.urandom(16)
NAMES: Final = {"modes": "Mode S", "asterix": "ASTERIX", "ais": "AIS"}


def feed(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="The recording.")],
    format_: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="What it is a recording of: asterix, ais, modes.")
    ] = MODES,
    tlp: Annotated[str | None, typer.Option(metavar="LABEL", help="Its marking; no default.")] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="MEMBERS", help="Who sees the tracks: east,south; of AMBER+STRICT need nobody be named."),
    ] = None,
    speed: Annotated[str, typer.Option(metavar="max|N", help="As fast as it goes, or N times real time.")] = "1",
    reference: Annotated[
        str | None, typer.Option(metavar="LAT,LON", help="Where the sensor stands (default: as the settings say).")
    ] = None,
    sensor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which sensor of the settings it is of (default: the first).")
    ] = None,
    edition: Annotated[
        list[str] | None, typer.Option(metavar="CAT ED", help='An edition of ASTERIX, as "048 1.21".')
    ] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="Of a capture, what went to this port.")] = None,
    title: Annotated[str | None, typer.Option(help="What the feed is called.")] = None,
    caveat: Annotated[list[str] | None, typer.Option(metavar="WORD", help="EXERCISE, NO_GATEWAY, ...")] = None,
    directory: Dir = None,
    officer: As = None,
    passphrase_file: Passphrase = None,
    json: Json = False,
) -> None:
    """Replay a recording as this member's sensor.

    Examples:

        quartet feed --format modes flight.jsonl --tlp GREEN --to east,south --dir trial/north

        quartet feed flight.csv --tlp GREEN --to east --speed max --reference 49.01,2.55

        quartet feed --format asterix radar.pcap --sensor radar-1 --tlp GREEN --to east --port 8600
    """
    if format_ not in formats():
        raise Malformed("unknown-format", f"--format {format_}: this version reads {', '.join(formats())}")
    label, drill = tlp_word(tlp), tuple(word.upper() for word in words(caveat))
    draft = FeedDraft(
        tlp=label,
        to=audience(label, words(to)) if to or label != OWN else (),
        title=title or f"{NAMES.get(format_, format_)}, {file.name}",
        sensor=format_,
        caveats=drill,
    )
    pace = _pace(speed)
    source = source_for(member_folder(directory), format_, sensor, reference, file)
    source = msgspec.structs.replace(
        source,
        editions=tuple(edition) if edition else source.editions,
        exercise=DRILL in drill,  # whatever the settings let through live: it would go out under another marking
    )
    replay = Replay(file, format_, source, pace, port)
    with connect(directory, officer, passphrase_file) as client, progress(quiet=json) as bar:
        fed = replay.run(client, draft, bar, bar.add_task(file.name, total=replay.size))
    if json:
        say_json(fed)
        return
    refused = ", ".join(f"{count} {reason}" for reason, count in sorted(fed.refused.items())) or "none"
    say(f"{fed.ref}: {fed.sightings} sightings from {fed.frames} frames, refused: {refused}")
    if fed.ends_early:
        complain(f"warning: {file} ends early, in the middle of a packet or a block: what was whole before it was sent")
    for lost in fed.lost:
        unread = "nothing after it could be read" if lost.rest else "what follows was read"
        where = f"from byte {lost.byte} on, after {lost.packets} packets, {lost.size} bytes are no packets"
        where += f", in {lost.places} places" if lost.places > 1 else ""
        complain(f"warning: {file} is damaged: {where}: {unread}")
    if fed.backwards is not None:
        late = fed.refused[WORD]
        complain(f"warning: {file}: its time runs backwards at packet {fed.backwards}: {late} packets were not taken")
    if fed.hurried:
        complain(
            f"warning: --speed {speed}: a radar's tracks go by its plots' times, so how fast they fly is not known"
        )


def source_for(folder: MemberFolder, format_: str, name: str | None, given: str | None, file: Path) -> Source:
    """Return what is known of the sensor: the one of that name in the settings, else the first of the format.

    Where it stands is as `given`, if it is: then it need not be in the settings, and is called after its recording.
    """
    if given is not None and name is None:
        lat, lon = _place(given)
        return Source(name=named_after(file, format_), lat=lat, lon=lon)
    for one in load_member(folder).sensors:
        if one.format == format_ and name in (None, one.name):
            found = source_of(one, live=False)
            lat, lon = (found.lat, found.lon) if given is None else _place(given)
            return msgspec.structs.replace(found, lat=lat, lon=lon)
    if name is not None:
        raise Malformed("unknown-sensor", f"--sensor {name}: the settings have no sensor of {format_} with this name")
    raise Malformed("no-reference", "say where the sensor stands with --reference LAT,LON, or set [[sensors]]")


def named_after(file: Path, format_: str) -> str:
    """Return what the sensor of a recording is called that has no name: two recordings are of two, one is of one.

    No sensor of the settings can be called so. It tells nothing of the file, by a key that nobody keeps: who guesses
    where a recording lies cannot prove it. What the recording is called for people is its feed's title.
    """
    mark = hashlib.blake2b(os.fsencode(file.resolve()), digest_size=6, key=_DRAWN)
    return f"{format_[:7]}{NAMELESS}{mark.hexdigest()}"


def _place(text: str) -> tuple[float, float]:
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Malformed("bad-reference", f"--reference {text}: write it as 49.01,2.55") from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Malformed("bad-reference", f"--reference {text}: latitude is within 90, longitude within 180")
    return lat, lon


def _pace(text: str) -> float | None:
    if text == "max":
        return None
    try:
        pace = float(text)
    except ValueError as error:
        raise Malformed("bad-speed", f"--speed {text}: write max, or how many times real time") from error
    if not 0.01 <= pace <= 10_000:
        raise Malformed("bad-speed", f"--speed {text}: between 0.01 and 10000, or max")
    return pace
