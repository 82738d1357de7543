"""The server: waitress with its sockets, threads, processes, signals and access log.

Knows the settings, and nothing of seats.
"""
