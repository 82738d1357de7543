"""The README and the pages of docs/, followed word for word."""
