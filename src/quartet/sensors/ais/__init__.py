"""AIS: what vessels say of themselves, in NMEA lines, becomes plots."""

from quartet.sensors.ais.reader import Ais

__all__ = ["Ais"]
