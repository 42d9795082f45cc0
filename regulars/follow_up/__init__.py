"""What is due, and for whom: tasks about customers."""
