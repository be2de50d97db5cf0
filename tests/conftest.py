"""What holds for every test."""

from hypothesis import settings

settings.register_profile("unhurried", settings.default, deadline=None)
"""A slow machine breaks no law: how long an example takes is for the benches to say."""
settings.load_profile("unhurried")
