"""The words of dates in each language: what they are, by kind and value, as phrases between bars.

A phrase is compared in the one spelling of `spelling`, so that case, marks and joiners need not be listed.
"""

from collections.abc import Mapping
from typing import Final

from quartet.intake.dates.words import ar, en, fa, fr, ru

Table = Mapping[str, Mapping[int | str, str]]
TABLES: Final[dict[str, Table]] = {"fr": fr.WORDS, "en": en.WORDS, "ar": ar.WORDS, "fa": fa.WORDS, "ru": ru.WORDS}
COMMON: Final[Table] = {
    "zone": {0: "utc|gmt|tu|z", 60: "cet", 120: "cest|eet", 180: "eest|msk"},
    "utc": {1: "utc|gmt|tu"},
    "tee": {1: "t"},
}
"""Zones that mean one offset everywhere, and the letter between day and time of ISO 8601."""
