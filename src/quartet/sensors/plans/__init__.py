"""Flight plans as they are filed: ICAO FPL messages and tables; any bytes give plans or `Malformed`."""
