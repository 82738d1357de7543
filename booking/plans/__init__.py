"""Seat plans.

Their model, how they are read, checked and drawn, and which names and ids they may have. Pure, and
the lowest room: it imports no other.
"""
