"""The one language for "which customers"; this room knows no model.

A tree of frozen dataclasses (`language`): `Fact(field, operator, value)`,
`Group("all" | "any" | "none", of)` and `Has(thing, where)`: some one of the customer's things fits
all of `where`; `EVERYONE` and `NOBODY`. Whatever reads or writes a tree takes the fields last, by
default the sockets `fields.customer_fields` and `things.things` (as its `.things`), and an
`Asking(user, now, zone)` that says what `me`, `my team` and `last 7 days` mean. One Asking per
request: it fetches each field's choices at most once. Readers raise `CriteriaError(message, at,
suggestion, parameter=)`; `str(error)` is the sentence to show.

    language.canonical(criteria)  language.also(criteria, *more)  language.without(criteria, part)
    text.read(text, asking) -> Criteria             text.write(criteria) -> str
    tree.read(json_value, asking) -> Criteria       tree.write(criteria) -> dict   (loads, dumps)
    url.read(request.GET, asking) -> Criteria       url.write(criteria) -> "owner=me&created=7d"
    url.parameters(criteria) -> [(name, value)]     url.read_filter(text_or_json, asking)
    sql.q(criteria, asking) -> Q
    english.chips(criteria, asking) -> [Chip(label, verb, value, field, condition, without)]
    english.sentence(criteria, asking) -> str
    complete.complete(typed, asking, cursor=) -> [Completion(insert, label, start, end)]

A room plugs its fields in from its `wiring.py`:

    from regulars.criteria.fields import Choice, customer_fields
    from regulars.criteria.kinds import (
        choice_field, date_field, flag_field, link_field, number_field, person_field, text_field,
    )

    customer_fields.register(
        flag_field("waiting", "Waiting", Q(waiting_since__isnull=False), english="Waiting for us"),
        person_field("owner", "Owner", "owner_id", people, indexed=True),
        choice_field("team", "Team", "owner__team_id", teams),
        choice_field("type", "Type", "type", CustomerType.choices),
        link_field("tag", "Tag", "tag_id", CustomerTag.objects.all, tags, open=True),
        text_field("name", "Name", "name_folded", folded_by=names.fold),
        number_field("intent", "Intent", "intent"),
        date_field("last_activity", "Last activity", "last_activity_at", english="Active"),
    )

A thing of which the customer has any number brings fields of its own (`has suit`,
`has suit(colour:navy and ready < 7 days ago)`, and `suit.colour:navy` for one fact):

    from regulars.criteria.things import Thing, things

    things.register(
        Thing("suit", "Suit", Suit.objects.all, (
            choice_field("colour", "Colour", "colour", COLOURS),
            date_field("ready", "Ready", "ready_on", whole_days=True),
        )),
    )

`people`, `teams`, `tags` take the Asking and give choices: a name as it is typed and what the
column holds for it, for example

    def people(asking):
        return [Choice(user.name, keys=(user.pk,)) for user in User.objects.all()]

    def teams(asking):
        mine = Choice("mine", "my team", keys=(asking.user.team_id,), aliases=("my",))
        return [mine, *(Choice(team.name, keys=(team.pk,)) for team in Team.objects.all())]

(`keys=()` matches nobody, `keys=(None,)` an empty column, several keys any of them.) A list page:

    asking = Asking(user=request.user, now=clock.now(), zone=zone)
    try:
        criteria = url.read(request.GET, asking)
    except CriteriaError as error:
        criteria, problem = EVERYONE, str(error)
    found = Customer.objects.visible_to(request.user).filter(sql.q(criteria, asking))
    chips = [(chip, url.write(chip.without)) for chip in english.chips(criteria, asking)]
"""
