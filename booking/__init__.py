"""A service that sells seats to many people at once, and none of them twice."""

from booking.app import create_app

__all__ = ["create_app"]
