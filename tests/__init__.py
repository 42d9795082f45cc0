"""The whole house, tested: its rules, its addresses, its journeys, and what tests call on."""
