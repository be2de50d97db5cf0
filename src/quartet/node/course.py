"""How far it is that a node came back: whom it asks, who answered; kept, so that a restart goes on with it."""

from typing import Final

from msgspec import field, json, structs

from quartet.core.encoding import Value, encode
from quartet.core.ids import MemberId, Micros
from quartet.store import Store, Tx

PLACE: Final = "recovering"
RENEWED: Final = "keys-renewed"


class Course(Value, frozen=True):
    """How far a recovery is: since when, who `answered`, with which length of our log, and who gave all back."""

    nonce: str
    began: Micros
    answered: dict[MemberId, int] = field(default_factory=dict)
    done: tuple[MemberId, ...] = ()
    renewed: bool = False
    """Whether nothing is lost but root gave us other keys: until it is `decided` what goes on, our log stands still."""
    decided: bool = False

    @property
    def place(self) -> str:
        """Where it is kept."""
        return RENEWED if self.renewed else PLACE


def begin(tx: Tx, nonce: bytes, at: Micros) -> None:
    """Note that the node comes back from a backup: its next start recovers."""
    tx.set_meta(PLACE, course_of(nonce, at))


def course_of(nonce: bytes, at: Micros) -> str:
    """Return the beginning of a recovery as it is kept."""
    return encode(Course(nonce=nonce.hex(), began=at)).decode()


def kept_course(store: Store) -> Course | None:
    """Return the recovery that a database is in; None for none.

    What was said of how far our log is lies in memory: until that is decided all are asked again.
    """
    found = store.reader.meta(PLACE) or store.reader.meta(RENEWED)
    course = None if found is None else json.decode(found, type=Course)
    if course is None or not course.renewed or course.decided:
        return course
    return structs.replace(course, done=())


def is_recovering(store: Store) -> bool:
    """Return whether a database is of a node that came back and does not have all back yet."""
    return store.reader.meta(PLACE) is not None
