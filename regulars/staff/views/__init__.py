"""The pages of the staff room: thin, each one action or query."""
