"""The pages of Marketing, and of the customer list's views."""
