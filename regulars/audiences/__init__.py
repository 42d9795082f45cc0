"""Named criteria: the views colleagues save of the list, and audiences that are kept up to date."""
