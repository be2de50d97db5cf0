"""CAP 1.2: warnings out as alerts that the OASIS schema admits, and alerts in as warnings with their source."""

from quartet.gateways.cap.doors import keep_cap

__all__ = ["keep_cap"]
