"""Seat plans: where the seats of a house are, whichever way that was said."""
