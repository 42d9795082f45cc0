"""The grammar of criteria as people type them, and the parser that goes through it.

    either = all { "or" all }
    all    = not { [ "and" ] not }
    not    = { "not" } [ "-" ] one
    one    = "(" either ")" | "everyone" | "nobody" | have | fact
    have   = ( "has" | "with" | "has no" | "no" | "without" ) [ how many ] things
           | how many things | things how many | things when
    things = [ article ] { adjective } thing [ "(" [ either ] ")" ] [ when ]
    fact   = a field, or one of a thing as `thing.field`, with its comparison and its values

`counting` reads how many, `spoken` the adjectives, `values` what follows a field.
"""

from regulars.criteria import when
from regulars.criteria.admit import admitted
from regulars.criteria.counting import COUNTED, how_many, so_many
from regulars.criteria.fields import (
    COMPARISONS,
    KEYWORDS,
    Asking,
    CustomerField,
    Fields,
    at_place,
    find_either,
    find_own,
    find_thing,
)
from regulars.criteria.language import (
    EVERYONE,
    MOST_DEPTH,
    MOST_FACTS,
    NOBODY,
    Criteria,
    CriteriaError,
    Fact,
    Group,
    Has,
    UnknownField,
    said,
)
from regulars.criteria.spoken import OPENING, described, hint, longest_name
from regulars.criteria.things import ARTICLES, Thing
from regulars.criteria.tokens import Token
from regulars.criteria.values import Tail

AFTER_THING = ("for", "in", "within", "since", "before", "after", "until", "on")


def _is_time(words: list[str]) -> bool:
    """Whether these words begin with a time, even one too far off."""
    try:
        return when.read(words) is not None
    except OverflowError:
        return True


class Parser:
    """One pass over the tokens, of which `tail` is what is left.

    `deepest` is the last parenthesis that was opened: what is wrong with all of it is shown there.
    """

    def __init__(self, tokens: list[Token], asking: Asking, fields: Fields) -> None:
        self.tail = Tail(tokens, 0, asking)
        self.fields = fields
        self.facts = 0
        self.depth = 0
        self.deepest = tokens[0]

    def whole(self) -> Criteria:
        """All of the text, as it was written; raises CriteriaError with the place."""
        if self.tail.next.kind == "end":
            return EVERYONE
        found = self._either()
        rest = self.tail.next
        if rest.kind != "end":
            raise CriteriaError(f"{said(rest.text)} is not expected", rest.at)
        return found

    def _either(self) -> Criteria:
        branches = [self._all()]
        while self.tail.next.low == "or":
            self.tail.take()
            branches.append(self._all())
        return branches[0] if len(branches) == 1 else Group("any", tuple(branches))

    def _all(self) -> Criteria:
        members = [self._not()]
        while self._goes_on():
            members.append(self._not())
        return members[0] if len(members) == 1 else Group("all", tuple(members))

    def _goes_on(self) -> bool:
        token = self.tail.next
        if token.low == "and":
            self.tail.take()
            return True
        closing = token.kind == "sign" and token.text == ")"
        return token.kind != "end" and not closing and token.low != "or"

    def _not(self) -> Criteria:
        negated = False
        while self.tail.next.low == "not":
            self.tail.take()
            negated = not negated
        if self._minus():
            negated = not negated
        found = self._one()
        return Group("none", (found,)) if negated else found

    def _minus(self) -> bool:
        """`-tag:VIP`, as other search boxes have it."""
        token = self.tail.next
        if token.kind != "word" or not token.text.startswith("-") or len(token.text) == 1:
            return False
        self.tail.tokens[self.tail.place] = Token("word", token.text[1:], token.at + 1, token.end)
        return True

    def _one(self) -> Criteria:
        token = self.tail.take()
        if token.kind == "sign" and token.text == "(":
            return self._parenthesis(token)
        if token.kind == "end":
            raise CriteriaError("Something is missing", token.at)
        if token.kind not in ("word", "quoted") or token.low in ("and", "or"):
            raise CriteriaError(f"A field is expected, not {said(token.text)}", token.at)
        return self._fact(token)

    def _parenthesis(self, opening: Token) -> Criteria:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise CriteriaError(f"Parentheses are nested more than {MOST_DEPTH} deep", opening.at)
        if opening.at > self.deepest.at:
            self.deepest = opening
        found = self._either()
        closing = self.tail.take()
        if closing.kind != "sign" or closing.text != ")":
            raise CriteriaError("A parenthesis is not closed", opening.at)
        self.depth -= 1
        return found

    def _count(self, token: Token) -> None:
        self.facts += 1
        if self.facts > MOST_FACTS:
            raise CriteriaError(f"There are more than {MOST_FACTS} conditions", token.at)

    def _fact(self, token: Token) -> Criteria:
        self._count(token)
        if token.low in ("everyone", "nobody") and self.tail.next.kind != "comparison":
            return EVERYONE if token.low == "everyone" else NOBODY
        if token.low == "has" or (token.low == "with" and self.fields.things):
            return self._has()
        if token.low in ("no", "without") and self.tail.next.kind in ("word", "quoted"):
            if self.tail.next.low in ARTICLES:
                self.tail.take()
            return Group("none", (self._had(self.tail.take()),))
        spoken = self._spoken(token)
        if spoken is not None:
            return spoken
        thing, field = self._named(token)
        ahead = self.tail.next
        if thing and field.type == "flag" and ahead.text in COMPARISONS:
            number = how_many(self.tail, self.fields)
            if number is not None:
                return so_many(Has(thing.key, Fact(field.key, "is", True)), *number)
        fields = self.fields if thing is None else self.fields.of(thing)
        self.tail.goes_on = lambda word: self._is_text(word, fields)
        found = self.tail.criteria(field)
        try:
            found = admitted(found, self.tail.asking, fields)
        except CriteriaError as error:
            raise at_place(error, token.at) from None
        return found if thing is None else Has(thing.key, found)

    def _spoken(self, token: Token) -> Criteria | None:
        """Of things without “has”: “more than 2 open tasks”, “tasks > 2”, “calls since 7 days”."""
        self.tail.place -= 1  # these ways of speaking begin with the token itself
        counted = how_many(self.tail, self.fields)
        if counted is not None:
            return so_many(self._had(self.tail.take()), *counted)
        found = described(self.tail.tokens[self.tail.place :], self.fields, self.tail.asking)
        self.tail.place += 1
        if token.kind != "word" or found is None or find_own(token.text, self.fields):
            return None
        ahead = self.tail.tokens[self.tail.place + found.words - 1]
        if ahead.kind == "comparison":
            had = Has(found.thing.key, Group("all", found.facts))
            self.tail.place += found.words - 1
            number = how_many(self.tail, self.fields, of=found.thing.key)
            if number is None:
                raise CriteriaError("How many? A whole number is expected", ahead.at)
            return so_many(had, *number)
        opens = ahead.kind == "sign" and ahead.text == "("
        if found.facts or opens or ahead.low in AFTER_THING or self._period_ahead(found.words - 1):
            return self._had(token)
        return None

    def _named(self, token: Token) -> tuple[Thing | None, CustomerField]:
        """The field of this name, which may be of several words: “last activity”."""
        own = find_own(token.text, self.fields)
        if own is not None:
            first, *rest = own.label.casefold().split()
            if token.low == first and self.tail.words(len(rest)) == rest:
                self.tail.place += len(rest)
            return None, self._since(own)
        ahead = [token.text, *self.tail.words(3)] if token.kind == "word" else []
        longest = longest_name(ahead, self.fields)
        if longest is not None:
            self.tail.place += longest[1] - 1
            return None, longest[0]
        try:
            return find_either(token.text, self.fields, token.at)
        except CriteriaError:
            meant = hint(token.text, self.fields, self.tail.asking)
            if meant is None:
                raise
            raise UnknownField(f"Unknown field {said(token.text)}", token.at, meant) from None

    def _since(self, own: CustomerField) -> CustomerField:
        """Since when, where that is said of a yes or no: “waiting > 3 days”, “waiting for 2 hours”,
        “waiting since yesterday”."""
        ahead, words = self.tail.next, self.tail.words(8)
        counted = next((len(w) for w in COUNTED if tuple(words[1 : len(w) + 1]) == w), 0)
        lasts = ahead.low == "for" and _is_time(words[counted + 1 :])
        asked = lasts or ahead.text in COMPARISONS or ahead.low == "since"
        began = self.fields.get(f"{own.key}_since") if own.type == "flag" and asked else None
        if began is not None and lasts:
            self.tail.tokens[self.tail.place] = Token("comparison", ">", ahead.at, ahead.end)
            self.tail.place += counted > 0
        return began or own

    def _is_text(self, word: Token, fields: Fields) -> bool:
        """Whether a word behind a text belongs to it, as the second of “name:ana lopez”: it is
        nothing in the language, nor nearly."""
        if word.low in OPENING or word.low in KEYWORDS or word.text.startswith("-"):
            return False
        try:
            find_either(word.text, fields)
        except CriteriaError as error:
            return error.suggestion is None and find_own(word.text, self.fields) is None
        return False

    def _has(self) -> Criteria:
        """“has suit”, “has a suit(colour:navy)”, “has no suit”, “has more than 2 suits”."""
        counted = how_many(self.tail, self.fields)
        if counted is not None:
            return so_many(self._had(self.tail.take()), *counted)
        token = self.tail.take()
        negated = token.low == "no"
        if token.low in ARTICLES:
            token = self.tail.take()
        found = self._had(token)
        return Group("none", (found,)) if negated else found

    def _had(self, token: Token) -> Has:
        """The thing of this name, what it must fit, and when: “suit(colour:navy) for 60 days”."""
        if token.kind not in ("word", "quoted"):
            known = ", ".join(self.fields.things.keys()) or "nothing here"
            raise CriteriaError(f"“has” needs what is had ({known})", token.at)
        ahead = self.tail.tokens[self.tail.place - 1 :]
        found = described(ahead, self.fields, self.tail.asking)
        thing = find_thing(token.text, self.fields, token.at) if found is None else found.thing
        self.tail.place += 0 if found is None else found.words - 1
        facts = () if found is None else found.facts
        where, moment = self._where(thing), self._when(thing)
        if facts or moment is not None:
            where = Group("all", (*facts, where, *([] if moment is None else [moment])))
        return Has(thing.key, where)

    def _when(self, thing: Thing) -> Criteria | None:
        """The time behind a thing that has one: “for 60 days”, “since 2026-01-01”."""
        ahead = self.tail.next
        field = ahead.low == "in" and self.tail.tokens[self.tail.place + 1].kind == "comparison"
        if not thing.moment or field or not (ahead.low in AFTER_THING or self._period_ahead()):
            return None
        fields = self.fields.of(thing)
        if ahead.low == "for":
            self.tail.tokens[self.tail.place] = Token("comparison", "<", ahead.at, ahead.end)
        return admitted(self.tail.criteria(fields[thing.moment]), self.tail.asking, fields)

    def _period_ahead(self, skipped: int = 0) -> bool:
        """“this week”, “yesterday”: by the calendar, and no field such as “last activity”."""
        words = self.tail.words(skipped + 5)[skipped:]
        return bool(words) and words[0] in (*when.WHICH, *when.DAY_WORDS) and _is_time(words)

    def _where(self, thing: Thing) -> Criteria:
        opening = self.tail.next
        if opening.kind != "sign" or opening.text != "(":
            return EVERYONE
        self.tail.take()
        outer, self.fields = self.fields, self.fields.of(thing)
        closing = self.tail.next
        if closing.kind == "sign" and closing.text == ")":
            self.tail.take()
            where: Criteria = EVERYONE
        else:
            where = self._parenthesis(opening)
        self.fields = outer
        return where
