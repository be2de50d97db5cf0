"""The index of words finds what is there, forgets what was purged down to its pages, and keeps within its memory."""

from hypothesis import given
from hypothesis import strategies as st

from quartet.core.fold import fold, has, term
from quartet.store import SHARD, Words

texts = st.text(alphabet='ab "cالسدو\n', max_size=12).map(fold)


def filled(said: dict[int, str]) -> Words:
    words = Words()
    words.put(said.items())
    words.whole(0)
    return words


@given(st.dictionaries(st.integers(1, SHARD - 1), texts, max_size=8), st.lists(texts.filter(bool), min_size=1))
def test_whatever_has_every_term_is_among_what_is_found(said: dict[int, str], asked: list[str]) -> None:
    terms = [term(one) for one in asked]
    found = filled(said).find(0, terms)

    assert found is not None
    assert found == sorted(found)
    assert {n for n, text in said.items() if all(has(text, one) for one in terms)} <= set(found)


@given(st.dictionaries(st.integers(1, SHARD - 1), texts, min_size=1, max_size=8), st.data())
def test_what_is_dropped_is_found_no_more_and_the_rest_is_as_before(said: dict[int, str], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(sorted(said)))
    words = filled(said)
    left = {n: text for n, text in said.items() if n != gone}

    assert words.drop(gone)
    assert not words.drop(gone)
    assert words.count == len(left)
    for asked in {text for text in said.values() if text}:
        assert words.find(0, [term(asked)]) == filled(left).find(0, [term(asked)])


def test_no_word_of_what_was_dropped_is_left_on_any_page() -> None:
    words = filled({n: f"levee {n} holds at the left bank" for n in range(SHARD - 1)})
    secret = "zxqj vkwz مسکوت"
    words.put([(SHARD - 1, secret)])
    grams = [secret[at : at + 3].encode() for at in (0, 1, 5, 6, 10, 11)]
    assert all(any(gram in image for image in words.images()) for gram in grams)

    words.drop(SHARD - 1)
    assert words.scrub()
    assert not words.scrub()

    assert not [gram for gram in grams if any(gram in image for image in words.images())]


def test_a_shard_that_is_not_whole_says_so_and_finds_nothing() -> None:
    words = Words()
    words.put([(5, "levee")])

    assert words.find(0, [term("levee")]) is None
    assert words.find(1, [term("levee")]) is None


def test_the_oldest_shard_makes_room_and_takes_nothing_more() -> None:
    words = Words(most=60_000)
    for shard in range(4):
        words.put((shard * SHARD + n, f"levee {shard} {n}") for n in range(200))
        words.whole(shard)

    assert words.size <= 60_000
    assert words.floor > 0
    assert words.find(0, [term("levee")]) is None
    assert len(words.find(3, [term("levee")]) or ()) == 200
    words.put([(7, "levee of old")])
    words.whole(0)
    assert words.find(0, [term("levee")]) is None


def test_a_shard_that_alone_is_too_large_makes_room_and_its_items_are_not_known() -> None:
    """A member whose text folds into eighteen times as much fills no memory beyond the bound."""
    words = Words(most=600_000)
    words.whole(0)
    for number in range(1, 20):
        words.put([(number, fold("\ufdfa" * 8_000))])
        assert words.size <= 600_000

    assert words.find(0, [term("levee")]) is None
    assert words.text(19) is None
    words.put([(SHARD + 1, "levee")])
    words.whole(1)
    assert words.find(1, [term("levee")]) == [SHARD + 1]
    assert words.text(SHARD + 1) == "levee"


def test_a_term_of_any_length_with_any_sign_is_a_question() -> None:
    words = filled({1: 'he said "no" to it', 2: "x" * 5_000})

    assert words.find(0, [term('"no"')]) == [1]
    assert words.find(0, [term("x" * 1_000)]) == [2]
    assert words.find(0, [term("x" * 5_001)]) == []
    assert words.find(0, [term("NEAR(a b)")]) == words.find(0, [term("a AND b OR c")]) == []
