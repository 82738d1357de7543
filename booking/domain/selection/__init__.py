"""Which free seats are best together, and which choice leaves a seat single.

Pure functions of sets of seats. The rest of ``domain`` does not know this room.
"""
