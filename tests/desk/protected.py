"""What is said of sites in the machine of the folds: what they are, who may pass, what was seen near them."""

from collections.abc import Callable, Mapping
from typing import Final

from speakers import Pen

from quartet.core.encoding import Value
from quartet.core.volume import Volume
from quartet.desk.site import Call, Exemption, Lifted, Notice, Site, SiteSeen, Warned

VOLUME: Final = "dam"


def site(pen: Pen) -> Site:
    volume = Volume(VOLUME, ((470_000_000, 80_000_000),), radius_m=pen.any(500, 5_000))
    return Site("Dam 3", pen.any("INSTALLATION", "SANCTUARY"), "the keeper", ("04",), (volume,))


def notice(pen: Pen) -> Notice:
    return Notice(pen.about(Site), pen.any(VOLUME, "none"), pen.later(-1, 1), pen.later(2, 60))


def exemption(pen: Pen) -> Exemption:
    return Exemption(pen.about(Site), VOLUME, pen.any("4b1805", "SWR12A"), "a survey", "duty", pen.later(1, 60))


def lifted(pen: Pen) -> Lifted:
    return Lifted(pen.about(Site), pen.about(Exemption, Notice))


def warned(pen: Pen) -> Warned:
    level = pen.any("ADVISORY", "PREDICTED", "INSIDE", "OVER")
    return Warned(pen.about(Site), VOLUME, "4b1805", level, pen.centre.now, first=pen.maybe(Warned))


def seen(pen: Pen) -> SiteSeen:
    return SiteSeen(pen.about(Warned))


def call(pen: Pen) -> Call:
    return Call(pen.about(Warned), "the keeper", pen.centre.now, pen.any("REACHED", "NO_ANSWER"))


OF_SITES: Final[Mapping[type[Value], Callable[[Pen], Value]]] = {
    Site: site,
    Notice: notice,
    Exemption: exemption,
    Lifted: lifted,
    Warned: warned,
    SiteSeen: seen,
    Call: call,
}
