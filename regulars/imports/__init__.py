"""Files in: a table somebody has becomes customers, staff or history, and no row is lost unsaid."""
