"""First names: what they are short for, how else they are spelled, and who is called so."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

from nicknames import NickNamer

_NICKNAMES = NickNamer()
# Short forms the package does not know, by how they are written in the languages around us.
_MORE = {
    "pepe": {"jose"}, "paco": {"francisco"}, "pancho": {"francisco"}, "nacho": {"ignacio"},
    "lupe": {"guadalupe"}, "chuy": {"jesus"}, "beto": {"alberto", "roberto"}, "memo": {"guillermo"},
    "sasha": {"alexander", "aleksandr", "alexandra"}, "misha": {"mikhail", "michael"},
    "mikhail": {"michael"}, "katya": {"ekaterina", "katherine"}, "ekaterina": {"katherine"},
    "vanya": {"ivan"}, "dima": {"dmitry"}, "kolya": {"nikolai"}, "natasha": {"natalia"},
    "olya": {"olga"}, "yura": {"yuri"}, "sergii": {"sergey"}, "serhii": {"sergey"},
    "lena": {"elena", "helen"}, "yelena": {"elena"}, "yevgeny": {"evgeny"}, "eugene": {"evgeny"},
    "hans": {"johannes"}, "jochen": {"joachim"}, "uli": {"ulrich"}, "seppe": {"josef"},
    "sepp": {"josef"}, "giorgos": {"georgios", "george"}, "georgios": {"george"},
    "yiannis": {"ioannis", "john"}, "ioannis": {"john"}, "giannis": {"ioannis", "john"},
    "kostas": {"konstantinos"}, "nikos": {"nikolaos", "nicholas"}, "joao": {"john"},
    "xavi": {"xavier"}, "mo": {"mohammed"}, "mohd": {"mohammed"}, "trey": set(),
    "chris": {"christopher", "christine", "christina", "christian"},
    "toni": {"antonia", "antoinette", "antonio", "anton"},
    "jule": {"julia", "julie"}, "drea": {"andrea"},
    "jerry": {"gerald", "jerome", "jeremiah"}, "teri": {"teresa"},
    "rick": {"richard", "frederick", "eric"}, "gabe": {"gabriel"}, "xander": {"alexander"},
    "izzy": {"isabel", "isabella"}, "bella": {"isabella"}, "manny": {"manuel", "emmanuel"},
    "jon": {"jonathan", "john", "jonas"}, "johann": {"johannes"}, "johan": {"johannes"},
    "max": {"maximilian", "maxim"}, "andi": {"andreas"},
    "basti": {"sebastian"},
    "flo": {"florian"}, "steffi": {"stefanie"}, "kathi": {"katharina"}, "susi": {"susanne"},
    "gabi": {"gabriele"}, "conny": {"cornelia"}, "heinz": {"heinrich"}, "fritz": {"friedrich"},
    "franzi": {"franziska"}, "quique": {"enrique"}, "kike": {"enrique"},
    "nando": {"fernando"}, "concha": {"concepcion"}, "lola": {"dolores"}, "chema": {"jose"},
    "barb": {"barbara"}, "liam": {"william"}, "gen": {"genevieve"}, "genny": {"genevieve"},
    "margot": {"marguerite", "margaret"}, "kate": {"katherine"}, "kati": {"katharina"},
    "kathe": {"katharina"}, "katja": {"katharina"}, "kaethe": {"katharina"},
    "hannes": {"johannes"}, "jan": {"johannes"}, "joop": {"johannes"}, "grete": {"margarete"},
    "gretel": {"margarete"}, "gretchen": {"margarete"}, "greta": {"margarete"},
    "elli": {"elisabeth"}, "sissi": {"elisabeth"}, "els": {"elisabeth"}, "elly": {"elisabeth"},
    "bep": {"elisabeth"}, "liesbeth": {"elisabeth"}, "lies": {"elisabeth"},
    "lisbeth": {"elisabeth"},
    "michi": {"michael", "michaela"}, "micha": {"michael"}, "heiner": {"heinrich"},
    "sanne": {"susanne"}, "christl": {"christine", "christina"}, "matze": {"matthias"},
    "hias": {"matthias"}, "wolle": {"wolfgang"}, "wolf": {"wolfgang"}, "rolf": {"rudolf"},
    "rudi": {"rudolf"}, "ralle": {"ralf"}, "moni": {"monika"}, "uschi": {"ursula"},
    "ulla": {"ursula"}, "resi": {"therese", "theresia"}, "vroni": {"veronika"}, "leni": {"helene"},
    "bini": {"sabine"}, "bine": {"sabine"}, "caro": {"caroline", "carolin"},
    "kees": {"cornelis"}, "cor": {"cornelis"}, "henk": {"hendrik"}, "wim": {"willem", "wilhelmus"},
    "ad": {"adrianus", "adriaan"}, "mieke": {"maria"}, "ria": {"maria"}, "riet": {"maria"},
    "gerard": {"gerardus"}, "ger": {"gerardus", "gerard"}, "piet": {"pieter", "petrus"},
    "peter": {"petrus"}, "pieter": {"petrus"}, "ton": {"antonius", "anton"},
    "toon": {"antonius", "anton"}, "koos": {"jacobus", "jacob"}, "jaap": {"jacobus", "jacob"},
    "theo": {"theodor", "theodorus"}, "sjaak": {"jacobus"}, "bram": {"abraham"},
    "klaas": {"nicolaas"}, "dirk": {"diederik"}, "joke": {"johanna"}, "ans": {"johanna"},
    "truus": {"geertruida"}, "tinus": {"martinus"}, "frans": {"franciscus"},
    "beppe": {"giuseppe"}, "peppe": {"giuseppe"}, "pino": {"giuseppe"}, "franco": {"francesco"},
    "checco": {"francesco"}, "cecco": {"francesco"}, "tonino": {"antonio"}, "gianni": {"giovanni"},
    "nino": {"antonino", "giovanni"}, "gigi": {"luigi"}, "pippo": {"filippo"}, "manolo": {"manuel"},
    "kasia": {"katarzyna"}, "gosia": {"malgorzata"}, "ola": {"aleksandra"}, "aga": {"agnieszka"},
    "tomek": {"tomasz"}, "krzysiek": {"krzysztof"}, "basia": {"barbara"}, "asia": {"joanna"},
    "magda": {"magdalena"}, "ania": {"anna"}, "piotrek": {"piotr"}, "wojtek": {"wojciech"},
    "jurek": {"jerzy"}, "janek": {"jan"}, "staszek": {"stanislaw"}, "zosia": {"zofia"},
    "kuba": {"jakub"}, "lasse": {"lars"}, "kalle": {"karl"}, "lisbet": {"elisabet"},
    "dom": {"dominic", "dominique"}, "fred": {"frederick", "frederic", "friedrich", "alfred"},
    "manu": {"manuel", "emmanuel", "manuela"}, "seb": {"sebastien", "sebastian"},
    "nico": {"nicolas", "nicola"}, "babs": {"barbara"}, "tonio": {"antonio"},
    "charo": {"rosario"}, "maite": {"maria"}, "chelo": {"consuelo"},
}  # fmt: skip
# What the package takes for one name: nobody called Robert goes by Bill, and an Anne is no Anna.
_OTHERS = {
    "robert": {"bill", "billy"}, "bill": {"robert"}, "billy": {"robert"}, "anne": {"anna"},
    "andrew": {"andrea"}, "andy": {"andrea"}, "louise": {"louis"}, "julia": {"julie"},
    "julie": {"julia"}, "maria": {"marietta"}, "marie": {"mary", "marietta", "rosemary"},
    "mary": {"marie", "marietta"}, "jane": {"jean", "jeanne"}, "jean": {"jane"}, "emily": {"emil"},
    "emma": {"emily", "emeline"}, "emmy": {"emma"}, "joan": {"joanna", "johannah"},
    "erin": {"aaron", "aron"},
    "clara": {"clarissa"}, "clarissa": {"clara"}, "hailey": {"hayley"}, "polly": {"paul"},
    "austin": {"augustine"}, "frederick": {"frederica"}, "claud": {"claudia"},
    "lucius": {"lucia"}, "felix": {"felicia"}, "justina": {"justin"}, "edwin": {"edwina"},
    "ernest": {"ernestine"}, "clement": {"clementine"}, "alexander": {"alexandria"},
}  # fmt: skip

# One name in forms that no rule of `spelled` brings together, the usual one first. Some are slips
# that somebody else bears as a name: a Jhon beside a John is John.
_FORMS = """
abdullah abdallah | abigail abigale abigayle | adrian adrain | ahmed ahmad achmed akhmed ahmet
aidan aiden aidyn | aimee amy | aisha ayesha | alan allen
alexander aleksandr aleksander oleksandr alexandr alexandre alexande | alfred alferd | alice alcie
ashley ashely | barbara barbra | bernard benard | brandon branden brandyn
brendan brenden brendon | brent bernt | brian brain | brianna breanna
brittany brittney britney brittnay brittny | cameron camron | caroline carolien | casey kacey
charles charls charle | chelsea chelsey | cheryl sheryl | christine kristien
christopher christoper christophe | claire clare | clarence clarnce | cynthia cyntha
darren darin daren darrin | darryl darrell | david davi | deborah debra debroah debrah
dmitry dimitri dmytro | dominique dominque | donald donal | dorothy dorthy
dwayne duane dwyane dwane | eleanor elinor elenor | elizabeth elizbeth | emily emely | eric erich
ernest ernst | evgeny yevgeny evgenii eugeny | fatima fatma | fernando fernand | francis franci
francisco francisc | frederick fredrick | george gorge | gerald jerald gearld | gerard jerard
gillian jillian | graham graeme | hailey haley | hayden haden | hussein husain hossein hussain
ian iain | ibrahim ebrahim | isabel isobel | isaiah isiah | jacqueline jacquelyn jacquline
james jame | jamie jaime | jasmine yasmin | jayden jaden jaydon | jeff geoff
jeffrey geoffrey jeffery | jeremy jermey | jerry gerry | john jhon jonh | johnathan johathan
jonathan jonathon | joseph joesph josep | katelyn caitlin
katherine catherine kathryn katharine katheryn | kathryn kathyrn | kayden kaden | keith kieth
kenneth kennth | khalid khaled | kristen kristin kirsten kirstin | laura luara
lauren laurin loren | lawrence laurence | leonard lenard | lindsey lindsay linsey | lori laurie
mackenzie mckenzie makenzie | makayla makala | maksym maxim | margaret margret | maria maira
marie maire | mckenna makenna | meagan maegan | megan meghan meagan
michael micheal mikael michal michale mihael | michaela mikayla makayla mckayla micheala mihaela
mohammed muhammad mohammad muhammed mohamad | natasha natasa | neil neal | nicolas niclas
nikolai mykola | olivia oliva | omar umar | patricia patrica | peter petr petre | philip pilip
phoebe phebe | rachel rachael racheal | raymond raymon | reginald reginal | renee rene
ronald ronal | rosemary rosemarie | said saeed | samantha samatha | sean shawn shaun
sheila shiela shelia | sherry cheri shari | stephanie stephaine | steven stephen stephan
stuart stewart | tamara tamra | taylor tylor | teresa therese | terrence terrance
theodore thedore | theresa thresa tresa | timothy tomothy | victor vitor | victoria vitoria
vivian vivien | volodymyr vladimir | warren warre | william willaim willam | xavier xaver
yusuf yousef youssef | zachary zackary zakary zachery | zoe zoey zoie
"""
# One name in many languages: who is Juan here may be John there, or named after him.
_LANGUAGES = """
alexander alejandro alessandro | alice alicia | andrew andres andreas andrei andrzej
anthony antonio antoine anton
catherine catalina caterina katarzyna ekaterina katharina katherine | charles carlos carlo
christopher cristobal | dominic domingo domenico | edward eduardo edoardo
elizabeth isabel elisabetta elzbieta | frances francisca francesca
francis francisco francesco francois franz | frederick federico friedrich
george jorge giorgio georg | gregory gregorio | helen elena eleni
henry enrique heinrich henri enrico | james jaime | joan juana giovanna | joanna johanna
john juan giovanni johann ivan joao | joseph jose giuseppe jozef yusuf | julia giulia
lawrence lorenzo | louis luis luigi | lucy lucia
margaret margarita margherita marguerite malgorzata | matthew mateo matteo matthieu
michael miguel mikhail | nicholas nikolai nikolaos | paul pablo paolo pavel
peter pedro pietro pierre piotr pyotr | philip felipe filippo philippe | rachel raquel
ralph raul | raymond ramon | richard ricardo riccardo | robert roberto | rose rosa
stephen esteban stefano etienne | susan susana | thomas tommaso | vincent vicente vincenzo
william guillermo wilhelm guillaume
"""
_RULES = [
    (re.compile(pattern, re.MULTILINE), to)
    for pattern, to in (
        (r"^marie$", "MARIE"),
        (r"y", "i"),
        (r"^iu(?=l)", "ju"),
        (r"^w", "v"),
        (r"ph", "f"),
        (r"(?:eigh|ei|ie|ee|ej|ij|ii)$", "i"),
        (r"(?<=[bcdfghklmnpqrstvwxz])j(?=[aeiou])", "i"),
        (r"(?<=[bcdfghjklmnprstvwxz][aou])e(?=[bcdfghjklmnprstvwxz])", ""),
        (r"sch|sh", "S"),
        (r"ch(?=[rl])", "k"),
        (r"ch", "C"),
        (r"(?<!^)h", ""),
        (r"c(?=[eis])", "s"),
        (r"ck|cq|[cq]", "k"),
        (r"x", "ks"),
        (r"(?<!^)z", "s"),
        (r"(.)\1+e$", r"\1"),
        (r"(?!ssi$)(.)\1+", r"\1"),  # Cassie is no Casey
        (r"(?<=....)(?<!kristin)e$", ""),
    )
]


@lru_cache(maxsize=16_384)
def spelled(name: str) -> str:
    """The same for forms of a name that are said alike, vowels and all: Erik and Erick are erik.

    A Marie is no Mary and a Christine no Kristin, though they end as other names do that are
    written either way.
    """
    return _spelled(name)


def _spelled(lines: str) -> str:
    """Of many names at once, one a line."""
    for pattern, to in _RULES:
        lines = pattern.sub(to, lines)
    return lines


@cache
def _names() -> list[frozenset[str]]:
    """The first names many women and men have, further ones of women, of men and of either."""
    lines = Path(__file__).with_name("first_names.txt").read_text().splitlines()
    return [frozenset(line.split()) for line in lines]


def known(first: str) -> str:
    """many where many are called so, some where anybody is, else ""; who is, is hardly another
    one misspelled."""
    many = [first in names for names in _names()]
    return "many" if any(many[:2]) else "some" if any(many) else ""


def sex(first: str) -> str:
    """f or m where only one of them is called so, else ""."""
    many_women, many_men, women, men, _ = (first in names for names in _names())
    women, men = women or many_women, men or many_men
    return "f" if women and not men else "m" if men and not women else ""


def _groups(text: str) -> list[list[str]]:
    return [line.split() for line in text.replace("\n", "|").split("|") if line.strip()]


@cache
def _forms() -> dict[str, frozenset[str]]:
    """The usual forms of each known name: of those spelled alike, and of `_FORMS`.

    A woman's and a man's form are two, and whoever is called either has both.
    """
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    names = sorted(frozenset().union(*_names()))
    for name, key in zip(names, _spelled("\n".join(names)).split("\n"), strict=True):
        for whose in sex(name) or "fm":
            alike[key, whose].append(name)
    found: dict[str, set[str]] = defaultdict(set)
    for bearers in alike.values():
        usual = min(bearers, key=_rank) if len(bearers) > 1 else bearers[0]
        for name in bearers:
            found[name].add(usual)
    for first, *others in _groups(_FORMS):
        for name in (first, *others):
            for other in (name, *found[name]):
                found[other].add(first)
    # In two steps at most: Kaitlyn is Kaitlin, who is Katelyn.
    return {
        name: frozenset(forms).union(*(found[one] for one in forms))
        for name, forms in found.items()
    }


@cache
def _spellings() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    forms = _forms()
    for key, usual in zip(_spelled("\n".join(forms)).split("\n"), forms.values(), strict=True):
        found[key] |= usual
    return {key: frozenset(forms) for key, forms in found.items()}


def _usual(name: str) -> frozenset[str]:
    """The usual forms of a name, also where nobody else spells it so."""
    return _forms().get(name) or _spellings().get(spelled(name), frozenset())


def _rank(name: str) -> tuple[bool, int, str]:
    return known(name) != "many", -len(_NICKNAMES.nicknames_of(name)), name


@cache
def _roots() -> dict[str, str]:
    found: dict[str, str] = {}
    for names in _groups(_LANGUAGES):
        for name in names:
            for one in (name, *_usual(name)):
                found.setdefault(one, names[0])
    return found


@lru_cache(maxsize=16_384)
def called(name: str, second: str = "") -> tuple[str, ...]:
    """All that a name may stand for, itself among it, each also in its usual form."""
    found = _known_as(name)
    for form in _usual(name):
        # A Terri is a Terry, but not for Terence.
        found |= {one for one in _known_as(form) if not _apart(name, one)}
    for one in _MORE.get(name, ()):
        found |= _MORE.get(one, set())
    if len(second) > 1:
        found |= _known_as(name + second)
    forms = frozenset().union(*map(_usual, found))
    return tuple(sorted(found | {one for one in forms if not _apart(name, one)}))


def _apart(one: str, other: str) -> bool:
    return {sex(one), sex(other)} == {"f", "m"}


def _known_as(name: str) -> frozenset[str]:
    known = {*_NICKNAMES.canonicals_of(name), *_MORE.get(name, ())} - _OTHERS.get(name, set())
    return frozenset({name, *known})


def short_for(name: str) -> list[str]:
    """What whoever bears this name may go by, in the order of the letters."""
    found = _NICKNAMES.nicknames_of(name)
    return sorted(nick for nick in found if name not in _OTHERS.get(nick, ()))


def root(name: str) -> str:
    """The English form of a name that other languages have as well, else ""."""
    roots = _roots()
    found = (roots[one] for one in (name, *sorted(_usual(name))) if one in roots)
    return next(found, "")


def canon(name: str, nicks: tuple[str, ...]) -> str:
    """One of what the name may stand for, the same for most of its forms: for finding only."""
    if not name:
        return ""
    full = [nick for nick in nicks if nick != name]
    best = name
    if full and len(_NICKNAMES.nicknames_of(name)) <= 2:
        best = min(full, key=lambda nick: (-len(_NICKNAMES.nicknames_of(nick)), nick))
    return min(_usual(best), key=_rank, default=best)
