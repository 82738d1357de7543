"""How fast the service is, beside what it is compared with. Run ``python -m benchmarks``."""
