"""The pages people live in: Now, the customer list, the customer page, quick actions, search."""
