"""Words of attribution that are meant as they are listed, no other form of them: read from package data, and checked.

A word stands in the spelling in which words are compared. Where no language is asked for, all are looked in together:
a word of one is no word of another here.
"""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import msgspec

from quartet.core.faults import Malformed
from quartet.intake.dates import LANGUAGES, Language


class Listed(StrEnum):
    """What the words of a list are for, or the endings: the line below each says which."""

    ADJECTIVES = "adjectives"
    """So an adjective ends."""
    ADVERBS = "adverbs"
    """So a word ends that says how, and is of no name."""
    AS_WELL_AS = "as_well_as"
    """Behind these another says it too."""
    BE = "be"
    """Behind these who stands before was told."""
    BEFORE_A_BODY = "before_a_body"
    """Spelt as verbs, and of the body behind them."""
    CLINGS = "clings"
    """So a word begins that a particle clings to."""
    DATIVES = "datives"
    """So a word in the plural ends that says to whom."""
    DATIVE_OF_ONE = "dative_of_one"
    """So a name ends that says to whom."""
    DEMONSTRATIVES = "demonstratives"
    """They tell of somebody who was named before."""
    DEPUTIES = "deputies"
    """Who stands for the holder of an office."""
    DIRECTIONS = "directions"
    """They end the name of a district."""
    ENDING = "ending"
    """They end a part of a name."""
    FORMER = "former"
    """The office is one that he held."""
    GENITIVES = "genitives"
    """So the first word of a place ends, behind the office of which it is."""
    HEADS = "heads"
    """Bodies that lack a word without one behind them."""
    HIS_SPEECH = "his_speech"
    """What is passed on, behind a verb of that."""
    IN = "in"
    """In an office somebody says it: before who opens a sentence."""
    INFINITIVES = "infinitives"
    """So a verb ends that is of no name."""
    IS = "is"
    """Behind these a clause says of what was told before that it was said."""
    ITS = "its"
    """So a word begins or, in Arabic and Persian, ends that says whose something is."""
    ITS_REPORTERS = "its_reporters"
    """Somebody who reports for whom was named."""
    JOINS = "joins"
    """They join two of a kind."""
    LEADING = "leading"
    """They go with the part of a name that follows."""
    LEADS_ON = "leads_on"
    """A name may stand behind what these lead to."""
    MAY_BE_TOLD = "may_be_told"
    """Verbs that without vowels may as well say that he was told."""
    MEN = "men"
    """Given names of men that end as those of women do."""
    MEN_END = "men_end"
    """So the given name of a man ends."""
    NEUTER = "neuter"
    """So a body ends that stands in the first case though it seems to stand in another."""
    NEWS = "news"
    """It is of a verb, not of a name."""
    NISBA = "nisba"
    """So an adjective ends that is made of a noun."""
    NOT_FIRST = "not_first"
    """So the given name ends of whom something was said to."""
    NOUNS = "nouns"
    """Forms of verbs that are as much a noun: "report"."""
    NO_SUBJECT = "no_subject"
    """So a body ends in cases in which nobody says anything."""
    NUMBER = "number"
    """A number behind one of these is of a name."""
    NUMERALS = "numerals"
    """So a number begins that is written out."""
    OBLIQUE = "oblique"
    """So a given name ends, as it is written, in other cases than the first."""
    OF = "of"
    """What starts with these belongs to what stands before."""
    OF_A_BODY = "of_a_body"
    """They follow the word for a body and are of its name."""
    OF_WHICH = "of_which"
    """They take up who was named."""
    ON_BEHALF = "on_behalf"
    """Behind these stands for whom somebody speaks."""
    ORDINALS = "ordinals"
    """They tell one brigade from another."""
    OWNED_BY = "owned_by"
    """Behind these stands whose somebody is."""
    PAPERS = "papers"
    """Behind these the name in quotation marks is of who was told."""
    PARTICIPLES = "participles"
    """So a word ends that only describes who was named."""
    PASSES_ON = "passes_on"
    """So a verb begins that passes on what another said."""
    PAST = "past"
    """So a verb ends that tells of what was."""
    PLURALS = "plurals"
    """Forms of verbs that many take."""
    PLURAL_ENDS = "plural_ends"
    """So a verb ends that many take."""
    POSSESSIVES = "possessives"
    """Before these a text does not say whose the office is."""
    SINGULARS = "singulars"
    """Verbs of one that end as those of many do."""
    SUFFIXES = "suffixes"
    """What is written at the end of a word and is none of it."""
    TELLS = "tells"
    """Who follows these was told."""
    TO = "to"
    """Before whom something is said to."""
    TOLD = "told"
    """Behind a form of "be": he was told."""
    TOLD_ENDS = "told_ends"
    """So a word ends that says to whom, and not who."""
    TOWARDS = "towards"
    """Behind these stands to whom a document went."""
    TO_WHOM = "to_whom"
    """Behind these stands to whom it was said."""
    WHAT = "what"
    """They open a clause that is a thing itself: "what he said"."""
    WHERE = "where"
    """Words before a place, not before a person."""
    WHICH = "which"
    """They must follow some that open such a clause."""
    WHOSE = "whose"
    """They lead to something of whom was named."""
    WITH = "with"
    """Verbs that take what is said behind "with"."""
    WOMEN = "women"
    """Given names of women that end as those of men do."""


@lru_cache(maxsize=8)
def lists(language: Language) -> Mapping[Listed, tuple[str, ...]]:
    """Return the lists of a language; raise `Malformed("bad-lexicon")` where its file is none."""
    source = files("quartet.intake") / "lexicons" / "listed" / f"{language}.toml"
    try:
        return msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8")), dict[Listed, tuple[str, ...]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Malformed("bad-lexicon", f"{language}: {error}") from error


@lru_cache(maxsize=256)
def listed(name: Listed, language: Language | None = None) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(starts(name, language))


@lru_cache(maxsize=256)
def starts(name: Listed, language: Language | None = None) -> tuple[str, ...]:
    """Return the words of a list as a word is asked whether it begins or ends with one."""
    asked = LANGUAGES if language is None else (language,)
    return tuple(word for one in asked for word in lists(one).get(name, ()))


@lru_cache(maxsize=64)
def phrases(name: Listed) -> frozenset[tuple[str, ...]]:
    """Return the phrases of a list, each as its words."""
    return frozenset(tuple(phrase.split()) for phrase in starts(name))
