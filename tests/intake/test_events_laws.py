"""What holds for every text: places lie within it, nothing raises, a hostile one takes no longer than its length."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import steps
from test_events_languages import ROWS

from quartet.core.faults import Malformed
from quartet.intake.dates import LANGUAGES, Language
from quartet.intake.events import MAX_READ, Happening, account, happenings
from quartet.intake.events.lexicon import lexicon, read
from quartet.intake.texts import Block, BlockKind, Page, Span

TODAY = date(2026, 11, 29)
WORDS = [word for rows in ROWS.values() for row in rows for word in row[0].split()]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=60).map(
    lambda words: " ".join(" ".join(words).split())
)
PAGES = st.builds(
    lambda texts, language, published: paged(texts, language, published),
    st.lists(st.tuples(TEXTS, st.sampled_from(BlockKind)), max_size=4),
    st.sampled_from(LANGUAGES),
    st.none() | st.dates(),
)
HOSTILE: dict[Language, tuple[str, ...]] = {
    "en": (
        "fire ",
        "not ",
        "between 3 and ",
        "if ",
        "said no ",
        "at the ",
        "heard ",
        "A B ",
        "12 ",
        "power cut ",
        "38S NB 41 ",
    ),
    "fr": ("feu ", "pas ", "entre 3 et ", "si ", "vingt et ", "dans le ", "entendu ", "coupure de "),
    "ru": ("пожар ", "не ", "от 3 до ", "если ", "двадцать ", "в селе ", "слышал ", "51.20417 N "),
    "ar": ("حريق ", "لم ", "بين 3 و", "إذا ", "في قرية ", "انقطع ", "عشرون و", "ال" * 40 + " "),
    "fa": ("آتش ", "هیچ ", "بین ۳ تا ", "اگر ", "بیست و ", "در روستای ", "برق ", "راه "),
}


def paged(texts: list[tuple[str, BlockKind]], language: Language | None, published: date | None) -> Page:
    """Return a page of blocks, one after the other with a space between."""
    whole, blocks = "", list[Block]()
    for text, kind in texts:
        whole += " " if whole else ""
        blocks.append(Block(place=Span(len(whole), len(whole) + len(text)), kind=kind))
        whole += text
    return Page(text=whole, blocks=tuple(blocks), language=language, published=published)


def places(one: Happening) -> list[Span]:
    """Return every place that an event points at."""
    fields = [field.span for field in (one.date, one.time, one.place) if field is not None]
    tallies = [tally.span for tally in (*one.counts, *one.denied_counts)]
    return [one.span, one.cue, *one.also, *fields, *tallies, *([one.grid] if one.grid else [])]


@given(PAGES)
@settings(max_examples=150, deadline=None)
def test_whatever_is_found_stands_in_what_tells_something_and_is_found_again(page: Page) -> None:
    found = happenings(page, today=TODAY)

    telling = [block.place for block in page.blocks if block.kind in (BlockKind.TITLE, BlockKind.BODY)]
    for one in found:
        assert all(any(block.holds(place) for block in telling) for place in places(one))
        assert all(place.of(page.text).strip() == place.of(page.text) != "" for place in places(one))
        assert one.span not in one.also
    assert happenings(page, today=TODAY) == found


@given(PAGES)
@settings(max_examples=100, deadline=None)
def test_no_figure_is_both_told_and_denied_and_no_limit_is_upside_down(page: Page) -> None:
    for one in happenings(page, today=TODAY):
        for tally in (*one.counts, *one.denied_counts):
            assert tally.low >= 0
            assert tally.high is None or tally.low <= tally.high
        assert len({tally.what for tally in one.counts}) == len(one.counts)
        assert {tally.span for tally in one.counts}.isdisjoint(tally.span for tally in one.denied_counts)
        assert one.date is None or not one.date.year_open or one.date.first is None


@pytest.mark.parametrize(
    ("language", "piece"), [(language, piece) for language, pieces in HOSTILE.items() for piece in pieces]
)
def test_a_text_of_one_word_over_and_over_takes_no_longer_than_its_length(language: Language, piece: str) -> None:
    def taken(times: int) -> int:
        page = paged([((piece * times).strip(), BlockKind.BODY)], language, TODAY)
        return steps(lambda: happenings(page, today=TODAY))

    taken(100)

    assert taken(2_000) < 5 * taken(500) + 5_000


def test_an_event_that_is_told_without_end_takes_no_longer_than_its_length() -> None:
    def taken(times: int) -> int:
        page = paged([(("A fire broke out at Orley. " * times).strip(), BlockKind.BODY)], "en", TODAY)
        assert len(happenings(page)) == 1
        return steps(lambda: happenings(page))

    assert taken(1_000) < 6 * taken(200) + 5_000


def test_what_is_too_long_is_said_to_be_unread() -> None:
    text = ("word " * (MAX_READ // 4)) + "A fire broke out at Orley on Tuesday."

    told = account(paged([(text, BlockKind.BODY)], "en", TODAY))

    assert told.happenings == ()
    assert told.unread is not None
    assert told.unread.end == len(text)


def test_a_long_line_is_read_to_its_end() -> None:
    text = "Nothing much. " * 2_000 + "word " * 3_000 + "A fire broke out at Orley on Tuesday."

    (one,) = happenings(paged([(text, BlockKind.BODY)], "en", TODAY))

    assert one.place is not None
    assert one.place.span.of(text) == "Orley"


def test_a_page_in_no_known_language_tells_nothing() -> None:
    assert happenings(paged([("A fire broke out at Orley.", BlockKind.BODY)], None, TODAY)) == ()


def test_furniture_and_captions_tell_of_no_event() -> None:
    kinds = (BlockKind.CAPTION, BlockKind.FURNITURE, BlockKind.BYLINE, BlockKind.SOURCE)
    texts = [("A fire broke out at Orley on Tuesday.", kind) for kind in kinds]

    assert happenings(paged(texts, "en", TODAY)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_words_for_every_kind_of_thing_that_pairs_speak_of(language: Language) -> None:
    known = lexicon(language)

    assert {thing for thing, _ in known.pairs} <= known.things
    assert {verb for _, verb in known.pairs} <= known.verbs


@pytest.mark.parametrize(
    "table",
    [
        {"told": {"picnic": ["a word"]}},
        {"nonsense": {"fire": ["a word"]}},
        {"told": {"fire": ["~ burned"]}},
        {"told": {"fire": ["burned ~"]}},
        {"told": {"fire": ["x* burned"]}},
        {"told": {"fire": [""]}},
        {"pair": [{"type": "fire", "things": "a"}]},
        {"told": {"fire": [" ".join(["a|b|c|d|e|f|g|h"] * 5)]}},
    ],
)
def test_a_lexicon_that_says_what_no_rule_knows_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        read(table)


def test_neighbouring_events_stand_in_the_order_of_the_text() -> None:
    text = "A fire broke out at Orley. A bus overturned at Pell. A drone crashed at Vell."

    found = happenings(paged([(text, BlockKind.BODY)], "en", TODAY))

    assert len(found) == 3
    assert all(one.span < other.span for one, other in pairwise(found))
