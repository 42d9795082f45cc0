"""A made-up pack: a tailor, the smallest trade that uses every socket."""
