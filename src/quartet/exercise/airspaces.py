"""Give a drill's members real airspaces: flight information regions of Europe, where the recorded aircraft fly.

The file says where the lower regions end in height; the recorded aircraft fly above that, where the same States answer
for the same plan. So the ceilings are lifted.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from quartet.core.ids import MemberId
from quartet.exercise.recording import firs_path

OF: Final = {
    MemberId("north"): ("LSAS",),
    MemberId("east"): ("LOVV", "EDMM"),
    MemberId("south"): ("LIMM",),
    MemberId("west"): ("LFFF", "LFMM"),
}
"""Whose airspace is which region, in a drill: each has its receiver in or beside it."""
FILE: Final = "airspaces.geojson"
UNLIMITED: Final = "999"


def give_airspaces(root: Path, members: Iterable[MemberId]) -> None:
    """Write a member's airspaces and its neighbours' into each folder, and name them in the settings.

    Raise `Unavailable("no-recording")` where the file of the regions is not installed.
    """
    known = regions()
    for member in members:
        if member in OF:
            (root / member / FILE).write_bytes(known)
            settings = root / member / "settings.toml"
            watch = json.dumps(OF[member])
            settings.write_text(f'{settings.read_text()}\n[identify]\nairspaces = "{FILE}"\nwatch = {watch}\n')


def regions() -> bytes:
    """Return the regions that the members of a drill answer for, without ceilings."""
    wanted = {name for names in OF.values() for name in names}
    given = json.loads(firs_path().read_bytes())
    features = [one for one in given["features"] if one["properties"]["IDENT"] in wanted]
    for one in features:
        one["properties"] |= {"UPPERLIMIT": UNLIMITED, "UPPERUNIT": "FL"}
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
