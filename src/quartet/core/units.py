"""Units of aviation and shipping in SI units: exact by definition (ICAO Annex 5)."""

from typing import Final

FOOT_M: Final = 0.3048
LEVEL_M: Final = 100 * FOOT_M
"""A flight level, m."""
NM_M: Final = 1_852.0
"""A nautical mile, m."""
KNOT_MPS: Final = NM_M / 3_600
FOOT_A_MINUTE_MPS: Final = FOOT_M / 60
