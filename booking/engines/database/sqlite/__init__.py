"""SQLite: its file, connections, transactions, and what its errors mean."""
