"""What several texts tell of one event is offered as one, with its reasons, and roots are counted as an upper bound."""

import json
from datetime import date
from functools import cache
from typing import Any

import msgspec
import pytest
from score_alike import HERE, best, read_all, strays, texts

from quartet.intake.alike import WARNS, Days, Figure, Offer, Ties, Told, Why, alike, at_most, groups, same_root
from quartet.intake.alike.compare import called
from quartet.intake.alike.words import body, listed, near
from quartet.intake.events import EventType, Polarity, What
from quartet.intake.names import Aliases
from quartet.intake.names.led import unled

MONDAY = Days(date(2026, 3, 2), date(2026, 3, 2))
TUNED: dict[str, dict[str, Any]] = json.loads((HERE / "tuned" / "groups.json").read_text(encoding="utf-8"))
TRANSLATED = Aliases().said("Hands of the Sea", "دستان دریا", same=True)
"""A name that is translated and not spelt: that these are one, an officer says."""


def fire(key: str, **more: Any) -> Told:
    given: dict[str, Any] = {"days": MONDAY, "places": ("Karst Mill",), "text": key.partition("#")[0]}
    return Told(key=key, type=EventType.FIRE, polarity=Polarity.ASSERTS, **(given | more))


def why(one: Told, other: Told) -> tuple[Why, ...]:
    pair = alike(one, other)
    return () if pair is None else pair.why


@cache
def tuned() -> Offer:
    return groups(read_all("tuned"), TRANSLATED)


# -- texts in five languages


@pytest.mark.parametrize("name", sorted(TUNED))
def test_what_the_texts_of_a_group_tell_is_offered_as_one_with_no_more_roots_than_it_has(name: str) -> None:
    wanted = {entry["text"] for entry in TUNED[name]["entries"]}
    group = best(tuned(), wanted)

    assert group is not None
    assert texts(group) == wanted
    assert 1 <= group.at_most <= len(TUNED[name]["roots"])
    assert {key for pair in group.pairs for key in (pair.first, pair.second)} == set(group.events)


def test_nothing_is_joined_of_texts_that_tell_of_no_one_event() -> None:
    assert strays(tuned(), TUNED) == []


# -- what speaks for one event


def test_type_days_and_place_must_all_agree_and_each_is_said() -> None:
    assert why(fire("a"), fire("b")) == (Why.TYPE, Why.DAY, Why.PLACE)
    assert why(fire("a"), fire("b", places=("Elm Ford",))) == ()
    assert why(fire("a"), fire("b", days=Days(date(2026, 3, 3), date(2026, 3, 3)))) == ()
    assert why(fire("a"), msgspec.structs.replace(fire("b"), type=EventType.PROTEST)) == ()
    assert why(fire("a", places=()), fire("b", places=())) == ()


def test_a_near_type_needs_days_and_a_place_of_its_own_name() -> None:
    blast = msgspec.structs.replace(fire("b"), type=EventType.EXPLOSION)

    assert why(fire("a"), blast) == (Why.NEAR_TYPE, Why.DAY, Why.PLACE)
    assert why(fire("a"), msgspec.structs.replace(blast, days=None)) == ()
    assert why(fire("a"), msgspec.structs.replace(blast, places=(), words="a blast at Karst Mill")) == ()
    assert near(EventType.FLOOD, EventType.STORM)
    assert not near(EventType.OTHER, EventType.FIRE)


def test_an_open_year_is_compatible_with_the_days_that_it_may_mean() -> None:
    open_year = fire("b", days=Days(None, None, (date(2020, 3, 2), date(2026, 3, 2))))
    other_year = fire("b", days=Days(None, None, (date(2020, 3, 2),)))

    assert why(fire("a"), open_year) == (Why.TYPE, Why.OPEN_YEAR, Why.PLACE)
    assert why(fire("a"), other_year) == ()
    assert why(open_year, msgspec.structs.replace(other_year, key="c", text="c")) == (
        Why.TYPE,
        Why.OPEN_YEAR,
        Why.PLACE,
    )


def test_a_night_over_two_days_overlaps_the_day_of_another() -> None:
    assert why(fire("a"), fire("b", days=Days(date(2026, 3, 1), date(2026, 3, 2)))) == (
        Why.TYPE,
        Why.DAYS,
        Why.PLACE,
    )


def test_what_has_no_day_is_offered_with_that_said_but_not_for_what_came_after_its_text() -> None:
    late = fire("b", days=None, published=date(2026, 3, 4))
    early = fire("b", days=None, published=date(2026, 2, 4))

    assert why(fire("a"), late) == (Why.TYPE, Why.PLACE, Why.DAY_UNKNOWN)
    assert why(fire("a"), early) == ()


def test_a_place_that_only_the_words_name_counts_where_a_day_or_a_figure_agrees() -> None:
    worded = fire("b", places=(), words="Smoke stood over the Karst mill all night")
    wild = fire("b", places=(), words="Smoke stood over Elm Ford")
    burned = (Figure(What.BUILDINGS, 3, 3),)
    undated = fire("b", places=(), words="Karst burned", days=None)

    assert why(fire("a"), worded) == (Why.TYPE, Why.DAY, Why.PLACE_WORDS, Why.PLACE_UNKNOWN)
    assert why(fire("a"), wild) == ()
    assert why(fire("a"), undated) == ()
    assert Why.COUNTS in why(fire("a", figures=burned), msgspec.structs.replace(undated, figures=burned))


@pytest.mark.parametrize("named", [(), ("the mill",)])
def test_where_one_names_no_place_it_is_offered_with_that_to_beware_of(named: tuple[str, ...]) -> None:
    pair = alike(fire("a"), fire("b", places=named, words="Smoke stood over the Karst mill all night"))

    assert pair is not None
    assert [one for one in pair.why if one in WARNS] == [Why.PLACE_UNKNOWN]
    assert not pair.firm


def test_where_each_names_another_place_it_is_offered_with_that_to_beware_of() -> None:
    pair = alike(fire("a"), fire("b", places=("Elm Ford",), words="Elm Ford: smoke stood over the Karst mill"))

    assert pair is not None
    assert [one for one in pair.why if one in WARNS] == [Why.PLACES_DIFFER]
    assert not pair.firm


def test_of_places_that_are_called_alike_and_of_one_grid_reference_nothing_is_open() -> None:
    grid = fire("b", places=(), grid="31U DQ 48251 11932")

    assert WARNS.isdisjoint(why(fire("a"), fire("b", words="at Karst Mill")))
    assert WARNS.isdisjoint(why(fire("a", grid="31UDQ4825111932"), grid))


def test_a_kind_of_place_alone_names_none() -> None:
    assert called("the mill", "the mill") is None
    assert called("مقلع البلدة", "المقلع") is None
    assert called("Karst bridge", "Karst hospital") is Why.PLACE_PART
    assert called("quartier bas de Karst", "Карсте") in (Why.PLACE, Why.PLACE_PART)


def test_figures_that_agree_speak_for_it_and_those_that_differ_are_said() -> None:
    three, many, about = Figure(What.INJURED, 3, 3), Figure(What.INJURED, 40, 40), Figure(What.INJURED, 44, 44, True)
    at_least = Figure(What.INJURED, 2, None)

    assert Why.COUNTS in why(fire("a", figures=(three,)), fire("b", figures=(at_least,)))
    assert Why.COUNTS in why(fire("a", figures=(many,)), fire("b", figures=(about,)))
    assert Why.COUNTS_DIFFER in why(fire("a", figures=(three,)), fire("b", figures=(many,)))
    assert why(fire("a", figures=(three,)), fire("b", figures=(many,), days=None)) == ()


def test_two_events_of_one_text_are_offered_only_where_their_roots_or_polarity_differ() -> None:
    assert why(fire("a#0"), fire("a#1")) == ()
    assert Why.PLACE in why(fire("a#0", root="east"), fire("a#1", root="west"))
    denied = msgspec.structs.replace(fire("a#1", places=(), days=None), polarity=Polarity.DENIES)
    assert why(fire("a#0"), denied) == (Why.TYPE, Why.TEXT, Why.DENIED, Why.DAY_UNKNOWN, Why.PLACE_UNKNOWN)


def test_what_is_told_without_a_day_does_not_join_what_happened_on_different_days() -> None:
    friday = Days(date(2026, 3, 6), date(2026, 3, 6))
    told = [fire("a"), fire("b"), fire("c", days=friday), fire("d", days=friday), fire("e", days=None)]

    assert [group.events for group in groups(told).groups] == [("a", "b", "e"), ("c", "d", "e")]


# -- who knew it first


def test_an_unknown_root_counts_for_none_and_a_denial_confirms_nothing() -> None:
    denies = msgspec.structs.replace(fire("c", root="West Wire"), polarity=Polarity.DENIES)
    (group,) = groups([fire("a", root="North Wire"), fire("b"), denies]).groups

    assert (group.at_most, group.unknown, group.denied) == (1, 1, 1)
    assert group.roots == ("North Wire",)
    assert sum(Why.DENIED in pair.why for pair in group.pairs) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("la capitainerie", "harbour office"),
        ("قبطانية المرفأ", "капитании порта"),
        ("les sapeurs-pompiers", "the fire brigade"),
        ("آتش‌نشانی", "пожарной службы"),
        ("الدفاع المدني", "civil defence"),
        ("министерства обороны", "وزارت دفاع"),
        ("Agence Karst", "Karst"),
        ("the police", "شرطة"),
    ],
)
def test_a_body_is_one_by_what_it_does_in_whatever_language(one: str, other: str) -> None:
    assert same_root(one, other, Ties(Aliases()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the police", "the fire brigade"),
        ("Karst Agency", "Karst Union"),
        ("North Wire", "West Lamp"),
        ("Karst hospital", "Elm Ford hospital"),
        ("Karst police", "Karst hospital"),
    ],
)
def test_bodies_that_do_something_else_or_are_called_otherwise_are_two(one: str, other: str) -> None:
    assert not same_root(one, other, Ties(Aliases()))


def test_an_officers_word_on_two_names_comes_before_any_likeness_both_ways() -> None:
    said = Aliases().said("Hands of the Sea", "دستان دریا", same=True).said("Agence Karst", "Karst", same=False)

    assert same_root("the Hands of the Sea", "دستان دریا", Ties(said))
    assert not same_root("Agence Karst", "Karst", Ties(said))
    assert at_most(["Agence Karst", "Karst"], Ties(said)) == 2


def test_blinded_roots_are_counted_as_they_are() -> None:
    (group,) = groups(
        [fire("a", blinded=("A" * 43,)), fire("b", blinded=("A" * 43,)), fire("c", blinded=("a" * 43,))]
    ).groups

    assert group.at_most == 2


def test_the_lists_of_all_languages_are_read_and_name_the_same_roles() -> None:
    assert len({role for role, _ in listed().roles}) == 22
    assert body("the fire brigade of Karst").rest == ("karst",)
    assert body("the fire brigade of Karst").roles == {"fire"}


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("the Ostrel fire brigade", "Ostrel fire brigade"),
        ("La capitainerie d'Ostrel", "capitainerie d'Ostrel"),
        ("l’Agence Lumenne", "Agence Lumenne"),
        ("Agence Lumenne", "Agence Lumenne"),
        ("«Харчевня»", "«Харчевня»"),
        ("بلدية الميناء", "بلدية الميناء"),
        ("the", "the"),
        ("", ""),
    ],
)
def test_a_name_is_written_as_it_stands_without_the_article_before_it(name: str, bare: str) -> None:
    assert unled(name) == bare
    assert unled(bare) == bare
