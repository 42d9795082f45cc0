#!/usr/bin/env python
"""Django's usual door; the same as the `regulars` command."""

from regulars.__main__ import main

if __name__ == "__main__":
    main()
