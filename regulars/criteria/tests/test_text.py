"""Criteria typed and written back."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.criteria import text
from regulars.criteria.language import Criteria, CriteriaError, Fact, Group

from .made_up import FIELDS, asking, trees

ISSUE = (
    'waiting and owner:me and (tag:VIP or last_activity < 7 days ago) and not tag:"Recently sold"'
)


def read(typed: str) -> Criteria:
    return text.read(typed, asking(), FIELDS)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("", ""),
        ("   ", ""),
        ("everyone", ""),
        ("nobody", "nobody"),
        ("waiting", "waiting"),
        ("waiting:yes", "waiting"),
        ("waiting = 0", "not waiting"),
        ("waiting is no and mine", "not waiting and mine"),
        ("waiting != no", "waiting"),
        ("owner:me", "owner:me"),
        ("Owner = ME", "owner:me"),
        ("tailor:mine", "owner:me"),
        ("owner:unassigned", "owner:unassigned"),
        ("owner:empty", "owner:unassigned"),
        ("owner:none", "owner:unassigned"),
        ('owner:"Ana Lopez"', 'owner:"Ana Lopez"'),
        ("owner:ana lopez waiting", 'owner:"Ana Lopez" and waiting'),
        ("owner:“ana  LOPEZ”", 'owner:"Ana Lopez"'),
        ("owner:'Ana Lopez'", 'owner:"Ana Lopez"'),
        ("owner:“ben o’brien”", 'owner:"Ben O\'Brien"'),
        ("owner:me,unassigned", "owner:me,unassigned"),
        ("owner:me , unassigned,", "owner:me,unassigned"),
        ("owner:me or owner:unassigned", "owner:me,unassigned"),
        ("owner != me", "not owner:me"),
        ("owner is not me", "not owner:me"),
        ("team:mine", "team:mine"),
        ("team:my team", "team:mine"),
        ("team:North Lake", 'team:"North Lake"'),
        ("type:lead", "type:lead"),
        ("type:walk in", "type:walk_in"),
        ("type in (lead, prospect)", "type:lead,prospect"),
        ("type not in (lead, prospect)", "not type:lead,prospect"),
        ("tag:vip", "tag:VIP"),
        ("tag:Unheard", "tag:Unheard"),
        ('tag:"empty"', 'tag:"empty"'),
        ("tag:empty", "tag:empty"),
        ("tag empty", "tag:empty"),
        ("tag is not empty", "not tag:empty"),
        ("tag not empty", "not tag:empty"),
        ("-tag:VIP", "not tag:VIP"),
        ("!waiting", "not waiting"),
        ("not not waiting", "waiting"),
        ("type lead", "type:lead"),
        ("owner me waiting", "owner:me and waiting"),
        ("tag any of (VIP, LOYAL)", "tag:VIP,LOYAL"),
        ("tag is one of VIP,LOYAL", "tag:VIP,LOYAL"),
        ("tag none of (VIP, LOYAL)", "not tag:VIP,LOYAL"),
        ("tag all of (VIP, LOYAL)", "tag:VIP and tag:LOYAL"),
        ("name:ana lopez", 'name:"ana lopez"'),
        ("name ana lopez waiting", 'name:"ana lopez" and waiting'),
        ("name:ana lopez and waiting", 'name:"ana lopez" and waiting'),
        ("name:ana tag:VIP", "name:ana and tag:VIP"),
        ("more than 2 suits", "has at least 3 suit"),
        ("more than two suits", "has at least 3 suit"),
        ("at least one navy suit", "suit.colour:navy"),
        (
            "two navy suits",
            "has at least 2 suit(colour:navy) and not has at least 3 suit(colour:navy)",
        ),
        ("3 or more suits", "has at least 3 suit"),
        ("two or fewer suits and waiting", "not has at least 3 suit and waiting"),
        ("has two or more suits", "has at least 2 suit"),
        ("waiting for an answer and mine", "waiting and mine"),
        ("waiting > 3 days", "waiting_since > 3 days ago"),
        ("waiting < 2 hours and mine", "waiting_since < 2 hours ago and mine"),
        ("waiting for 3 days", "waiting_since > 3 days ago"),
        ("waiting for more than 3 days or mine", "waiting_since > 3 days ago or mine"),
        ("waiting for less than a week", "waiting_since < 1 week ago"),
        ("waiting since 2026-11-01", "waiting_since >= 2026-11-01"),
        ("waiting since yesterday", "waiting_since >= yesterday"),
        ("waiting more than 2 suits", "waiting and has at least 3 suit"),
        ("not waiting > 3 days", "not waiting_since > 3 days ago"),
        ("mine or more than 2 suits", "mine or has at least 3 suit"),
        ("suits this month", "suit.ready in this month"),
        ("navy suits yesterday", "has suit(colour:navy and ready in yesterday)"),
        ("suits last 7 days or waiting", "suit.ready < 7 days ago or waiting"),
        ("at least 2 navy suits", "has at least 2 suit(colour:navy)"),
        ("fewer than 2 suits and waiting", "not has at least 2 suit and waiting"),
        ("suits >= 2", "has at least 2 suit"),
        ("navy suits", "suit.colour:navy"),
        ("no navy suits", "not suit.colour:navy"),
        ("without suit", "not has suit"),
        ("without any suits", "not has suit"),
        ("with 2 suits", "has at least 2 suit and not has at least 3 suit"),
        ("suits since 2026-01-01", "suit.ready >= 2026-01-01"),
        ("suit(colour:navy)", "suit.colour:navy"),
        ("last activity < 7 days", "last_activity < 7 days ago"),
        ("created < seven days ago", "created < 7 days ago"),
        ("created older than a month", "created > 1 month ago"),
        (
            "created between 2026-02-01 and 2026-01-01",
            "created >= 2026-01-01 and created <= 2026-02-01",
        ),
        ("intent between 4 and 2", "intent >= 2 and intent <= 4"),
        (
            "created between 2026-01-01 and 2026-02-01",
            "created >= 2026-01-01 and created <= 2026-02-01",
        ),
        ("created in november 2025", "created >= 2025-11-01 and created <= 2025-11-30"),
        ("created in nov. 2025", "created >= 2025-11-01 and created <= 2025-11-30"),
        ("created in 2025", "created >= 2025-01-01 and created <= 2025-12-31"),
        ("created on 1 nov 2025", "created = 2025-11-01"),
        ("created on november 1 2025", "created = 2025-11-01"),
        ("created after feb 2024", "created > 2024-02-29"),
        ("created < 7 days ago", "created < 7 days ago"),
        ("created:7d", "created < 7 days ago"),
        ("created in last 7 days", "created < 7 days ago"),
        ("created within the last 7 days", "created < 7 days ago"),
        ("created younger than 7 days", "created < 7 days ago"),
        ("created since 7 days ago", "created < 7 days ago"),
        ("created >= 1 day ago", "created > 1 day ago"),
        ("created older than 3 months", "created > 3 months ago"),
        ("created before 3 months ago", "created > 3 months ago"),
        ("created before 2026-11-01", "created < 2026-11-01"),
        ("created on or after 2026-11-01", "created >= 2026-11-01"),
        ("created = 2026-11-01", "created = 2026-11-01"),
        ("created:2026-11-01..2026-11-30", "created >= 2026-11-01 and created <= 2026-11-30"),
        ("created:2026-11-01..", "created >= 2026-11-01"),
        ("created = 2026-11-01, 2026-11-03", "created = 2026-11-01 or created = 2026-11-03"),
        ("created:today", "created in today"),
        ("created this-month", "created in this month"),
        ("suit.ready within the next 2 weeks", "suit.ready in next 2 weeks"),
        ("suit.ready next 10 days", "suit.ready in next 10 days"),
        ("suit.ready <= next 3mo", "suit.ready <= next 3 months"),
        ("last-activity in this month", "last_activity in this month"),
        ('"last activity" > 90 days ago', "last_activity > 90 days ago"),
        ('created:"last 7 days"', "created < 7 days ago"),
        ("last_activity:empty", "last_activity:empty"),
        ("intent >= 4", "intent >= 4"),
        ("intent ≥ 4.0", "intent >= 4"),
        ("intent at least 4", "intent >= 4"),
        ("intent:4,5", "intent = 4,5"),
        ("intent:2..4", "intent >= 2 and intent <= 4"),
        ("spent > -2.50", "spent > -2.5"),
        ("name:starts", 'name:"starts"'),
        ("name:an", "name:an"),
        ("name starts with an", "name:an"),
        ("name:starts an", "name:an"),
        ("name contains an, bo", "name contains an,bo"),
        ('name = "Ana Lopez"', 'name = "Ana Lopez"'),
        ("WAITING   AND\tNOT tag:VIP", "waiting and not tag:VIP"),
        ("waiting && tag:VIP || mine", "(waiting and tag:VIP) or mine"),
        ("waiting or mine and tag:VIP", "waiting or (mine and tag:VIP)"),
        ("waiting mine tag:VIP", "waiting and mine and tag:VIP"),
        ("not (waiting or mine)", "not (waiting or mine)"),
        ("((((waiting))))", "waiting"),
        ("has suit", "has suit"),
        ("HAS a Suit", "has suit"),
        ("has any suits waiting", "has suit and waiting"),
        ("has no suit", "not has suit"),
        ("not has no suit", "has suit"),
        ("no suit", "not has suit"),
        ("no suit for 60 days", "not suit.ready < 60 days ago"),
        ("mine and no suits in the last 60 days", "mine and not suit.ready < 60 days ago"),
        (
            "no suit(colour:navy) since 2026-01-01",
            "not has suit(colour:navy and ready >= 2026-01-01)",
        ),
        ("has a suit in this month waiting", "suit.ready in this month and waiting"),
        ("has more than 2 suits", "has at least 3 suit"),
        ("has > 2 suit(colour:navy)", "has at least 3 suit(colour:navy)"),
        ("has at least 1 suit", "has suit"),
        ("has at least 0 suits", ""),
        ("has fewer than 3 suits", "not has at least 3 suit"),
        ("has at most 2 suits(paid)", "not has at least 3 suit(paid)"),
        ("has at most 0 suits", "not has suit"),
        ("has less than 0 suits", "nobody"),
        ("has 2 suits", "has at least 2 suit and not has at least 3 suit"),
        (
            "has exactly 2 suits and mine",
            "has at least 2 suit and not has at least 3 suit and mine",
        ),
        ("has =0 suit", "not has suit"),
        (
            "not has >=2 suit(colour:navy or paid) for 1 month",
            "not has at least 2 suit((colour:navy or paid) and ready < 1 month ago)",
        ),
        ("has suit()", "has suit"),
        ("has suit(everyone)", "has suit"),
        ("has suit(nobody)", "nobody"),
        ("not has suit(nobody)", ""),
        ("has suit(colour:navy)", "suit.colour:navy"),
        ("suit.color = Navy", "suit.colour:navy"),
        ("Suits.Colour is dark green", "suit.colour:dark_green"),
        ("suit.colour:has", 'suit.colour:"has"'),
        ("suit.colour:navy,dark_green", "suit.colour:navy,dark_green"),
        ("suit.colour != navy", "has suit(not colour:navy)"),
        ("not suit.colour:navy", "not suit.colour:navy"),
        ("suit.colour empty", "suit.colour:empty"),
        ("suit.paid", "suit.paid"),
        ("suit.paid:no", "has suit(not paid)"),
        ("suit.ready < 7 days ago", "suit.ready < 7 days ago"),
        ("suit.price:100..200", "has suit(price >= 100 and price <= 200)"),
        (
            "has suit (colour:navy ready this month) or mine",
            "has suit(colour:navy and ready in this month) or mine",
        ),
        ("has suit and (waiting or mine)", "has suit and (waiting or mine)"),
        (
            "has suit(colour:navy or (price > 9 and not (paid or ready:empty)))",
            "has suit(colour:navy or (price > 9 and not (paid or ready:empty)))",
        ),
        ("tag:has", 'tag:"has"'),
        (ISSUE, ISSUE),
    ],
)
def test_what_is_typed_forgivingly_is_written_in_one_form(typed: str, written: str) -> None:
    assert text.write(read(typed)) == written
    assert text.write(read(written)) == written


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ownr:me", "owner:me"),
        ("waiting and wating or mine", "waiting and waiting or mine"),
        ("owner:Bn", """owner:"Ben O'Brien\""""),
        ('owner:"Bn" and waiting', """owner:"Ben O'Brien" and waiting"""),
        ("type:lead,prospekt", "type:lead,prospect"),
        ("suit", "has suit"),
        ("suit.colr:navy", "suit.colour:navy"),
        ("mine and has suit(colr:navy)", "mine and has suit(colour:navy)"),
        ("ownr:me and wating", "owner:me and wating"),  # one after the other
        ("zebra", ""),
        ("waiting:perhaps", ""),
        ("owner:", ""),
        ('tag:"VIP', ""),
    ],
)
def test_what_was_meant_is_written_where_it_went_wrong(typed: str, meant: str) -> None:
    with pytest.raises(CriteriaError) as wrong:
        read(typed)
    assert text.mended(typed, wrong.value, asking(), FIELDS) == meant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("unassigned", "Unknown field “unassigned” at 1. Did you mean “owner:unassigned”?"),
        ("vip", "Unknown field “vip” at 1. Did you mean “tag:VIP”?"),
        ("more than suits", "How many? A whole number is expected at 11."),
        (
            "suit:navy@acme.test",
            "How many? A whole number is expected "
            "(“suit” is counted; to find words, type them alone) at 6.",
        ),
        ("type foo", "There is no type “foo” (only lead, prospect, walk_in) at 6."),
        ("name ends with son", "“name” cannot be compared with “ends with” at 6."),
        ("more than many suits", "How many? A whole number is expected at 11."),
        ("created foo", "“created” needs a sign before “foo” (such as created < 7 days ago) at 9."),
        ("created between 2026-01-01", "“created between” needs two values at 27."),
        (
            "created < 11/30/2025",
            "“11/30/2025” is no time (such as 2026-11-01, 7 days ago, last 7 days or this month)"
            " at 11. Did you mean “2025-11-30”?",
        ),
        ("ownr:me", "Unknown field “ownr” at 1. Did you mean “owner”?"),
        ("waiting and wating", "Unknown field “wating” at 13. Did you mean “waiting”?"),
        ("zebra", "Unknown field “zebra” at 1."),
        ("owner:Bn", "There is no owner “Bn” at 7. Did you mean “Ben O'Brien”?"),
        ("type:lead,prospekt", "There is no type “prospekt” at 11. Did you mean “prospect”?"),
        ("owner", "“owner” needs a value (such as owner:me) at 6."),
        ("owner:", "“owner” needs a value (such as owner:me) at 7."),
        ("owner < me", "“owner” cannot be compared with “<” at 7."),
        ("waiting:perhaps", "“waiting” is yes or no at 9."),
        ("intent >= many", "“many” is not a number at 11."),
        ("intent:1e400", "“1e400” is not a number at 8."),
        ("intent:٤", "“٤” is not a number at 8."),
        ("intent:..", "“..” is not a number at 8."),
        ("intent > 99999999999999", "“intent” is compared with too large a number at 1."),
        (
            f"intent:{','.join(map(str, range(201)))}",
            "“intent” is compared with more than 200 values at 1.",
        ),
        ("suits last 9999999999 days", "That time is too far off at 7."),
        ("waiting for 9999999999 years", "That time is too far off at 13."),
        (
            "waiting > suit",
            "“suit” is no time (such as 2026-11-01, 7 days ago, last 7 days or this month) at 11.",
        ),
        ("created < 999999 days ago", "That time is too far off at 11."),
        ("created:0001-01-01", "That time is too far off at 9."),
        ('tag:"VIP', "A quotation mark is not closed at 5."),
        ("(waiting", "A parenthesis is not closed at 1."),
        ("type in (lead", "A parenthesis is not closed at 14."),
        ("waiting)", "“)” is not expected at 8."),
        ("waiting and", "Something is missing at 12."),
        ("and waiting", "A field is expected, not “and” at 1."),
        ("waiting or or mine", "A field is expected, not “or” at 12."),
        (": 7", "A field is expected, not “:” at 1."),
        ('tag:""', "“tag” needs at least one word at 5."),
        ("tag:a\x00b", "There is a character that cannot be typed at 6."),
        ("suit", "Unknown field “suit” at 1. Did you mean “has suit”?"),
        ("suit.colr:navy", "Unknown field “suit.colr” at 1. Did you mean “suit.colour”?"),
        ("suti.colour:navy", "Unknown field “suti.colour” at 1. Did you mean “suit.colour”?"),
        ("suit.colour:nvy", "There is no colour “nvy” at 13. Did you mean “navy”?"),
        ("suit.colour", "“colour” needs a value (such as colour:navy) at 12."),
        ("has", "“has” needs what is had (suit) at 4."),
        ("has (waiting)", "“has” needs what is had (suit) at 5."),
        ("has more than suits", "How many? A whole number is expected at 15."),
        ("has != 2 suits", "How many cannot be compared with “!=” at 8."),
        ("has 1001 suits", "Things are counted up to 1,000 at 5."),
        (f"has 1{'0' * 3_900} suits", "Things are counted up to 1,000 at 5."),
        ("has 00000000010000000000 suits", "Things are counted up to 1,000 at 5."),
        ("has more than 1000 suits", "“suit” is counted from 1 to 1,000 at 1."),
        ("no siut", "There is nothing called “siut” to have at 4. Did you mean “suit”?"),
        ("has 2", "“has” needs what is had (suit) at 6."),
        ("has siut", "There is nothing called “siut” to have at 5. Did you mean “suit”?"),
        ("mine and has suit(colr:navy)", "Unknown field “colr” at 19. Did you mean “colour”?"),
        ("has suit(owner:me)", "Unknown field “owner” at 10."),
        (
            "has suit(colour:navy) and colour:navy",
            "Unknown field “colour” at 27. Did you mean “suit.colour”?",
        ),
        ("has suit(has suit)", "There is nothing called “suit” to have at 14."),
        ("has suit(colour:navy", "A parenthesis is not closed at 9."),
        ("has suit(price < 99999999999999)", "“price” is compared with too large a number at 10."),
        ("(" * 13 + "waiting" + ")" * 13, "Parentheses are nested more than 12 deep at 13."),
    ],
)
def test_an_error_points_at_the_place(typed: str, sentence: str) -> None:
    with pytest.raises(CriteriaError) as raised:
        read(typed)
    assert str(raised.value) == sentence


@given(trees())
@example(Group("none", (Fact("tag", "is", ("a\\b", 'c"d”')),)))
@example(Group("any", ()))
def test_a_tree_reads_back_from_its_text(tree: Criteria) -> None:
    assert read(text.write(tree)) == tree


VOCABULARY = st.sampled_from(list("(),:=<>!\"“'’-& \x00\ud800\ufdfaß٣x")) | st.sampled_from(
    ["and", "or", "not", "is", "in", "with", "starts", "the", "last", "7", "days", "ago", ".."]
)
VOCABULARY |= st.sampled_from(
    ["owner", "tag", "created", "waiting", "intent", "name", "me", "VIP", "empty", "nobody"]
)
VOCABULARY |= st.sampled_from(
    ["has", "has suit", "has suit(", "suit.colour", "suit.paid", "suit.ready", "navy"]
)
VOCABULARY |= st.sampled_from(["2026", "2026-11-01", "this-month", "everyone", "1e5", ">=", "-3"])


@given(st.lists(VOCABULARY, max_size=30), st.sampled_from(["", " "]))
def test_any_typing_is_read_or_refused_with_a_sentence(parts: list[str], joint: str) -> None:
    try:
        found = read(joint.join(parts))
    except CriteriaError as error:
        said = str(error)
    else:
        assert read(text.write(found)) == found
        return
    assert said.endswith((".", "?"))
    assert said.encode()


MALICIOUS = {
    "deep": "(" * 4_000,
    "deep and closed": "(" * 1_990 + "waiting" + ")" * 1_990,
    "minus": "-" * 3_999 + "x",
    "nots and parentheses": "not(" * 13 + "waiting" + ")" * 13,
    "many": "waiting " * 499,
    "10,000 conditions": "waiting and " * 10_000 + "waiting",
    "long": "x" * 5_000_000,
    "values": "tag:" + "a," * 1_990,
    "names": "tag:" + " ".join(["VIP"] * 900),
    "days": "created:" + ",".join(f"{year}-11-01" for year in range(1900, 2150)),
    "hyphens": "created:" + ",".join(["this-dax"] * 440),
    "colons": "waiting" + ":" * 3_000,
    "signs": "<>=!:" * 800,
    "quotes": '"' * 4_000,
    "escapes": 'tag:"' + "\\" * 3_990,
    "backtracking": "name:" + "a" * 199 + "!" + "(a+)+$" * 300,
    "number": "intent > " + "9" * 3_900,
    "exponent": "intent > 1e999999999",
    "year": "created < " + "9" * 3_900 + " years ago",
    "NUL": "tag:\x00",
    "surrogate": "tag:\ud800",
    "lone field surrogate": "\udfff",
    "SQL": "owner:'; DROP TABLE customers; --",
    "or": "or " * 1_300,
    "word": "tag:" + "\ufdfa" * 3_900,
    "unknown": "{{7*7}} ${jndi:ldap://x} %s",
    "wide": "owner:" + "x" * 3_900,
}


@pytest.mark.parametrize("name", MALICIOUS)
def test_malice_is_refused_at_once_with_a_sentence(name: str) -> None:
    began = time.process_time()
    with pytest.raises(CriteriaError) as raised:
        read(MALICIOUS[name])
    assert time.process_time() - began < 0.5
    assert len(str(raised.value).encode()) < 300


@pytest.mark.parametrize("typed", ["not " * 990 + "waiting", "tag:" + "VIP," * 150 + "VIP"])
def test_what_is_odd_but_small_is_read_at_once(typed: str) -> None:
    assert read(typed) in (Fact("waiting", "is", True), Fact("tag", "is", ("VIP",)))


def test_one_ligature_is_not_unfolded_into_eighteen_letters() -> None:
    assert read("tag:" + "\ufdfa" * 200) == Fact("tag", "is", ("\ufdfa" * 200,))
