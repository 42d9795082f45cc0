"""The ways people word a comparison, and which operator each is for which type of field."""

# The longest wording first, so that “is not” is not read as “is”.
WORDINGS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("is", "not", "in"), "!="),
    (("is", "not"), "!="),
    (("is", "in"), ":"),
    (("is",), "="),
    (("not", "in"), "!="),
    (("not",), "!="),
    (("in", "the"), ":"),
    (("in",), ":"),
    (("within", "the"), ":"),
    (("within",), ":"),
    (("starts", "with"), "starts"),
    (("starts",), "starts"),
    (("contains",), "contains"),
    (("older", "than"), "older"),
    (("younger", "than"), "younger"),
    (("newer", "than"), "younger"),
    (("more", "than"), ">"),
    (("less", "than"), "<"),
    (("at", "least"), ">="),
    (("at", "most"), "<="),
    (("on", "or", "after"), "since"),
    (("on", "or", "before"), "until"),
    (("on",), "="),
    (("before",), "before"),
    (("after",), "after"),
    (("since",), "since"),
    (("until",), "until"),
)
TEXT_OPERATORS = {":": "starts", "=": "=", "starts": "starts", "contains": "contains"}
# With “7 days ago”, < and > speak of the age; before and after of the moment.
AGES = {
    ":": "<",
    "<": "<",
    "<=": "<",
    "younger": "<",
    "after": "<",
    "since": "<",
    ">": ">",
    ">=": ">",
    "older": ">",
    "before": ">",
    "until": ">",
}
DAYS = {
    ":": "=",
    "=": "=",
    "<": "<",
    "before": "<",
    "older": "<",
    "<=": "<=",
    "until": "<=",
    ">": ">",
    "after": ">",
    "younger": ">",
    ">=": ">=",
    "since": ">=",
}
NUMBERS = {":": "=", "=": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
