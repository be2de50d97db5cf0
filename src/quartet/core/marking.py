"""What an author says about who may hold an item; the words only, the rule is in `release`.

An absent field is omitted, never null. An unknown word in any field is carried as it is, and closes the item.
Absence never widens: absent `rel` names nobody, absent `onward` asks.
"""

from itertools import pairwise
from typing import Annotated, Final, Literal, get_args

from msgspec import UNSET, Meta, UnsetType

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import MemberField, MemberId, Micros, TimeField

TlpWord = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
TLP_ORDER: Final[tuple[str, ...]] = get_args(TlpWord)
"""The TLP 2.0 labels from the widest to the narrowest."""
ONWARD_ORDER: Final = ("TLP_RULE", "ASK", "NEVER")
MODE_ORDER: Final = ("RELEASE", "DISPLAY")
ATTRIBUTION_ORDER: Final = ("NAMED", "CHATHAM_HOUSE")
CAVEATS: Final = frozenset({"PERSONAL", "NO_JUDICIAL", "NO_GATEWAY", "HUMANITARIAN", "EXERCISE"})

MAX_REL: Final = 256
MAX_PERSONS: Final = 256
MAX_WORDS: Final = 64

Word = Annotated[str, Meta(min_length=1, max_length=128)]
Words = Annotated[tuple[Word, ...], Meta(max_length=MAX_WORDS)]
Downgrade = Annotated[tuple[tuple[TimeField, Word], ...], Meta(max_length=MAX_WORDS)]


class Marking(Value, frozen=True):
    """Who may hold an item. Keys stand in the order of the signed form; sets are sorted lists.

    In a statement `persons` are `member/name`; in a control each is the hash of one.
    """

    tlp: Word
    rel: Annotated[tuple[MemberField, ...], Meta(max_length=MAX_REL)] | UnsetType = UNSET
    persons: Annotated[tuple[Word, ...], Meta(max_length=MAX_PERSONS)] | UnsetType = UNSET
    onward: Word | UnsetType = UNSET
    mode: Word | UnsetType = UNSET
    purposes: Words | UnsetType = UNSET
    caveats: Words | UnsetType = UNSET
    hold: bool | UnsetType = UNSET
    attribution: Word | UnsetType = UNSET
    expires: TimeField | UnsetType = UNSET
    review_at: TimeField | UnsetType = UNSET
    downgrade: Downgrade | UnsetType = UNSET
    alt_labels: Words | UnsetType = UNSET

    @property
    def named(self) -> tuple[MemberId, ...]:
        """The members named; nobody when absent."""
        return () if isinstance(self.rel, UnsetType) else self.rel

    @property
    def persons_named(self) -> tuple[str, ...]:
        """The persons named; nobody when absent."""
        return () if isinstance(self.persons, UnsetType) else self.persons

    @property
    def onward_word(self) -> str:
        """The onward rule; ASK when absent."""
        return "ASK" if isinstance(self.onward, UnsetType) else self.onward

    @property
    def mode_word(self) -> str:
        """RELEASE when absent."""
        return "RELEASE" if isinstance(self.mode, UnsetType) else self.mode

    @property
    def attribution_word(self) -> str:
        """NAMED when absent."""
        return "NAMED" if isinstance(self.attribution, UnsetType) else self.attribution

    @property
    def caveat_words(self) -> tuple[str, ...]:
        """The caveats; none when absent."""
        return () if isinstance(self.caveats, UnsetType) else self.caveats

    @property
    def held(self) -> bool:
        """Whether a recall leaves it with those who hold it."""
        return self.hold is True

    @property
    def expiry(self) -> Micros | None:
        """When it closes; None for never."""
        return None if isinstance(self.expires, UnsetType) else self.expires

    @property
    def steps(self) -> tuple[tuple[Micros, str], ...]:
        """The downgrades, in the order of their times."""
        return () if isinstance(self.downgrade, UnsetType) else self.downgrade


def check_marking(marking: Marking) -> None:
    """Raise `Malformed` unless every set is sorted and unrepeated, and nothing empty is written."""
    for name in ("rel", "persons", "purposes", "caveats", "alt_labels"):
        words = getattr(marking, name)
        if words is not UNSET and any(word >= following for word, following in pairwise(words)):
            raise Malformed("unsorted", f"{name} is not a sorted list without repeats")
    if marking.caveats == () or marking.downgrade == () or marking.alt_labels == ():
        raise Malformed("empty-field", "caveats, downgrade or alt_labels is written empty")
    if marking.hold is False:
        raise Malformed("empty-field", "hold is written false")
    if any(at >= following for (at, _), (following, _) in pairwise(marking.steps)):
        raise Malformed("unsorted", "downgrade is not in the order of its times")


def known(marking: Marking) -> bool:
    """Return whether every word is one this version knows; an unknown word closes the item."""
    return (
        marking.tlp in TLP_ORDER
        and marking.onward_word in ONWARD_ORDER
        and marking.mode_word in MODE_ORDER
        and marking.attribution_word in ATTRIBUTION_ORDER
        and CAVEATS.issuperset(marking.caveat_words)
        and all(tlp in TLP_ORDER for _, tlp in marking.steps)
    )


def tlp_at(marking: Marking, now: Micros) -> str:
    """Return the TLP label in force at `now`, after the downgrades that have come."""
    tlp = marking.tlp
    for at, word in marking.steps:
        if at <= now:
            tlp = word
    return tlp
