"""Tests with a real browser, which show the page as people see it."""
