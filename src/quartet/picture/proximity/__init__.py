"""Who nears a volume, when, and what is believed of it: the time to the volume alone, not where a mover would go."""

from quartet.picture.proximity.levels import ADVISORY_S, Level, Standing, level_of, stands
from quartet.picture.proximity.look import NOTHING, Looked, Near, Pair, State, is_exempt, look, of_site, together
from quartet.picture.proximity.within import Shapes, seconds_until, warm

__all__ = [
    "ADVISORY_S",
    "NOTHING",
    "Level",
    "Looked",
    "Near",
    "Pair",
    "Shapes",
    "Standing",
    "State",
    "is_exempt",
    "level_of",
    "look",
    "of_site",
    "seconds_until",
    "stands",
    "together",
    "warm",
]
