"""Hard cases of our own making: two customers as written, and what they are to each other.

Each line: what it is about, one, the other, the relation, and whether it is said at all (sure
enough to be shown). `w` writes a person as “first | last | email | phone | street, town, code”;
`firm` a company. Free to use for anybody's matcher.
"""

from __future__ import annotations

from typing import Any

from regulars.matching.features import Written

A = "12 Elm St, Ann Arbor, 48103"
B = "900 Packard Rd Apt 4, Ann Arbor, 48104"
FAR = "77 Ocean Ave, Miami, 33139"
M1, M2, M3 = "734-222-0142", "734-222-0199", "313-444-0117"
SAME, REVIEW, HOME, WORK, NO = "duplicate", "review", "household", "colleague", "none"


def w(text: str, born: str = "", company: str = "", region: str = "US") -> Written:
    first, last, email, phone, home = (part.strip() for part in (text + "||||").split("|")[:5])
    return Written(
        first, last, company, False, [e for e in email.split() if e],
        [phone] if phone else [], _home(home), born, region,
    )  # fmt: skip


def firm(text: str) -> Written:
    name, email, phone, home = (part.strip() for part in (text + "|||").split("|")[:4])
    return Written("", "", name, True, email.split(), [phone] if phone else [], _home(home))


def _home(text: str) -> list[tuple[str, str, str, str, str]]:
    if not text:
        return []
    street, town, code = ([p.strip() for p in text.split(",")] + ["", ""])[:3]
    return [(street, "", town, code, "")]


CASES: list[tuple[str, Any, Any, str]] = [
    # The same person, written otherwise.
    ("the same twice", w(f"Ann|Lee|ann@lee.io|{M1}|{A}"), w(f"Ann|Lee|ann@lee.io|{M1}|{A}"), SAME),
    ("capitals", w(f"ANN|LEE||{M1}"), w(f"ann|lee||{M1}"), SAME),
    ("accents", w(f"José|Muñoz||{M1}"), w(f"Jose|Munoz||{M1}"), SAME),
    ("composed and decomposed", w(f"Zoë|Krüger||{M1}"), w(f"Zoë|Krüger||{M1}"), SAME),
    ("umlaut as ue", w(f"Jürgen|Müller||{M1}|{A}"), w(f"Juergen|Mueller||{M1}|{A}"), SAME),
    ("sharp s", w(f"Max|Strauß||{M1}"), w(f"Max|Strauss||{M1}"), SAME),
    ("stroke letters", w(f"Søren|Østergård||{M1}"), w(f"Soren|Ostergard||{M1}"), SAME),
    ("apostrophe", w(f"Pat|O'Brien||{M1}"), w(f"Pat|OBrien||{M1}"), SAME),
    ("curly apostrophe and space", w(f"Pat|O’Neil||{M1}"), w(f"Pat|O Neil||{M1}"), SAME),
    ("Mc with a space", w(f"Ian|McDonald||{M1}"), w(f"Ian|Mc Donald||{M1}"), SAME),
    ("particles", w(f"Luis|de la Cruz||{M1}"), w(f"Luis|De La Cruz||{M1}"), SAME),
    ("van der run together", w(f"Jan|van der Berg||{M1}"), w(f"Jan|Vanderberg||{M1}"), SAME),
    ("a title", w(f"Dr. Amy|Wong||{M1}"), w(f"Amy|Wong||{M1}"), SAME),
    ("a degree", w(f"Amy|Wong, MD||{M1}"), w(f"Amy|Wong||{M1}"), SAME),
    ("a whole name in the first field", w(f"Amy Wong|||{M1}"), w(f"Amy|Wong||{M1}"), SAME),
    ("a whole name in the last field", w(f"|Amy Wong||{M1}"), w(f"Amy|Wong||{M1}"), SAME),
    ("last name first with a comma", w(f"|Wong, Amy||{M1}"), w(f"Amy|Wong||{M1}"), SAME),
    ("swapped fields", w(f"Wong|Amy||{M1}|{A}"), w(f"Amy|Wong||{M1}|{A}"), SAME),
    ("swapped fields by email", w("Garcia|Luis|lg7@aol.com"), w("Luis|Garcia|lg7@aol.com"), SAME),
    ("a typo in the first name", w(f"Micheal|Stone||{M1}"), w(f"Michael|Stone||{M1}"), SAME),
    ("a typo in the last name", w(f"Ada|Bonenfant||{M1}"), w(f"Ada|Bonnenfant||{M1}"), SAME),
    ("spelled as heard", w(f"Katherine|Smyth||{M1}"), w(f"Catherine|Smith||{M1}"), SAME),
    ("heard: Phillips", w(f"Joan|Phillips||{M1}|{A}"), w(f"Joan|Filips||{M1}|{A}"), SAME),
    ("two letters turned", w(f"Brian|Thomas||{M1}"), w(f"Brain|Thomas||{M1}"), SAME),
    # Nicknames.
    ("Bill is William", w(f"Bill|Hart||{M1}"), w(f"William|Hart||{M1}"), SAME),
    ("Bob is Robert", w("Bob|Frost|bf@x.org"), w("Robert|Frost|bf@x.org"), SAME),
    ("Rob and Bob", w("Rob|Frost|bf@x.org"), w("Bob|Frost|bf@x.org"), SAME),
    ("Liz is Elizabeth", w(f"Liz|Tran||{M1}|{A}"), w(f"Elizabeth|Tran||{M1}|{A}"), SAME),
    ("Peggy is Margaret", w(f"Peggy|Kane||{M1}"), w(f"Margaret|Kane||{M1}"), SAME),
    ("Jack is John", w(f"Jack|Ruiz||{M1}|{A}"), w(f"John|Ruiz||{M1}|{A}"), SAME),
    ("Pepe is José", w(f"Pepe|Lara||{M1}"), w(f"José|Lara||{M1}"), SAME),
    ("Paco is Francisco", w(f"Paco|Lara||{M1}"), w(f"Francisco|Lara||{M1}"), SAME),
    ("Sasha is Alexander", w(f"Sasha|Ivanov||{M1}"), w(f"Alexander|Ivanov||{M1}"), SAME),
    ("Kate is Katherine, by email", w("Kate|Bush|kb@z.net"), w("Katherine|Bush|kb@z.net"), SAME),
    ("Mary Ann run together", w(f"Mary Ann|Poe||{M1}"), w(f"Maryann|Poe||{M1}"), SAME),
    ("with and without a hyphen", w(f"Jean-Luc|Roy||{M1}"), w(f"Jean Luc|Roy||{M1}"), SAME),
    ("only an initial, and their mailbox", w(f"J.|Osborne|jo77@me.com|{M1}|{A}"),
     w(f"Janet|Osborne|jo77@me.com|{M1}|{A}"), SAME),
    ("only an initial, where a family shares", w(f"J.|Osborne||{M1}|{A}"),
     w(f"Janet|Osborne||{M1}|{A}"), REVIEW),
    ("two names a letter apart", w(f"Ronnie|Torlonia||{M1}|{A}"), w(f"Connie|Torlonia||{M1}|{A}"),
     HOME),
    ("father and son, who share a short form in lists", w(f"William|Cain|william@x.example|{M1}|{A}"),
     w(f"Robert|Cain|robert@x.example|{M1}|{A}"), HOME),
    ("brother and sister, names alike", w(f"Michael|Geisel||{M1}|{A}"),
     w(f"Michelle|Geisel||{M1}|{A}"), HOME),
    ("brother and sister, her name made of his", w(f"Daniel|Ott||{M1}|{A}", "2003-03-03"),
     w(f"Daniela|Ott||{M1}|{A}", "2003-03-03"), HOME),
    ("brothers, names that rhyme", w(f"Jayden|Ott||{M1}|{A}"), w(f"Kayden|Ott||{M1}|{A}"), HOME),
    ("brother and sister with rare names", w(f"Amir|Haddad||{M1}|{A}"),
     w(f"Amira|Haddad||{M1}|{A}"), HOME),
    ("a letter wrong in a rare name", w(f"Jayden|Ott||{M1}|{A}"), w(f"Jaydne|Ott||{M1}|{A}"), SAME),
    ("father and son, another number", w(f"Robert|Klinemann||{M1}|{A}"),
     w(f"Robert|Klinemann||{M2}|{A}"), REVIEW),
    ("another number at home, one birthday", w(f"Robert|Klinemann||{M1}|{A}", "1961-07-09"),
     w(f"Robert|Klinemann||{M2}|{A}", "1961-07-09"), SAME),
    ("called by the middle name", w(f"J. Robert|Hale||{M1}"), w(f"Robert|Hale||{M1}"), SAME),
    ("a middle initial", w(f"Robert J|Hale||{M1}"), w(f"Robert|Hale||{M1}"), SAME),
    # Other scripts.
    ("Cyrillic", w(f"Иван|Петров||{M1}"), w(f"Ivan|Petrov||{M1}"), SAME),
    ("Cyrillic, other spelling", w(f"Сергей|Чехов||{M1}"), w(f"Sergei|Chekhov||{M1}"), SAME),
    ("Ukrainian", w(f"Юлія|Бондар||{M1}|{A}"), w(f"Yulia|Bondar||{M1}|{A}"), SAME),
    ("Greek", w(f"Γιώργος|Παππάς||{M1}|{A}"), w(f"Giorgos|Pappas||{M1}|{A}"), SAME),
    ("the same in Chinese", w(f"小明|王||{M1}"), w(f"小明|王||{M1}"), SAME),
    ("two in Chinese", w(f"小明|王||{M1}|{A}"), w(f"丽娜|王||{M1}|{A}"), HOME),
    ("Mohammed in three spellings", w(f"Muhammad|Khan||{M1}"), w(f"Mohamed|Khan||{M1}"), SAME),
    # Mailboxes.
    ("Gmail dots", w("Al|Fox|al.fox@gmail.com"), w("Al|Fox|alfox@gmail.com"), SAME),
    ("Gmail plus", w("Al|Fox|alfox+deals@gmail.com"), w("Al|Fox|alfox@gmail.com"), SAME),
    ("googlemail", w("Al|Fox|alfox@googlemail.com"), w("Al|Fox|a.l.fox@gmail.com"), SAME),
    ("plus at Outlook", w("Al|Fox|afx+1@outlook.com"), w("Al|Fox|afx@outlook.com"), SAME),
    ("a mistyped domain", w("Al|Fox|alfox@gmial.com"), w("Al|Fox|alfox@gmail.com"), SAME),
    (".con for .com", w("Al|Fox|alfox@aol.con"), w("Al|Fox|alfox@aol.com"), SAME),
    ("one of two addresses", w("Al|Fox|a@q.org b9@q.org"), w("Al|Fox|b9@q.org"), SAME),
    ("same name at another provider", w(f"Uma|Zorn|uma.zorn@aol.com||{A}"),
     w(f"Uma|Zorn|uma.zorn@gmail.com||{A}"), SAME),
    ("a letter off in the mailbox", w("Uma|Zorn|umazornik@aol.com"),
     w("Uma|Zorn|umazornk@aol.com"), SAME),
    ("a mailbox made up", w("Ed|Moss|none@none.com"), w("Flo|Birch|none@none.com"), NO),
    ("noemail twice", w("Ed|Moss|noemail@gmail.com"), w("Ed|Nash|noemail@gmail.com"), NO),
    # Numbers.
    ("seven ways to write a number", w("Di|Ash||(734) 222-0142"), w("Di|Ash||+1 734.222.0142"),
     SAME),
    ("with an extension", w("Di|Ash||734-222-0142 x12"), w("Di|Ash||7342220142"), SAME),
    ("a digit off", w(f"Di|Ashford||734-222-0142|{A}"), w(f"Di|Ashford||734-222-0143|{A}"), SAME),
    ("zeros for a number", w("Di|Ash||000-000-0000"), w("Flo|Birch||000-000-0000"), NO),
    ("nines for a number", w("Di|Ash||999-999-9999"), w("Di|Birch||999-999-9999"), NO),
    ("a number abroad", w("Jo|Kerr||+44 20 7946 0018"), w("Jo|Kerr||+442079460018"), SAME),
    ("a number of their own country", w("Jo|Kerr||020 7946 0018", region="GB"),
     w("Jo|Kerr||+44 20 7946 0018"), SAME),
    # Places.
    ("Street and St", w("Eva|Lund|||12 Elm Street, Ann Arbor, 48103"), w(f"Eva|Lund|||{A}"), SAME),
    ("a direction more", w("Eva|Lund|||12 N Elm St, Ann Arbor, 48103"), w(f"Eva|Lund|||{A}"), SAME),
    ("ZIP plus four", w("Eva|Lund|||12 Elm St, Ann Arbor, 48103-1234"), w(f"Eva|Lund|||{A}"), SAME),
    ("no ZIP", w("Eva|Lundqvist|||12 Elm St, Ann Arbor"), w(f"Eva|Lundqvist|||{A}"), SAME),
    ("a flat forgotten", w("Eva|Lund|||900 Packard Rd, Ann Arbor, 48104"), w(f"Eva|Lund|||{B}"),
     SAME),
    ("a street misspelled", w("Eva|Lund|||900 Pakard Rd, Ann Arbor, 48104"), w(f"Eva|Lund|||{B}"),
     SAME),
    ("the kind of street misspelled", w("Eva|Lund|||900 Packard Avneue, Ann Arbor, 48104"),
     w("Eva|Lund|||900 Packard Avenue, Ann Arbor, 48104"), SAME),
    ("the kind run together with the street", w("Eva|Lund|||12 Elmstreet, Ann Arbor, 48103"),
     w(f"Eva|Lund|||{A}"), SAME),
    ("Fifth and 5th", w("Eva|Lund|||80 Fifth Ave, Flint, 48502"),
     w("Eva|Lund|||80 5th Avenue, Flint, 48502"), SAME),
    ("a post box", w("Eva|Lund|||P.O. Box 88, Flint, 48502"), w("Eva|Lund|||PO Box 88, Flint, 48502"),
     SAME),
    ("house number behind", w("Eva|Lund|||Hauptstraße 12, Köln, 50667"),
     w("Eva|Lund|||Hauptstr. 12, Köln, 50667"), SAME),
    # Lives change.
    ("moved, same number", w(f"Ida|Bell||{M1}|{A}"), w(f"Ida|Bell||{M1}|{FAR}"), SAME),
    ("moved, same email", w(f"Ida|Bell|ib4@me.com||{A}"), w(f"Ida|Bell|ib4@me.com||{FAR}"), SAME),
    ("new number, same email", w(f"Ida|Bell|ib4@me.com|{M1}"), w(f"Ida|Bell|ib4@me.com|{M2}"), SAME),
    ("married, same email and number", w(f"Ida|Bell|ib4@me.com|{M1}"),
     w(f"Ida|Novak|ib4@me.com|{M1}"), SAME),
    ("married, both names", w(f"Ida|Bell||{M1}"), w(f"Ida|Bell-Novak||{M1}"), SAME),
    ("two family names, one written", w(f"Luz|García López||{M1}"), w(f"Luz|Garcia||{M1}"), SAME),
    ("same birthday, name and area", w(f"Ida|Bell|||{A}", "1980-02-03"),
     w("Ida|Bell|||5 Oak Ct, Saline, 48176", "1980-02-03"), SAME),
    ("day and month turned", w(f"Ida|Bell||{M1}", "1980-02-03"), w(f"Ida|Bell||{M1}", "1980-03-02"),
     SAME),
    ("swapped and misspelled", w(f"Wng|Amelia||{M1}|{A}"), w(f"Amelia|Wong||{M1}|{A}"), SAME),
    ("swapped, both misspelled", w(f"Kowalsky|Danuta||{M1}|{A}"), w(f"Danutta|Kowalski||{M1}|{A}"),
     SAME),
    ("a handle taken along to another provider", w("John|Smith|bigjohn635@aol.com"),
     w("John|Smith|bigjohn635@gmail.com"), SAME),
    ("two of one name at two providers", w("John|Smith|john.smith@aol.com"),
     w("John|Smith|johnsmith@gmail.com"), NO),
    ("two of one name, one number in the mailbox apart", w("John|Smith|jsmith24@aol.com"),
     w("John|Smith|jsmith27@aol.com"), NO),
    ("the code mistyped", w("Eva|Lundqvist|||12 Elm St, Ann Arbor, 48103"),
     w("Eva|Lundqvist|||12 Elm St, Ann Arbor, 43108"), SAME),
    # Households.
    ("Patrick and Patricia, both a Pat", w(f"Patrick|Lamore||{M1}|{A}"),
     w(f"Patricia|Lamore||{M1}|{A}"), HOME),
    ("a couple", w(f"Tom|Reed||{M1}|{A}"), w(f"Sue|Reed||{M1}|{A}"), HOME),
    ("a couple with one mailbox", w(f"Tom|Reed|reeds@aol.com||{A}"),
     w(f"Sue|Reed|reeds@aol.com||{A}"), HOME),
    ("a couple with all in common", w(f"Tom|Reed|reeds@aol.com|{M1}|{A}"),
     w(f"Sue|Reed|reeds@aol.com|{M1}|{A}"), HOME),
    ("two names, one home", w(f"Tom|Reed||{M1}|{A}"), w(f"Sue|Park||{M1}|{A}"), HOME),
    ("sisters", w(f"Ana|Diaz||{M1}|{A}"), w(f"Eva|Diaz||{M2}|{A}"), HOME),
    ("twins, one birthday", w(f"Tim|Cole||{M1}|{A}", "2001-04-05"),
     w(f"Kim|Cole||{M1}|{A}", "2001-04-05"), HOME),
    ("mother and son with one number", w(f"Rosa|Vega||{M1}"), w(f"Luis|Vega||{M1}"), HOME),
    ("different initials", w(f"T.|Reed||{M1}|{A}"), w(f"S.|Reed||{M1}|{A}"), HOME),
    ("Jr and Sr", w(f"John|Hill Jr||{M1}|{A}"), w(f"John|Hill Sr||{M1}|{A}"), HOME),
    ("Jr. and III", w(f"John|Hill, Jr.||{M1}|{A}"), w(f"John|Hill III||{M1}|{A}"), HOME),
    ("Junior in the first field", w(f"John Jr|Hill||{M1}|{A}"), w(f"John|Hill Sr.||{M1}|{A}"), HOME),
    ("Jr beside nothing, nothing shared but home", w(f"John|Hill Jr|jh9@q.org|{M1}|{A}"),
     w(f"John|Hill|bigj@aol.com|{M2}|{A}"), REVIEW),
    ("Jr beside nothing, at one home", w(f"John|Hill Jr|||{A}"), w(f"John|Hill|||{A}"), REVIEW),
    ("Jr beside nothing, same email", w(f"John|Hill Jr|jh9@q.org||{A}"),
     w(f"John|Hill|jh9@q.org||{A}"), SAME),
    ("the same Jr", w(f"John|Hill Jr||{M1}|{A}"), w(f"John|Hill, Jr.||{M1}|{A}"), SAME),
    ("one name, one home, all else apart", w(f"John|Hill|jh9@q.org|{M1}|{A}"),
     w(f"John|Hill|xpert@aol.com|{M2}|{A}"), REVIEW),
    ("one name, two birthdays", w(f"John|Hill||{M1}|{A}", "1950-01-02"),
     w(f"John|Hill||{M1}|{A}", "1979-08-30"), REVIEW),
    ("no first name, same number", w(f"|Reed||{M1}|{A}"), w(f"Sue|Reed||{M1}|{A}"), REVIEW),
    ("no first name, only a home", w(f"|Reed|||{A}"), w(f"Sue|Reed|||{A}"), NO),
    # Strangers.
    ("nothing in common", w(f"Tom|Reed|tr@q.org|{M1}|{A}"), w(f"Flo|Birch|fb@z.net|{M3}|{FAR}"), NO),
    ("a common name far away", w(f"James|Smith|js1@q.org|{M1}|{A}"),
     w(f"James|Smith|smithy@z.net|{M3}|{FAR}"), NO),
    ("a common name in one town", w(f"James|Smith|js1@q.org|{M1}|{A}"),
     w("James|Smith|smithy@z.net|313-444-0117|4 Oak Ct, Ann Arbor, 48103"), NO),
    ("only a last name", w("Tom|Reed"), w("Sue|Reed"), NO),
    ("a common name and nothing else", w("James|Smith"), w("James|Smith"), NO),
    ("neighbours", w(f"Tom|Reed||{M1}|12 Elm St, Ann Arbor, 48103"),
     w(f"Flo|Birch||{M2}|14 Elm St, Ann Arbor, 48103"), NO),
    ("tenants of one house", w(f"Tom|Reed|tr@q.org|{M1}|{A}"), w(f"Flo|Birch|fb@z.net|{M2}|{A}"), NO),
    # At work.
    ("one office mailbox", w("Tom|Reed|info@acme.com"), w("Flo|Birch|info@acme.com"), WORK),
    ("colleagues", w(f"Tom|Reed|tom@acme.com|{M1}", company="Acme"),
     w(f"Flo|Birch|flo@acme.com|{M1}", company="Acme Inc"), WORK),
    ("the same person at work", w(f"Tom|Reed|tom@acme.com|{M1}", company="Acme"),
     w("Tom|Reed|tom@acme.com"), SAME),
    ("a person and their firm", w(f"Tom|Reed||{M1}|{A}", company="Reed Plumbing"),
     firm(f"Reed Plumbing LLC||{M1}|{A}"), WORK),
    # Companies.
    ("Inc.", firm(f"Acme Supply, Inc.||{M1}"), firm(f"Acme Supply||{M1}"), SAME),
    ("dotted letters", firm(f"Acme Supply L.L.C.||{M1}"), firm(f"Acme Supply LLC||{M1}"), SAME),
    ("The", firm(f"The Book Nook||{M1}"), firm(f"Book Nook||{M1}"), SAME),
    ("ampersand", firm(f"Smith & Sons||{M1}"), firm(f"Smith and Sons Co.||{M1}"), SAME),
    ("abbreviated", firm(f"Dell Bros Mfg||{M1}"), firm(f"Dell Brothers Manufacturing||{M1}"), SAME),
    ("Centre and Center", firm(f"Garden Centre||{M1}|{A}"), firm(f"Garden Center||{M1}|{A}"), SAME),
    ("GmbH", firm("Weber Möbel GmbH|info@weber-moebel.de"),
     firm("Weber Mobel|kontakt@weber-moebel.de"), SAME),
    ("words the other way round", firm(f"Motors Kowalski||{M1}"), firm(f"Kowalski Motors||{M1}"),
     SAME),
    ("a typo", firm(f"Wolverine Outfiters||{M1}|{A}"), firm(f"Wolverine Outfitters||{M1}|{A}"),
     SAME),
    ("by domain alone", firm("Bluebird Toys|hi@bluebirdtoys.com"),
     firm("Bluebird Toys Inc|orders@bluebirdtoys.com"), SAME),
    ("longer name", firm(f"Bluebird Toys|a@bluebird.com|{M1}"),
     firm(f"Bluebird Toys of Michigan|b@bluebird.com|{M1}"), REVIEW),
    ("two branches", firm(f"Tire Kingdom||{M1}|{A}"), firm(f"Tire Kingdom||{M3}|{FAR}"), NO),
    ("two firms under one roof", firm(f"Acme Supply||{M1}|{A}"), firm(f"Zenith Dental||{M2}|{A}"), NO),
    ("renamed, all else the same", firm(f"Acme Supply|a@acme.com|{M1}|{A}"),
     firm(f"Zenith Partners|z@acme.com|{M1}|{A}"), REVIEW),
    ("one word in common", firm(f"Main Street Bakery||{M1}|{A}"),
     firm(f"Main Street Barbers||{M2}|{A}"), NO),
]  # fmt: skip
