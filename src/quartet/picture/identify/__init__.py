"""Who is in the air, by whose word: bases, categories, the clock, airspaces, entries and exits, false positions."""
