"""Several profiles become one, and can come apart again: the rule, what moves, and the journal."""
