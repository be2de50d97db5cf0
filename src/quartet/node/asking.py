"""Read what an officer looks for: one line, one grammar, for the page and the command line.

    tlp:red from:east kind:report flash since:2h place:"Elm Ford" "left bank" dam

Words are looked for, all of them; `"..."` keeps words together and is never anything else. `name:value` narrows; an
urgency may stand alone. Any text is a query or `Malformed("bad-query")` that says which word, and what may stand there.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, get_args

import msgspec
from msgspec import Meta

from quartet.core.encoding import Value
from quartet.core.faults import Malformed
from quartet.core.ids import KIND_PATTERN, MEMBER_PATTERN, MemberField
from quartet.core.marking import TLP_ORDER, TlpWord
from quartet.core.statement import Precedence
from quartet.node.views import MAX_PAGE, Cursor, Moment, Text

MAX_ASKED: Final = 1024
MAX_WORDS: Final = 16
MAX_NAME: Final = 192
"""Letters of the name of a place or a source."""
URGENCIES: Final[tuple[str, ...]] = get_args(Precedence)
_TOKEN: Final = re.compile(r'(?:([a-z]+):)?(?:"([^"]*)"|([^\s"]+))', re.IGNORECASE)
_SPAN: Final = re.compile(r"(\d{1,5})([mhd])", re.IGNORECASE)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")

Asked = dict[str, Any]


class Query(Value, frozen=True):
    """What to list of the viewer's own admissions: oldest first, or newest first.

    `after` is empty (or 0) for the first page, then the `next` of the page before: a cursor, which counts nothing.
    """

    kind: Annotated[str, Meta(max_length=32)] | None = None
    author: MemberField | None = None
    text: Text | None = None
    tlp: TlpWord | None = None
    precedence: Precedence | None = None
    words: Annotated[tuple[Text, ...], Meta(max_length=MAX_WORDS)] = ()
    since: Moment | None = None
    until: Moment | None = None
    files: bool = False
    recalled: bool = False
    place: Annotated[str, Meta(max_length=MAX_NAME)] | None = None
    """Where an event of a report was, by a name in any script."""
    root: Annotated[str, Meta(max_length=MAX_NAME)] | None = None
    """Who knew an event of a report first: a name, which finds under a key that the viewer sees; or a blinded id."""
    threads: bool = False
    """Whether a conversation is one row, its subject's, where its newest message stands."""
    newest: bool = False
    after: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 100

    @property
    def of_events(self) -> bool:
        """Return whether what is looked for is said of an event of a report."""
        return self.place is not None or self.root is not None

    @property
    def looks_inside(self) -> bool:
        """Return whether it takes looking into items to know which are meant."""
        return bool(self.words) or self.text is not None or self.of_events


def read_query(text: str, now: datetime) -> Query:
    """Return what a line asks for; `now` is from where `since:2h` counts back."""
    if len(text) > MAX_ASKED:
        raise _bad(f"{len(text)} letters where {MAX_ASKED} may be")
    asked: Asked = {"words": ()}
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _TOKEN.match(text, at)
        if found is None:
            raise _bad(f"{text[at : at + 20]}: a quotation mark is not closed")
        _add(asked, found, now)
        at = found.end()
    return _whole(asked)


def _add(asked: Asked, found: re.Match[str], now: datetime) -> None:
    name, quoted, plain = found[1], found[2], found[3]
    if name is not None:
        _narrow(asked, name.lower(), plain if quoted is None else quoted, now)
    elif quoted is None and plain.upper() in URGENCIES:
        _say(asked, "precedence", plain.upper(), plain)
    elif quoted is None or quoted.strip():
        asked["words"] += (plain if quoted is None else quoted.strip(),)


def _narrow(asked: Asked, name: str, value: str, now: datetime) -> None:
    if name not in NAMES:
        raise _bad(f"{name}: is none of {', '.join(NAMES)}; to look for the text itself, put it in quotation marks")
    field, read = NAMES[name]
    _say(asked, field, read(value, now), f"{name}:{value}")


def _say(asked: Asked, field: str, value: Any, said: str) -> None:
    if field in asked and asked[field] != value:
        raise _bad(f"{said}: only one of these at a time")
    asked[field] = value


def _whole(asked: Asked) -> Query:
    if len(asked["words"]) > MAX_WORDS:
        raise _bad(f"{len(asked['words'])} words where {MAX_WORDS} may be")
    since, until = asked.get("since"), asked.get("until")
    if since is not None and until is not None and since >= until:
        raise _bad("since: is not before until:")
    try:
        return msgspec.convert(asked, Query)
    except msgspec.ValidationError as error:
        raise _bad(str(error)) from error


def _one_of(name: str, words: tuple[str, ...]) -> Callable[[str, datetime], str]:
    def read(value: str, _: datetime) -> str:
        if value.upper() not in words:
            raise _bad(f"{name}:{value}: write one of {', '.join(word.lower() for word in words)}")
        return value.upper()

    return read


def _pattern(name: str, pattern: str, like: str) -> Callable[[str, datetime], str]:
    def read(value: str, _: datetime) -> str:
        if not re.search(pattern, value.lower()):
            raise _bad(f"{name}:{value}: write {like}")
        return value.lower()

    return read


def _flag(name: str, word: str) -> Callable[[str, datetime], bool]:
    def read(value: str, _: datetime) -> bool:
        if value.lower() != word:
            raise _bad(f"{name}:{value}: write {name}:{word}")
        return True

    return read


def _since(value: str, now: datetime) -> datetime:
    return _time("since", value, now, timedelta())


def _until(value: str, now: datetime) -> datetime:
    """A day is meant whole: until it ends."""
    return _time("until", value, now, timedelta(days=1))


def _name(name: str, like: str) -> Callable[[str, datetime], str]:
    def read(value: str, _: datetime) -> str:
        said = value.strip()
        if not 0 < len(said) <= MAX_NAME:
            raise _bad(f"{name}:{value[:20]}: write {like}, of at most {MAX_NAME} letters")
        return said

    return read


def _time(name: str, value: str, now: datetime, day: timedelta) -> datetime:
    span = _SPAN.fullmatch(value)
    try:
        if span:
            return now - timedelta(**{_UNITS[span[2].lower()]: int(span[1])})
        at = datetime.fromisoformat(value)
        if _DAY.fullmatch(value):
            return at.replace(tzinfo=UTC) + day
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _bad(f"{name}:{value}: {_TIMES}") from error
    raise _bad(f"{name}:{value}: {_TIMES}")


_TIMES: Final = "write 2h, 7d, 2026-03-01 or 2026-03-01T12:00Z"
NAMES: Final[dict[str, tuple[str, Callable[[str, datetime], Any]]]] = {
    "tlp": ("tlp", _one_of("tlp", TLP_ORDER)),
    "from": ("author", _pattern("from", MEMBER_PATTERN, "a member, as in from:east")),
    "kind": ("kind", _pattern("kind", KIND_PATTERN, "what it is, as in kind:report")),
    "precedence": ("precedence", _one_of("precedence", URGENCIES)),
    "since": ("since", _since),
    "until": ("until", _until),
    "has": ("files", _flag("has", "file")),
    "is": ("recalled", _flag("is", "recalled")),
    "place": ("place", _name("place", 'a place, as in place:"Elm Ford"')),
    "root": ("root", _name("root", 'who knew it first, as in root:"Ostrel fire brigade"')),
}


def _bad(detail: str) -> Malformed:
    return Malformed("bad-query", detail)
