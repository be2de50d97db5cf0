"""Say who says what in a page and who knew it first, each with its place and the rule; what the text leaves open stays open.

Nobody is given the words of another: a person named in a sentence whose source is not named is `mentioned` and nothing else.
Any page gives an answer, in time that grows with its length and no faster.
"""

from quartet.intake.sayings.told import attribution, mentioned, sayings
from quartet.intake.sayings.values import Confidence, Rule, Saying, Voice

__all__ = ["Confidence", "Rule", "Saying", "Voice", "attribution", "mentioned", "sayings"]
