"""Open sources that an officer brings, read by a process that can open nothing: made by `reading.Clippings`."""
