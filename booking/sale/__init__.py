"""The state of one event and what each call makes of it.

Not safe for threads: the engine that owns a sale guards it. May import ``domain`` and ``plans``.
"""
