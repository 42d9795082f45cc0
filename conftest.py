"""What every test can call on: databases, browsers, and the cast."""

pytest_plugins = [
    "tests.databases",
    "tests.browsers",
    "tests.cast",
    "tests.api",
    "tests.showroom",
    "tests.stops",
]
