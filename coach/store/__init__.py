"""What the coach remembers: records in SQLite by default, in PostgreSQL by URL."""
