"""What follows a field's name, read by the field's type: its comparison and its values."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from regulars.criteria import when
from regulars.criteria.admit import admit_word
from regulars.criteria.fields import (
    KEYWORDS,
    Asking,
    CustomerField,
    at_place,
    choices_of,
)
from regulars.criteria.language import (
    Criteria,
    CriteriaError,
    Fact,
    Group,
    Value,
    said,
)
from regulars.criteria.tokens import Token, quote
from regulars.criteria.when import Ago, Period
from regulars.criteria.wordings import (
    AGES,
    ALL_OF,
    BETWEEN,
    DAYS,
    NUMBERS,
    TEXT_OPERATORS,
    WORDINGS,
)

YES = frozenset(["1", "yes", "true", "on", "y"])
NO = frozenset(["0", "no", "false", "off", "n"])
LONGEST_NAME = 6  # words of an unquoted name


class Tail:
    """A place in the tokens, moving on as values are read."""

    def __init__(self, tokens: list[Token], place: int, asking: Asking) -> None:
        self.tokens = tokens
        self.place = place
        self.asking = asking
        # Whether a word behind a text without quotes belongs to it; the reading knows.
        self.goes_on: Callable[[Token], bool] = lambda _: False

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.tokens[self.place]
        if token.kind != "end":
            self.place += 1
        return token

    def words(self, most: int) -> list[str]:
        """The plain words ahead, up to the next joint."""
        found = []
        for token in self.tokens[self.place : self.place + most]:
            if token.kind != "word" or token.low in ("and", "or"):
                break
            found.append(token.low)
        return found

    def criteria(self, field: CustomerField) -> Criteria:
        """What is said of the field from here on; raises CriteriaError with the place."""
        if field.type == "flag":
            return self._flag(field)
        start = self.next
        sign, negated = self._comparison(field)
        if sign is None:
            raise CriteriaError(self._unsigned(field), start.at)
        empty = sign in (":", "=") and "empty" in field.operators and self.next.low == "empty"
        if empty:
            self.take()
            found: Criteria = Fact(field.key, "empty")
        else:
            found = self._compared(field, sign, start)
        return Group("none", (found,)) if negated else found

    def _unsigned(self, field: CustomerField) -> str:
        such = f"(such as {example(field, self.asking)})"
        if _is_value(self.next):
            return f"“{field.key}” needs a sign before {said(self.next.text)} {such}"
        return f"“{field.key}” needs a value {such}"

    def _compared(self, field: CustomerField, sign: str, start: Token) -> Criteria:
        reader: Callable[[CustomerField, str, Token], Criteria] = self._words
        if field.type == "number":
            reader = self._numbers
        elif field.type == "date":
            reader = self._dates
        return reader(field, sign, start)

    def _flag(self, field: CustomerField) -> Criteria:
        yes: Criteria = Fact(field.key, "is", True)
        plain = self.next.kind == "comparison" or (
            self.next.low == "is" and not (YES | NO).isdisjoint(self.words(3)[1:])
        )
        if not plain:
            return yes
        negated = False
        while self.next.kind == "comparison" or self.next.low in ("is", "not"):
            token = self.take()
            negated ^= token.text == "!=" or token.low == "not"
        answer = self.take()
        if answer.text.casefold() not in YES | NO:
            raise CriteriaError(f"“{field.key}” is yes or no", answer.at)
        negated ^= answer.text.casefold() in NO
        return Group("none", (yes,)) if negated else yes

    def _comparison(self, field: CustomerField) -> tuple[str | None, bool]:
        sign: str | None = None
        if self.next.kind == "comparison":
            sign = self.take().text
            if sign == ":" and self.next.kind == "comparison":
                sign = self.take().text
            elif sign == ":" and not field.chosen:
                sign = self._wording(after_colon=True) or sign
        elif self.next.low == "empty" or (field.type == "date" and self._period_ahead()):
            sign = ":"
        else:
            sign = self._wording() or (":" if self._value_ahead(field) else None)
        return ("=", True) if sign == "!=" else (sign, False)

    def _period_ahead(self) -> bool:
        """“created this month”, without a sign."""
        first = self.next.low.partition("-")[0]
        return first in when.WHICH or first in when.DAY_WORDS

    def _value_ahead(self, field: CustomerField) -> bool:
        """“type lead”, “tag VIP”, “name ana”: a value without a sign."""
        token = self.next
        if token.kind == "quoted":
            return field.chosen or field.type == "text"
        choices = choices_of(field, self.asking) if field.chosen else None
        if choices is not None:
            words = self.words(LONGEST_NAME)
            known = any(choices.named(" ".join(words[:n])) for n in range(1, len(words) + 1))
            return known or (not field.open and self.goes_on(token))
        return field.type == "text" and token.kind == "word" and self.goes_on(token)

    def _wording(self, *, after_colon: bool = False) -> str | None:
        ahead = [token.low for token in self.tokens[self.place : self.place + 3]]
        for wording, sign in WORDINGS:
            if tuple(ahead[: len(wording)]) == wording:
                following = self.tokens[self.place + len(wording)]
                if after_colon and not _is_value(following):
                    return None
                self.place += len(wording)
                return sign
        return None

    def _list(self, read: Callable[[], None]) -> None:
        """Values between commas, in parentheses or not."""
        closed = self.next.text == "(" and self.next.kind == "sign"
        if closed:
            self.take()
        read()
        while self.next.kind == "sign" and self.next.text == ",":
            self.take()
            if _is_value(self.next):
                read()
        if closed:
            last = self.take()
            if last.text != ")" or last.kind != "sign":
                raise CriteriaError("A parenthesis is not closed", last.at)

    def _words(self, field: CustomerField, sign: str, start: Token) -> Criteria:
        if sign == ALL_OF and field.chosen:
            each: list[str] = []
            self._list(lambda: each.append(self._word(field)))
            return Group("all", tuple(Fact(field.key, "is", (word,)) for word in each))
        operators = {":": "is", "=": "is"} if field.chosen else TEXT_OPERATORS
        if sign not in operators:
            raise CriteriaError(f"“{field.key}” cannot be compared with {said(sign)}", start.at)
        found: list[str] = []
        self._list(lambda: found.append(self._word(field)))
        return Fact(field.key, operators[sign], tuple(found))

    def _word(self, field: CustomerField) -> str:
        token = self.next
        self._need_value(field, token)
        choices = choices_of(field, self.asking)
        if choices is not None and token.kind == "word":
            for length in range(len(self.words(LONGEST_NAME)), 1, -1):
                ahead = self.tokens[self.place : self.place + length]
                name = choices.named(" ".join(one.text for one in ahead))
                if name:
                    self.place += length
                    return name[0].value
        self.take()
        text = token.text
        while field.type == "text" and token.kind == "word" and self._text_ahead():
            text = f"{text} {self.take().text}"
        try:
            return admit_word(field, text, self.asking)
        except CriteriaError as error:
            raise at_place(error, token.at) from None

    def _text_ahead(self) -> bool:
        after = self.tokens[min(self.place + 1, len(self.tokens) - 1)]
        word = self.next.kind == "word" and self.next.low not in ("and", "or")
        return word and after.kind != "comparison" and self.goes_on(self.next)

    def _need_value(self, field: CustomerField, token: Token) -> None:
        if not _is_value(token):
            raise CriteriaError(
                f"“{field.key}” needs a value (such as {example(field, self.asking)})", token.at
            )

    def _two(self, field: CustomerField, read: Callable[[str], Criteria]) -> Criteria:
        """“5 and 10” behind “between”, in whichever order."""
        low = read(">=")
        if self.next.low not in ("and", "to"):
            raise CriteriaError(f"“{field.key} between” needs two values", self.next.at)
        self.take()
        high = read("<=")
        if isinstance(low, Fact) and isinstance(high, Fact) and _is_later(low.value, high.value):
            low, high = replace(low, value=high.value), replace(high, value=low.value)
        return Group("all", (low, high))

    def _numbers(self, field: CustomerField, sign: str, start: Token) -> Criteria:
        if sign == BETWEEN:
            return self._two(field, lambda sign: self._number(field, sign))
        found: list[Criteria] = []
        self._list(lambda: found.append(self._number(field, sign)))
        return found[0] if len(found) == 1 else Group("any", tuple(found))

    def _number(self, field: CustomerField, sign: str) -> Criteria:
        self._need_value(field, self.next)
        token = self.take()
        low, dots, high = token.text.partition("..")
        if dots and (low or high) and sign in (":", "="):
            return _between(
                field, *(_decimal(part, token) if part else None for part in (low, high))
            )
        if sign not in NUMBERS:
            raise CriteriaError(f"“{field.key}” cannot be compared with {said(sign)}", token.at)
        number = _decimal(token.text, token)
        value: Value = (number,) if NUMBERS[sign] == "=" else number
        return Fact(field.key, NUMBERS[sign], value)

    def _dates(self, field: CustomerField, sign: str, start: Token) -> Criteria:
        if sign == BETWEEN:
            return self._two(field, lambda sign: self._date(field, sign))
        found: list[Criteria] = []
        self._list(lambda: found.append(self._date(field, sign)))
        return found[0] if len(found) == 1 else Group("any", tuple(found))

    def _date(self, field: CustomerField, sign: str) -> Criteria:
        token = self.next
        self._need_value(field, token)
        try:
            days = _day_range(token.text)
            if days is not None and sign in (":", "="):
                self.take()
                return _between(field, *days)
            words = self._time_words()
            read = when.read(words)
            today = self.asking.now.astimezone(self.asking.zone).date()
            days_of = when.read_days(words, today) if read is None else None
        except OverflowError:
            raise CriteriaError("That time is too far off", token.at) from None
        if days_of is not None:
            self.place += days_of[2]
            return _within(field, sign, days_of[0], days_of[1], token)
        if read is None:
            raise CriteriaError(
                f"{said(token.text)} is no time (such as 2026-11-01, 7 days ago, "
                "last 7 days or this month)",
                token.at,
                when.meant(token.text),
            )
        self.place += read[1]
        return _dated(field, sign, read[0], token)

    def _time_words(self) -> list[str]:
        """The words ahead; “this-month”, “next-7-days” and quoted words are read one by one."""
        token = self.next
        parts = token.text.split() if token.kind == "quoted" else token.text.split("-")
        ahead = len(parts) == 3 and parts[0].casefold() in when.WHICH
        if token.kind == "quoted" or ((len(parts) == 2 or ahead) and all(parts)):
            cut = [Token("word", part, token.at, token.end) for part in parts]
            self.tokens[self.place : self.place + 1] = cut
        return self.words(5)


def _is_later(one: Value, other: Value) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one > other
    return isinstance(one, date) and isinstance(other, date) and one > other


def _dated(field: CustomerField, sign: str, value: when.When, token: Token) -> Criteria:
    table = AGES if isinstance(value, Ago) else DAYS
    operator = table.get(sign)
    if operator == "=" and isinstance(value, Period):
        operator = "in"
    if isinstance(value, Ago) and sign == "=" and token.low in (*when.WHICH, "the"):
        operator = "<"
    if operator is None:
        raise CriteriaError(
            f"“{field.key}” cannot be compared like that "
            f"({field.key} < 7 days ago is younger, > is older)",
            token.at,
        )
    return Fact(field.key, operator, value)


def _within(field: CustomerField, sign: str, first: date, last: date, token: Token) -> Criteria:
    """A comparison with some days: before their first, after their last, or among them."""
    operator = DAYS.get(sign)
    if operator == "=" and first < last:
        return _between(field, first, last)
    if operator is None:
        raise CriteriaError(f"“{field.key}” cannot be compared like that", token.at)
    return Fact(field.key, operator, first if operator in ("<", ">=", "=") else last)


def _between(
    field: CustomerField, low: Decimal | date | None, high: Decimal | date | None
) -> Criteria:
    facts: list[Criteria] = []
    if low is not None:
        facts.append(Fact(field.key, ">=", low))
    if high is not None:
        facts.append(Fact(field.key, "<=", high))
    return facts[0] if len(facts) == 1 else Group("all", tuple(facts))


def _day_range(word: str) -> tuple[date | None, date | None] | None:
    low, dots, high = word.partition("..")
    first, last = when.read_day(low), when.read_day(high)
    if not dots or (low and first is None) or (high and last is None) or not (low or high):
        return None
    return first, last


def _decimal(word: str, token: Token) -> Decimal:
    plain = word.isascii() and len(word) <= 20 and not word.strip("+-.0123456789")
    try:
        number = Decimal(word) if plain else None
    except InvalidOperation:
        number = None
    if number is None:
        raise CriteriaError(f"{said(token.text)} is not a number", token.at)
    return number


def _is_value(token: Token) -> bool:
    return token.kind == "quoted" or (token.kind == "word" and token.low not in ("and", "or"))


def example(field: CustomerField, asking: Asking) -> str:
    """How a value of this field is written, shown when one is missing."""
    if field.type == "number":
        return f"{field.key} >= 4"
    if field.type == "date":
        return f"{field.key} < 7 days ago"
    first = next(iter(choices_of(field, asking) or ()), None)
    word = "Ana" if first is None else first.value
    return f"{field.key}:{bare(word)}"


def bare(word: str) -> str:
    """A value as it is written: plain when it reads back as itself, else in quotes."""
    plain = word[:1].isalnum() and all(c.isalnum() or c in "_.@-" for c in word)
    return word if plain and word.casefold() not in KEYWORDS else quote(word)
