"""The rules of seats, locks, bookings and sales, as frozen values and pure functions.

No thread, no I/O and no clock: a function that depends on the time is given it. May import
``plans``.
"""
