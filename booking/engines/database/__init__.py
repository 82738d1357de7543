"""The engine that keeps everything in SQLite or PostgreSQL.

Its rules are those of ``sale``; SQL only stores and finds. Does not know the other engine.
"""
