"""Data and load: `python -m seed` fills a database, `python -m seed.simulate` plays against the service."""
