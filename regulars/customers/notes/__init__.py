"""What notes are made of: their details, whom they mention, and how they are read."""
