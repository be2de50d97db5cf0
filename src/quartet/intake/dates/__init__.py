"""Find the dates and times in a text of a known language, with what each can mean; nothing is guessed.

Any text gives a list, in time that grows with its length and no faster. What a date means does not depend on the text
around it: what is known beside the text comes as a `Context`.
"""

from quartet.intake.dates.expression import Expression, expressions
from quartet.intake.dates.lexicon import Item, runs
from quartet.intake.dates.meaning import precision, readings, said
from quartet.intake.dates.shapes import Run
from quartet.intake.dates.values import (
    LANGUAGES,
    Calendar,
    Context,
    Found,
    Language,
    Open,
    Order,
    Precision,
    Reading,
    Said,
)

__all__ = [
    "LANGUAGES",
    "Calendar",
    "Context",
    "Found",
    "Language",
    "Open",
    "Order",
    "Precision",
    "Reading",
    "Said",
    "find",
    "order_of",
]
_NOTHING_KNOWN = Context()


def find(text: str, language: Language, context: Context = _NOTHING_KNOWN) -> tuple[Found, ...]:
    """Return the dates and times of a text in the order in which they stand; no two overlap."""
    return tuple(
        _found(text, run.items, one, language, context)
        for run in (Run(items, language, context.order) for items in runs(text, language))
        for one in expressions(run)
    )


def order_of(text: str, language: Language) -> Order | None:
    """Return in which order a page writes day and month, if its numbers show that: some decide, and none otherwise."""
    numeric = [one for one in find(text, language) if one.rule == "numeric" and one.said.day is not None]
    orders = {_order(one) for one in numeric if Open.ORDER not in one.open} - {None}
    return orders.pop() if len(orders) == 1 else None


def _order(found: Found) -> Order | None:
    first = "".join(letter for letter in found.words if letter.isdigit() or letter in "/.-")
    begins = "".join(letter if letter.isdigit() else " " for letter in first).split()
    if not begins or len(begins[0]) > 2 or found.said.day == found.said.month:
        return None
    return "dmy" if int(begins[0]) == found.said.day else "mdy"


def _found(text: str, items: list[Item], one: Expression, language: Language, context: Context) -> Found:
    start, end = items[one.start].start, items[one.end - 1].end
    windows, opened = readings(one, context, language)
    return Found(
        start=start,
        end=end,
        words=text[start:end],
        rule=_rule(one),
        precision=precision(one),
        said=said(one),
        readings=windows,
        open=opened,
        about=one.clock is not None and one.clock.about,
    )


def _rule(one: Expression) -> str:
    pieces = [
        "weekday" if one.weekdays else "",
        one.core.rule if one.core is not None else "",
        "part" if one.part is not None else "",
        "time" if one.clock is not None and (one.core is None or one.core.rule != "date-time-group") else "",
    ]
    return "+".join(piece for piece in pieces if piece)
