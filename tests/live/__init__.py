"""Tests over real sockets: the service runs in its own process, as it is deployed."""
