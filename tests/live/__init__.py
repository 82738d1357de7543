"""Tests over real sockets: the service in a process of its own, as it is deployed."""
