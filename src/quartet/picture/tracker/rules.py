"""By what the tracker judges: each constant with the reason why it is so large, and none for a scene of ours.

Units are metres, seconds and radians. Likelihoods are natural logarithms.
"""

from math import log, radians
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

TURN_RATE: Final = radians(2.0)
"""Between a bank of 25 degrees at an airliner's 220 m/s (g tan 25 / v: 1.2 deg/s) and a rate one turn (3 deg/s)."""
TURN_RATES: Final = (0.0, TURN_RATE, -TURN_RATE)
"""The models: straight on, and a coordinated turn to either side, as they are flown. Two rates a side (1.2 and 3) place
turning movers 6 % better, and take 1.8 times as long."""
STRAIGHT_NOISE: Final = 0.5
"""Spectral density of a straight flight's acceleration, m2/s3: gusts, and speed changes of 0.3 m/s2 for seconds."""
TURN_NOISE: Final = 25.0
"""The same in a turn, m2/s3: the rate may be 1 deg/s another, at 200 m/s 3.5 m/s2, for some 2 s."""
STRAIGHT_LASTS: Final = 90.0
"""Mean seconds between two turns: legs between way points, vectors in an approach."""
TURN_LASTS: Final = 20.0
"""Mean seconds of a turn: 40 degrees."""

GATE: Final = 16.0
"""Squared distance beyond which a plot is not the track's: 99.97 % of a plane normal distribution, for 2 degrees."""
TOP_SPEED: Final = 600.0
"""Faster than this nothing begins a track, m/s; a track that is there may be faster."""
NEW_SPEED: Final = 140.0
"""Standard deviation of each component of the velocity of what was seen once, m/s: 95 % are below 340 m/s."""
NEW_TARGETS: Final = 0.05
"""How many of the plots that no track explains are something new, and not false: a first plot's score is its log."""
CONFIRMED: Final = log(99.0)
"""A track is shown once it is 99 times as probable as that its plots are false."""
SURE: Final = CONFIRMED + 3.0
"""A score grows no further, so that a track that was long there ends as soon as a young one: after some five misses."""
DROPPED: Final = -2.0
"""Below this score a track that was shown is deleted: it is 7 times as probable that there is nothing."""
YOUNG_DROPPED: Final = -6.0
"""Below this score one that was not yet shown is: one miss after the first plot is forgiven, a second is not."""
COASTS: Final = 24.0
"""How long a track is carried on without a plot: six turns of an approach radar, two of one en route."""
LOST: Final = 60.0
"""After this time without a plot a track is deleted, whatever its score."""
KEPT: Final = 300.0
"""How long a deleted track's number waits for its address to come back."""

RANGE_PRIOR: Final = 250.0
"""Standard deviation of a radar's range offset before anything is known, m: 1 degree and 500 m are two of it."""
AZIMUTH_PRIOR: Final = radians(0.5)
TIME_PRIOR: Final = 0.05
"""Standard deviation of a radar's clock, s: EUROCONTROL's specification allows 0.1 s."""
DRIFT_TIME: Final = 3_600.0
"""In this time an offset may wander by a hundredth of its prior: encoders and clocks drift with the day's warmth."""
RANGE_ALARM: Final = 600.0
"""An offset beyond these is no longer corrected in silence."""
AZIMUTH_ALARM: Final = radians(1.2)
SEEN_TOGETHER: Final = 50.0
"""So many residuals are looked at before a word is said on how many of them fit."""
MANY_OUT: Final = 0.2
"""If more than this part of them is out of all bounds, the offsets are not what they seem."""
FITS: Final = 10.0
FITS_WITHIN: Final = LOST
"""When in so long, s, not so many residuals fitted an offset that alarms, it is learned anew: the radar was adjusted or
the estimate ran into a wrong answer. One mover that both radars see gives three times as many; chance gives a few."""
KNOWN: Final = 0.5
"""An offset is known once its standard deviation is below this part of the prior's: what was seen says more."""


class Motion(NamedTuple):
    """The models of motion: turn rates (m,) rad/s, noise (m,) m2/s3, mean stay (m,) s."""

    rates: Floats
    noise: Floats
    stays: Floats


def motion() -> Motion:
    """Return the models of motion as arrays."""
    turns = [rate != 0 for rate in TURN_RATES]
    return Motion(
        rates=np.array(TURN_RATES),
        noise=np.array([TURN_NOISE if turn else STRAIGHT_NOISE for turn in turns]),
        stays=np.array([TURN_LASTS if turn else STRAIGHT_LASTS for turn in turns]),
    )
