"""Say who says what in a page and who knew it first, each by its place and rule; what a text leaves open stays so.

Nobody is given the words of another: who is named beside a source without a name is `mentioned` and nothing else.
Any page gives an answer, in time that grows with its length and no faster.
"""

from quartet.intake.sayings.told import attribution, mentioned, sayings
from quartet.intake.sayings.values import Confidence, Rule, Saying, Voice

__all__ = ["Confidence", "Rule", "Saying", "Voice", "attribution", "mentioned", "sayings"]
