"""The shipped way to hash passwords at a price that tests can pay."""

from regulars.staff.sign_in.hashing import CappedArgon2


class CheapArgon2(CappedArgon2):
    memory_cost = 64
    time_cost = 1
