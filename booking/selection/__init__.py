"""Which seats are best, and which choice leaves a single seat alone."""
