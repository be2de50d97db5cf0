"""Measurements: what Quartet costs, beside what it is compared with in the same run."""
