"""From a file's bytes to records and guesses, without a database."""
