"""Measure how fast the service is, beside other servers. Run ``python -m benchmarks``."""
