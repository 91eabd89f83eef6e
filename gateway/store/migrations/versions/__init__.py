"""The steps from an empty database to the tables of today, in order; they are only ever added to."""
