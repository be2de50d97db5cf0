"""One member's running service: what happens, over store and wire."""
