"""Offer as one event what several texts tell of it, each pair with its reasons; nothing is ever merged.

It is for an officer to say that two are the same. Roots are counted as an upper bound: that they are independent is not
established here. Any texts give an answer, the same in any order, in time that grows with the pairs of events.
"""

from quartet.intake.alike.compare import alike, comparable
from quartet.intake.alike.grouping import MAX_GROUPS, groups
from quartet.intake.alike.reading import told
from quartet.intake.alike.roots import Ties, at_most, same_root
from quartet.intake.alike.values import MAX_TOLD, WARNS, Days, Figure, Group, Offer, Pair, Told, Why

__all__ = [
    "MAX_GROUPS",
    "MAX_TOLD",
    "WARNS",
    "Days",
    "Figure",
    "Group",
    "Offer",
    "Pair",
    "Ties",
    "Told",
    "Why",
    "alike",
    "at_most",
    "comparable",
    "groups",
    "same_root",
    "told",
]
