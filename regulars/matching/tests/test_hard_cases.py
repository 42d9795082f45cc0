"""The hard cases, each judged as somebody who knows them would."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.searching import put
from regulars.matching.certainty import is_certain
from regulars.matching.engines import engine
from regulars.matching.engines.preparing import Preparing
from regulars.matching.features import Written, features
from regulars.matching.judging import judge
from regulars.matching.scoring import score, shipped

from .everybody import everybody, firms, laid_out
from .hard_cases import CASES, FAR, HOME, M1, M2, NAMES, A, firm, w


@pytest.mark.parametrize(
    ("one", "other", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_two_customers_are_to_each_other_what_somebody_who_knows_them_would_say(
    one: Written, other: Written, expected: str
) -> None:
    a, b = features(one), features(other)
    there, back = judge(a, b, shipped()), judge(b, a, shipped())
    shown = ", ".join(reason.shown for reason in there.reasons)
    assert there.said == expected, f"{there.weight:.1f}: {shown}"
    assert (there.said, there.levels) == (back.said, back.levels)
    assert there.weight == pytest.approx(back.weight, abs=1e-9)


@pytest.mark.parametrize(("names", "at_home", "of_one_birthday"), NAMES)
def test_names_nearly_alike_are_one_person_a_family_or_somebodys_to_judge(
    names: str, at_home: str, of_one_birthday: str
) -> None:
    def said(born: str, other: str) -> str:
        first, second = names.split()
        a = features(w(f"{first}|Ott||{M1}|{A}", born))
        b = features(w(f"{second}|Ott||{M1}|{A}", other))
        there, back = judge(a, b, shipped()), judge(b, a, shipped())
        assert (there.said, there.levels) == (back.said, back.levels)
        assert not (is_certain(there) and at_home != "duplicate")
        return there.said

    assert said("", "") == at_home
    assert said("1980-02-03", "1980-02-03") == of_one_birthday
    if at_home in (HOME, "review"):
        assert said("1980-02-03", "1982-05-09") == HOME


def test_typing_and_batch_give_20_000_pairs_the_same_levels_and_bits(tmp_path: Path) -> None:
    them = everybody()
    pairs = laid_out(tmp_path, them)
    assert len(pairs) == 20_000
    files = (tmp_path / "people_p.parquet", tmp_path / "drawn.parquet")
    found = list(engine("duckdb").score("p", *files, shipped(), -1000.0))
    assert {(one.a, one.b) for one in found} == set(pairs)
    ours = {pair: score(them[pair[0]], them[pair[1]], shipped()) for pair in pairs}
    assert all(one.levels == ours[one.a, one.b].levels for one in found)
    assert max(abs(one.weight - ours[one.a, one.b].weight) for one in found) < 1e-9


def test_typing_and_batch_give_pairs_of_firms_the_same_levels_and_bits(tmp_path: Path) -> None:
    them = firms()
    pairs = laid_out(tmp_path, them, len(them) * 10)
    files = (tmp_path / "people_c.parquet", tmp_path / "drawn.parquet")
    found = list(engine("duckdb").score("c", *files, shipped(), -1000.0))
    assert {(one.a, one.b) for one in found} == set(pairs)
    ours = {pair: score(them[pair[0]], them[pair[1]], shipped()) for pair in pairs}
    assert all(one.levels == ours[one.a, one.b].levels for one in found)
    assert max(abs(one.weight - ours[one.a, one.b].weight) for one in found) < 1e-9


def test_there_are_more_than_a_hundred_and_no_two_are_called_alike() -> None:
    names = [case[0] for case in CASES]
    assert len(set(names)) == len(names) > 100


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        (w(f"John|Hill|jhill@q.org|{M1}|{A}"), w(f"John|Hill|jhill@q.org|{M1}|{A}"), True),
        (w("Bill|Hart|william.hart@q.org"), w("William|Hart|william.hart@q.org"), True),
        (w(f"John|Hill||{M1}|{A}", "1980-02-03"), w(f"John|Hill||{M1}|{A}", "1980-02-03"), True),
        (w(f"John|Hill||{M1}|{A}"), w(f"John|Hill||{M1}|{A}"), False),
        (w(f"John|Hill|hillfamily@q.org|{M1}|{A}"), w(f"John|Hill|hillfamily@q.org||{A}"), False),
        (w("J.|Osborne|janet.osborne@q.org"), w("Janet|Osborne|janet.osborne@q.org"), True),
        (w("Wong|Amelia|amelia.wong@q.org"), w("Amelia|Wong|amelia.wong@q.org"), True),
        (w(f"Joan|Hill||{M1}|{A}"), w(f"Joan|Hill||{M1}|{A}"), True),
        (w(f"Lindsay|Hill||{M1}|{A}"), w(f"Lindsey|Hill||{M1}|{A}"), False),
        (w(f"J.|Hill||{M1}|{A}"), w(f"Joan|Hill||{M1}|{A}"), False),
        (w("John|Hill Jr|jhill@q.org"), w("John|Hill|jhill@q.org"), False),
        (w(f"Tom|Reed|reeds@q.org|{M1}|{A}"), w(f"Sue|Reed|reeds@q.org|{M1}|{A}"), False),
        (w(f"Noah|Ott||{M1}|{A}", "2003-03-03"), w(f"Noa|Ott||{M1}|{A}", "2003-03-03"), False),
        (w(f"Julia|Ott||{M1}|{A}", "2003-03-03"), w(f"Julie|Ott||{M1}|{A}", "2003-03-03"), False),
        (w("Noah|Ott|noah.ott@q.org"), w("Noa|Ott|noah.ott@q.org"), True),
        (w(f"Petronella|Hill||{M1}|{A}"), w(f"Petronella|Hill||{M1}|{A}"), False),
    ],
    ids=["initial and mailbox", "nickname and mailbox", "birthday", "all that a father and son "
         "share", "the mailbox of the family", "a letter and the whole name in the mailbox",
         "swapped", "women are not called as their mothers", "sisters", "a letter and a family",
         "one a Jr", "spouses", "twins with nearly one name", "twins with names for each other",
         "a letter and the mailbox of the name", "a woman of a rare name"],
)  # fmt: skip
def test_beyond_doubt_is_only_what_a_family_does_not_share(
    one: Written, other: Written, certain: bool
) -> None:
    assert is_certain(judge(features(one), features(other), shipped())) is certain


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        (w(f"Kim|Hill||{M1}|{A}"), w(f"Kim|Hill||{M2}|{A}"), False),
        (w(f"Lisa|Hill|melissahill@q.org||{A}"), w(f"Lisa|Hill|ahill@r.org||{A}"), False),
        (w(f"Kim|Hill|kh@q.org|{M1}|{A}"), w(f"Kim|Hill|office@r.org|{M1}|{A}"), True),
        (w(f"Kim|Hill|||{A}"), w(f"Kim|Hill||{M1}|{A}"), True),
        (w(f"Joan|Hill|||{A}"), w(f"Joan|Reginald||{M1}|{A}"), False),
        (w(f"Price|Cody|pricefamily@q.org|{M1}|{A}"), w("Price|Shelly|pricefamily@q.org"), False),
        (w("Emma|Thorne|||9 Oak St Apt 4, Troy, 48084"),
         w("Emma|Thorne|||9 Oak St Apt 17, Troy, 48084"), False),
        (w("Emma|Thorne|||9 Oak St Apt 4, Troy, 48084"),
         w("Emma|Thorne|||9 Oak St #4, Troy, 48084"), True),
        (w("Emma|Thorne|et4@q.org"), w(f"Emma|Thorne||{M1}|{A}"), False),
    ],
    ids=["another number", "another mailbox", "one number, another mailbox", "one gave none",
         "another last name", "swapped, with the mailbox of the family", "another flat",
         "one flat", "a name and nothing else"],
)  # fmt: skip
def test_a_home_and_a_womans_name_are_not_beyond_doubt_however_rare_the_name(
    one: Written, other: Written, certain: bool
) -> None:
    judged = judge(features(one), features(other), shipped())
    rare = replace(judged, score=replace(judged.score, weight=20.0))
    assert is_certain(rare) is certain


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        (firm("Tire Kingdom|al@tirekingdom.com"), firm("Tire Kingdom|bo@tirekingdom.com"), False),
        (firm(f"Tire Kingdom|al@tirekingdom.com||{A}"),
         firm(f"Tire Kingdom Inc|bo@tirekingdom.com||{A}"), True),
        (firm(f"Tire Kingdom|al@q.org|{M1}|{A}"), firm(f"Tire Kingdom|al@q.org|{M1}|{FAR}"), True),
        (firm("Heritage Farms|heritagefarms@gmail.com"),
         firm(f"Heritage Farms|heritagefarms@gmail.com|{M1}"), True),
        (firm(f"Noeldner Consulting||{M1}|{A}"), firm(f"Noeldner Accounting||{M1}|{A}"), False),
    ],
    ids=["name and domain", "name and address", "name and number", "name and mailbox",
         "two trades of one owner"],
)  # fmt: skip
def test_branches_share_name_and_domain_so_that_is_not_beyond_doubt(
    one: Written, other: Written, certain: bool
) -> None:
    judged = judge(features(one), features(other), shipped())
    sure = replace(judged, score=replace(judged.score, weight=20.0))
    assert is_certain(sure) is certain


def test_a_domain_of_three_areas_says_nothing_of_which_branch_it_is(tmp_path: Path) -> None:
    codes = ["48103", "33139", "60601", "98101"]
    branches = [
        features(firm(f"Tire Kingdom|s{n}@tirekingdom.com||{n} Elm St, Town, {code}"))
        for n, code in enumerate(codes, 1)
    ]
    alone = [
        features(firm(f"Book Nook|{who}@booknook.com||{A}"))
        for who in ("ann", "ben", "cleo", "dan")
    ]
    them = dict(enumerate([*branches, *alone], 1))
    put(tmp_path, them)
    preparing = Preparing(tmp_path)
    weights = preparing.learn(shipped(), preparing.read())
    kept = preparing.con.execute("SELECT id, domains FROM likeness ORDER BY id").fetchall()
    preparing.close()
    assert weights.shared["domain"] == {"tirekingdom.com"}
    assert [bool(domains) for _, domains in kept] == [False] * 4 + [True] * 4
    assert judge(them[1], them[2], weights).score.at("domain") == ""
    assert judge(them[5], them[6], weights).score.at("domain") == "same"
