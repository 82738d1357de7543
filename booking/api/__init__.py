"""Endpoints for programs.

Each reads a request, calls one registry or box office, and describes the result. May import
``http`` and everything below it; nothing here knows a lock, a timer or SQL.
"""
