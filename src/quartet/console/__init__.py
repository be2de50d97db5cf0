"""The doors for people: the HTTP API, its event stream, and later the page."""
