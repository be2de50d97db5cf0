"""What the consoles show at first sight: reports as officers of a drill would send them, and who is on watch.

Each is published by its member's officer over her node's own socket, as any client would. All are labelled EXERCISE;
places, ships and persons are made up.
"""

import asyncio
import os
import time
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from quartet.console.proof import NONCE_SIZE, Request, sign_request
from quartet.core.encoding import Value
from quartet.core.faults import Unavailable
from quartet.core.ids import SECOND, Micros
from quartet.core.keys import SecretKey
from quartet.core.marking import TlpWord
from quartet.core.statement import Precedence
from quartet.exercise.matters import Matter, matters
from quartet.exercise.plan import DUTY
from quartet.node.folder import MemberFolder
from quartet.node.officerkey import read_officer_key
from quartet.node.settings import load_member
from quartet.node.vault import open_vault

ANSWER_SECONDS: Final = 30.0
WATCH_HOURS: Final = 8


class Said(Value, frozen=True):
    """One report: who says it, to whom, how urgent, and what."""

    by: str
    to: tuple[str, ...]
    tlp: TlpWord
    title: str
    text: str
    precedence: Precedence = "ROUTINE"


class Watch(Value, frozen=True):
    """Who is on watch at a member."""

    member: str
    name: str
    role: str
    phones: tuple[str, ...]


SCENE: Final = (
    Said(
        "west",
        ("north", "east", "south"),
        "GREEN",
        "Road over Karst Pass closed",
        "Rockfall at kilometre 14. No vehicle was hit. Closed until the slope has been looked at, tomorrow at best.\n"
        "Detour by the valley road: 50 minutes more for lorries.",
    ),
    Said(
        "south",
        ("north", "east"),
        "AMBER",
        "Coupure de courant, districts 3 et 5",
        "Transformateur hors service depuis deux heures. L’hôpital tourne sur groupe, carburant pour 18 heures.\n"
        "Retour prévu dans six heures. Vu par notre équipe sur place.",
        "PRIORITY",
    ),
    Said(
        "east",
        ("north",),
        "AMBER",
        "قارب صيد دون إشارة تعريف",
        "رصد خفر السواحل قارب صيد بطول 20 متراً شمال المنارة دون إشارة تعريف منذ ساعتين.\n"
        "لا يجيب على القناة 16. شوهد بالعين.",
        "PRIORITY",
    ),
    Said(
        "north",
        ("east", "south", "west"),
        "GREEN",
        "Water level at Dam 3: 412.6 m",
        "Rising 4 cm an hour. Gates 1 and 2 open in two hours; the ford at Lower Mill will be under water by evening.\n"
        "How it is known: gauge, read by hand.",
    ),
    Said(
        "west",
        ("north",),
        "AMBER+STRICT",
        "Relief convoy at crossing B",
        "Nine lorries, papers in order, led by the relief society's own cars. They ask for passage twice today.\n"
        "Please do not pass the times on.",
    ),
    Said(
        "east",
        ("north", "south", "west"),
        "GREEN",
        "Ferry Alba aground off the north mole",
        "All 83 on board are safe and are being taken off by pilot boats. No pollution seen. Keep 500 m clear.",
        "IMMEDIATE",
    ),
    Said(
        "north",
        (),
        "AMBER",
        "Pumps at station 4",
        "Two of three pumps stand still; the third runs hot. The spare part is two days away.\n"
        "Not given to anybody yet: east may want to know, its intake lies below.",
    ),
)
"""The last said is the newest. The last of north's is its own alone: the one to grant."""

WATCHES: Final = (
    Watch("north", "Watch officer N1", "Duty officer", ("+41 58 000 00 17", "net 7 “Harbour”")),
    Watch("east", "ضابط المناوبة E1", "ضابطة المناوبة", ("+41 58 000 00 21",)),
    Watch("south", "Officier de veille S1", "Officier de permanence", ("+41 58 000 00 32", "radio 4")),
    Watch("west", "Дежурный офицер W1", "Оперативный дежурный", ("+41 58 000 00 44",)),
)


async def set_scene(root: Path) -> int:
    """Publish the scene in the exchange at `root`, in its order; return how many items it has.

    Whoever is not a member of it is left out, as author and as recipient.
    """
    members = {one.member for one in WATCHES if (root / one.member).is_dir()}
    keys = {member: await asyncio.to_thread(_key, root, member) for member in sorted(members)}
    drafts = [Matter(one.member, _watch(one, members)) for one in WATCHES if one.member in members]
    drafts += matters(Micros(time.time_ns() // 1000), members)
    drafts += [Matter(one.by, _report(one, members)) for one in SCENE if one.by in members]
    count = 0
    for one in drafts:
        ref = await _publish(root, one.by, keys[one.by], "/items", one.draft)
        for speech in one.then:
            await _publish(root, one.by, keys[one.by], f"/items/{ref}/said", speech(ref))
        count += 1 + len(one.then)
    return count


def _report(said: Said, members: set[str]) -> dict[str, Any]:
    to = [member for member in said.to if member in members]
    told = {"tlp": said.tlp, "title": said.title, "text": said.text, "precedence": said.precedence}
    return {**told, "to": to, "caveats": ["EXERCISE"]}


def _watch(one: Watch, members: set[str]) -> dict[str, Any]:
    until = time.time_ns() // 1000 + WATCH_HOURS * 3600 * SECOND
    form = {"name": one.name, "role": one.role, "phones": one.phones, "until": until}
    marks = {"kind": "duty", "tlp": "AMBER", "caveats": ["EXERCISE"], "to": sorted(members - {one.member})}
    return {**marks, "title": one.name, "text": "", "form": form}


def _key(root: Path, member: str) -> SecretKey:
    return read_officer_key(open_vault(MemberFolder(root / member).officer_key(DUTY.name)))


async def _publish(root: Path, member: str, key: SecretKey, path: str, draft: dict[str, Any]) -> str:
    """Publish as a member's officer, and return the item's reference."""
    folder = MemberFolder(root / member)
    transport = httpx.AsyncHTTPTransport(uds=str(folder.path(load_member(folder).api.socket)))
    body, now = msgspec.json.encode(draft), Micros(time.time_ns() // 1000)
    proof = sign_request(Request("POST", path, body), DUTY.name, key, now, os.urandom(NONCE_SIZE))
    headers = {"Content-Type": "application/json", **proof}
    async with httpx.AsyncClient(transport=transport, base_url="http://node", timeout=ANSWER_SECONDS) as client:
        answer = await client.post(path, content=body, headers=headers)
    if answer.is_error:
        raise Unavailable("not-sent", f"{member}: {answer.text}")
    return str(answer.json()["ref"])
