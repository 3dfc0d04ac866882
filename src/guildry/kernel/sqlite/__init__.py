"""Django's SQLite with a fair queue of writers: SQLite itself lets waiters poll, and the unlucky ones starve."""
