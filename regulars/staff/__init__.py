"""Who works here: users, teams, stores, roles and who is online."""
