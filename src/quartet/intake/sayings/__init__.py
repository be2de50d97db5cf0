"""Say who says what in a page and who knew it first, each by its place and rule; what a text leaves open stays so.

Nobody is given the words of another: who is named beside a source without a name is `mentioned` and nothing else.
A reading is no more than that: `weighed` fills in what is surely bound of it, and offers the rest.
Any page gives an answer, in time that grows with its length and no faster.
"""

from quartet.intake.sayings.offers import MAX_OFFERS, Doubt, Offer, Weighed, weighed
from quartet.intake.sayings.told import governing, mentioned, sayings
from quartet.intake.sayings.values import Confidence, Rule, Saying, Voice

__all__ = [
    "MAX_OFFERS",
    "Confidence",
    "Doubt",
    "Offer",
    "Rule",
    "Saying",
    "Voice",
    "Weighed",
    "governing",
    "mentioned",
    "sayings",
    "weighed",
]
