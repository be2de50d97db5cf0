"""Mode S and ADS-B: raw frames with their times become plots."""

from quartet.sensors.modes.aircraft import Reference
from quartet.sensors.modes.reader import ModeS, read_plots, reader_of
from quartet.sensors.modes.text import RawFrame, parse_line

__all__ = ["ModeS", "RawFrame", "Reference", "parse_line", "read_plots", "reader_of"]
