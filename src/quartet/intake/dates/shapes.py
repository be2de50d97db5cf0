"""What the grammar makes of items before any calendar is asked: days, clocks, parts, as the text says them."""

from typing import NamedTuple

from quartet.intake.dates.lexicon import Item
from quartet.intake.dates.spelling import Kind
from quartet.intake.dates.values import MAX_YEAR, MIN_YEAR, Calendar, Language, Order


class Ymd(NamedTuple):
    """A day, a month or a year as said; what is not said is missing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


class Core(NamedTuple):
    """The date within an expression. `others` are what it can be besides, in another order or calendar."""

    rule: str
    first: Ymd = Ymd()
    last: Ymd | None = None
    others: tuple[tuple[Calendar, Ymd], ...] = ()
    calendar: Calendar = Calendar.GREGORIAN
    edge: str = ""
    season: int = 0
    shift: int = 0
    unit: str = ""
    anaphor: bool = False


class Clock(NamedTuple):
    """A time of day, or two with what is between; the offset is in minutes east of UTC."""

    hour: int
    minute: int | None = None
    second: int | None = None
    until: tuple[int, int] | None = None
    zone: str | None = None
    offset: int | None = None
    about: bool = False


class Run:
    """A run of items that can be asked for what stands at a place; beyond its ends nothing does."""

    def __init__(self, items: list[Item], language: Language, order: Order | None) -> None:
        self.items = items
        self.language = language
        self.order = order

    def at(self, place: int) -> Item | None:
        """Return the item at a place."""
        return self.items[place] if 0 <= place < len(self.items) else None

    def sense(self, place: int, kind: str) -> int | str | None:
        """Return what the item means as a word of a kind."""
        item = self.at(place)
        return None if item is None else item.senses.get(kind)

    def has(self, place: int, kind: str) -> bool:
        """Return whether the item may be a word of a kind."""
        return self.sense(place, kind) is not None

    def number(self, place: int, low: int, high: int, digits: int = 2) -> int | None:
        """Return the number at a place, if it is within bounds and no longer than so many digits."""
        item = self.at(place)
        return item.number if item and item.digits and low <= item.number <= high and item.digits <= digits else None

    def sign(self, place: int, signs: str) -> str | None:
        """Return the sign at a place, if it is one of these."""
        item = self.at(place)
        return item.text if item and item.kind is Kind.SIGN and item.text in signs else None

    def touches(self, place: int) -> bool:
        """Return whether the item touches the one before."""
        item = self.at(place)
        return item is not None and item.gap == 0 and place > 0

    def integer(self, place: int, kind: str) -> int | None:
        """Return what the item means as a word of a kind whose values are numbers."""
        value = self.sense(place, kind)
        return value if isinstance(value, int) else None

    def reaches(self, place: int, since: int) -> bool:
        """Return whether what began at `since` goes on to what follows the item: `and` says so only after `between`."""
        return self.has(place, "to") or (self.has(place, "and") and self.has(since - 1, "between"))

    def day(self, place: int) -> tuple[int, int] | None:
        """Return a day of the month and the place after it: digits with or without an ending, or a word."""
        word = self.integer(place, "ordinal")
        if word is not None and not self.has(place + 1, "oclock"):
            return word, place + 1
        number = self.number(place, 1, 31)
        if number is None:
            return None
        if self.has(place + 1, "suffix") and self.touches(place + 1):
            return number, place + 2
        if self.sign(place + 1, "-") and self.has(place + 2, "suffix") and self.touches(place + 2):
            return number, place + 3
        return number, place + 1

    def month(self, place: int) -> tuple[Calendar, int, int] | None:
        """Return the calendar, the number and the place after the name of a month, named once or in two traditions."""
        for kind, calendar in _MONTHS:
            month = self.integer(place, kind)
            if month is None or (self.language == "en" and self.has(place, "shy") and not self.capital(place)):
                continue
            after = place + 1 + self._shortened(place)
            return calendar, month, self._again(after, kind, month)
        return None

    def _shortened(self, place: int) -> bool:
        """Whether a dot after a short word ends the word and not the sentence."""
        follows = self.at(place + 2)
        short = len(self.items[place].text) <= 5 and self.sign(place + 1, ".") and self.touches(place + 1)
        return (
            bool(short)
            and follows is not None
            and (follows.digits > 0 or (follows.senses != {} and not follows.capital))
        )

    def capital(self, place: int) -> bool:
        """Return whether the item begins with a capital."""
        item = self.at(place)
        return item is not None and item.capital

    def _again(self, after: int, kind: str, month: int) -> int:
        if self.sign(after, "/-") and self.integer(after + 1, kind) == month:
            return after + 2
        if self.sign(after, "(") and self.integer(after + 1, kind) == month and self.sign(after + 2, ")"):
            return after + 3
        return after

    def year(self, place: int, calendar: Calendar) -> tuple[int, int, Calendar] | None:
        """Return a year of four digits, the place after it and its calendar, which a word after it may say."""
        number = self.number(place, 1000, MAX_YEAR, 4)
        item = self.at(place)
        if (
            number is None
            or item is None
            or item.digits != 4
            or (self.sign(place + 1, ":") and self.touches(place + 1))
        ):
            return None
        after, said = self._era(place + 1)
        calendar = said or calendar
        low, high = _YEARS[calendar]
        if not low <= number <= high or self.has(place + 1, "oclock") or self.has(place + 1, "utc"):
            return None
        return number, after, calendar

    def _era(self, after: int) -> tuple[int, Calendar | None]:
        if self.has(after, "yearmark"):
            after += 1
            return after + (1 if self.sign(after, ".") and self.items[after - 1].text == "г" else 0), None
        said = self.sense(after, "era")
        return (after + 1, Calendar(str(said))) if said is not None else (after, None)


_MONTHS = (("month", Calendar.GREGORIAN), ("jmonth", Calendar.JALALI), ("hmonth", Calendar.HIJRI))
_YEARS = {
    Calendar.GREGORIAN: (MIN_YEAR, MAX_YEAR),
    Calendar.JALALI: (1210, 1634),
    Calendar.HIJRI: (1200, 1600),
}
