"""What a run would do with each record: reads the database, writes nothing."""
