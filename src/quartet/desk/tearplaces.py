"""Find where in an original stands what a tear-line still gives away of it, so that both are looked at side by side.

Nothing is decided here: a place that is not found leaves its span pointed at. Of each span a few places are enough.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, Literal, NamedTuple

from quartet.core.encoding import Value
from quartet.core.ids import CountField
from quartet.desk.tearline import RUN, Span, What
from quartet.desk.tokens import Token, folded, keys_of, spaced, tokens

MOST: Final = 8
"""Places of one span."""
Where = Literal["title", "text", "beside"]


class Place(Value, frozen=True, order=True):
    """A piece of the original: of its title, of its text, or of what stands beside them, with its own words.

    From `start` to before `end`, in characters of the title or of the text; beside them it has no such place.
    """

    where: Where
    start: CountField
    end: CountField
    words: str


class _Field(NamedTuple):
    """A text of the original in the spellings in which it is searched."""

    where: Where
    text: str
    plain: str
    plain_places: list[int]

    def place(self, start: int, end: int) -> Place:
        words = self.text[start:end]
        return Place(self.where, start, end, words) if self.where != "beside" else Place(self.where, 0, 0, words)


_At = tuple[_Field, int, int]


class Places:
    """Knows where an original has what a draft gives away."""

    def __init__(self, title: str, text: str, beside: Iterable[str] = ()) -> None:
        given: tuple[tuple[Where, str], ...] = (("title", title), ("text", text), ("beside", "\n".join(beside)))
        self._fields = [_Field(where, said, *folded(said)) for where, said in given]
        self._words: dict[str, list[_At]] = {}
        self._keys: dict[str, list[_At]] = {}
        self._runs: dict[str, _At] = {}
        self._found: dict[str, tuple[_At, ...]] = {}
        for field in self._fields:
            self._read(field)

    def of(self, draft: str, span: Span) -> tuple[Place, ...]:
        """Return where the original has what a span of a draft gives away: a few places, or none that is known."""
        found = self._places(draft[span.start : span.end], span.what)
        return tuple(sorted({field.place(start, end) for field, start, end in islice(found, MOST)}))

    def _read(self, field: _Field) -> None:
        for token in tokens(field.text):
            at = (field, token.start, token.end)
            _add(self._words, token.folded, at)
            for key in keys_of(token.folded, endings=1):
                _add(self._keys, key, at)
        words, places = spaced(field.text)
        for begin in range(len(words) - RUN + 1):
            ends = places[begin + RUN - 1] + 1
            self._runs.setdefault(words[begin : begin + RUN], (field, places[begin], ends))

    def _places(self, piece: str, what: What) -> Iterable[_At]:
        said = tokens(piece)
        if what is What.RUN:
            return self._of_run(piece)
        if what in {What.POSITION, What.TIME} or len(said) != 1:
            return self._of_letters(piece)
        return self._of_word(said[0], what)

    def _of_word(self, word: Token, what: What) -> Iterable[_At]:
        same = self._words.get(word.folded, [])
        if same or what is What.CODE:
            return same
        alike = {(at[0].where, at[1]): at for key in keys_of(word.folded, endings=4) for at in self._keys.get(key, ())}
        return alike.values()

    def _of_letters(self, piece: str) -> Iterable[_At]:
        wanted = folded(piece.strip())[0]
        if wanted not in self._found:
            self._found[wanted] = tuple(islice(self._matching(wanted), MOST))
        return self._found[wanted]

    def _matching(self, wanted: str) -> Iterator[_At]:
        for field in self._fields if wanted else ():
            at = field.plain.find(wanted)
            while at >= 0:
                yield field, field.plain_places[at], field.plain_places[at + len(wanted)]
                at = field.plain.find(wanted, at + len(wanted))

    def _of_run(self, piece: str) -> Iterator[_At]:
        """Yield where the words of a run stand, each stretch of them once."""
        words, now = spaced(f"a{piece}a")[0][1:-1], None  # a run may begin or end with a space, which has no edge alone
        for begin in range(len(words) - RUN + 1):
            found = self._runs.get(words[begin : begin + RUN])
            if found is None:
                continue
            if now is not None and found[0] is now[0] and now[1] <= found[1] <= now[2]:
                now = (now[0], now[1], max(now[2], found[2]))
                continue
            if now is not None:
                yield now
            now = found
        if now is not None:
            yield now


def _add(index: dict[str, list[_At]], key: str, at: _At) -> None:
    kept = index.setdefault(key, [])
    if len(kept) < MOST:
        kept.append(at)
