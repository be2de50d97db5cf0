"""Quartet: an information-exchange centre for sovereign partners.

core says what is true, picture says what it means, node makes it happen over store and wire, sensors and console are
doors, cli is the key, exercise is the drill ground. What a room offers, it names in its `__init__`.
"""

__version__ = "0.1.0"
