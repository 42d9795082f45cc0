"""The log: what happened with each customer, who is waiting, and for how long."""
