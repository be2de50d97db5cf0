"""Words about a site: each is for exactly those who see what it is about, or it does nothing.

Whatever quietens a site for all who look after it - an exemption, an acknowledgement, a call, a newer version - would
otherwise do so for people who cannot see why.
"""

from typing import Final

from msgspec import UNSET

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import ItemId, Micros
from quartet.core.marking import TLP_ORDER, Marking
from quartet.core.statement import Contained
from quartet.core.verify import Verified
from quartet.desk.site import Call, Exemption, Lifted, Notice, Site, SiteSeen
from quartet.node.holdings import Holdings

WORDS: Final[tuple[type[Value], ...]] = (Notice, Exemption, Lifted, SiteSeen, Call)
"""What officers say about a site, or about what nears it."""
MAX_CARRIED: Final = 8
MAX_CARRIED_BYTES: Final = 64 * 1024
"""What a site may carry of other items: a warning carries that, and what the mover's tracks carry."""


def subject_of(form: Value | None) -> ItemId | None:
    """Return the item that such a word is about: the site, or the warning; None for any other form."""
    match form:
        case Notice() | Exemption() | Lifted():
            return ItemId(form.site)
        case SiteSeen() | Call():
            return ItemId(form.warning)
        case _:
            return None


def reaches(word: Marking, subject: Marking) -> bool:
    """Return whether whoever may view what bears one marking may view what bears the other, at the same member."""
    if {word.tlp, subject.tlp} - set(TLP_ORDER):
        return False
    if word.tlp == "RED" and (subject.tlp != "RED" or not set(subject.persons_named) <= set(word.persons_named)):
        return False
    if word.purposes is not UNSET and (subject.purposes is UNSET or not {*subject.purposes} <= {*word.purposes}):
        return False
    return set(word.caveat_words) <= set(subject.caveat_words)


def counts(word: Verified, subject: Verified, holdings: Holdings, now: Micros) -> bool:
    """Return whether everybody who sees a subject sees a word about it, or what takes its place: now, and not once."""
    carried = {control.id for control in word.contained} <= {control.id for control in subject.controls}
    return carried and reaches(holdings.marking(word, now), holdings.marking(subject, now))


def check_marked(
    form: Value | None,
    marking: Marking,
    contains: tuple[Contained, ...],
    old: Verified | None,
    holdings: Holdings,
    now: Micros,
) -> None:
    """Raise `Malformed("site-narrower")` for a word about a site that is not marked exactly as what it is about is.

    So is a version of a site that those who see the `old` one would not all see. Raise `Malformed("too-large")` for a
    site that carries so much that no warning could be made of it.
    """
    carried = {one.control for one in contains}
    if isinstance(form, Site) and (len(carried) > MAX_CARRIED or sum(map(len, carried)) > MAX_CARRIED_BYTES):
        raise Malformed("too-large", "a site carries too much: no warning of what nears it could carry that besides")
    if isinstance(form, Site) and old is not None:
        more = carried - {one.sealed.control for one in old.controls}
        if more or not reaches(marking, holdings.marking(old, now)):
            raise Malformed(
                "site-narrower", "who sees a site must see what takes its place: recall it, or narrow it first"
            )
    about = subject_of(form)
    subject = None if about is None else holdings.verified(about)
    if subject is None:
        return
    known = holdings.marking(subject, now)
    same = reaches(marking, known) and reaches(known, marking) and marking.tlp == known.tlp
    if not same or carried != {one.sealed.control for one in subject.controls}:
        raise Malformed("site-narrower", f"{known.tlp}, for the same persons, and no more carried: as what it is about")
