"""The conversation with Django's migrations and the database: what is run, in what order, and what is written down."""
