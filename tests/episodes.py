"""A warning of something near a site, as an officer is shown it."""

from typing import Any

from quartet.node.desk.siteviews import EpisodeView


def shown_near(**more: Any) -> EpisodeView:
    """Return a warning that waits for a word: of a mover inside a volume of a site, but for what is said otherwise."""
    told: dict[str, Any] = {
        "ref": "N-K7Q-4MX",
        "tlp": "AMBER+STRICT",
        "site": "N-P2R-7QA",
        "name": "Dam 3",
        "sort": "INSTALLATION",
        "custodian": "the keeper",
        "phones": ("04 56",),
        "volume": "dam",
        "mover": "4b1805",
        "level": "INSIDE",
        "highest": "INSIDE",
        "over": False,
        "waits": True,
        "acknowledged": None,
        "seen": (),
        "warnings": (),
        "calls": (),
        "call_due": None,
        "late": False,
        "exercise": False,
    }
    return EpisodeView(**(told | more))
