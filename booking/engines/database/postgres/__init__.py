"""PostgreSQL: its URL, connections, transactions, and what its errors mean."""
