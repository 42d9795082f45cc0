"""Every page there is, each in the states that look different: where axe and the policy stop."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image

from regulars.audiences import actions as audiences
from regulars.bulk import actions as bulk
from regulars.bulk.selection import Selection
from regulars.customers import actions as customers
from regulars.customers import facts
from regulars.customers.models import Customer, NoteType
from regulars.customers.notes.facts import NoteFacts
from regulars.follow_up import actions as follow_up
from regulars.follow_up.due import Due
from regulars.follow_up.facts import TaskFacts
from regulars.imports import actions as imports
from regulars.lib import clock
from regulars.matching import actions as matching
from regulars.matching.models import Pair
from regulars.staff.models import Team, User
from regulars.wire import tokens

from .cast import PASSWORD
from .showroom import LONG_NOTE, Showroom

if TYPE_CHECKING:
    from django.conf import LazySettings
    from playwright.sync_api import Page

# Addresses that draw no page of their own: deeds, regions, files, what programs and devices ask.
NO_PAGE = {
    *("staff:new_store", "staff:new_team"),
    *(
        "desk:display",
        "desk:alike",
        "desk:completions",
        "desk:known",
        "desk:known_tags",
        "desk:log",
        "desk:resolve",
        "desk:tags",
    ),
    *("customers:merge_tag", "customers:delete_tag", "customers:move_field"),
    *("customers:archive_field", "customers:new_entry", "customers:remove_entry"),
    *("customers:default_group", "exports:customer", "exports:customers"),
    *("staff:invite_person", "staff:set_photo", "photo"),
    *("desk:file", "desk:preview", "desk:remove_file"),
    *("desk:mentionable", "desk:pin_note", "desk:unpin_note", "desk:retract_note", "desk:undo"),
    *("customers:move_note_type", "customers:remove_note_type", "customers:restore_note_type"),
    *("wholesale:selling", "wholesale:move_season", "wholesale:remove_season"),
    *("desk:confirm_household", "desk:refuse_household", "desk:leave_household"),
    *("desk:combine_households", "desk:split_household", "desk:move_household"),
    "desk:undo_household",
    *("desk:remove_contact", "desk:remove_location", "desk:archive", "desk:restore"),
    *("desk:bring_back", "desk:undo_merge", "matching:decide", "matching:look", "matching:undo"),
    *("matching:decide_cluster", "matching:undo_batch"),
    *("bulk:begin", "bulk:start", "bulk:stop", "bulk:undo", "bulk:discard"),
    *("follow_up:done", "follow_up:reopen", "follow_up:archive", "follow_up:restore"),
    *("audiences:delete", "audiences:take_off", "audiences:delete_view"),
    *("imports:stop", "imports:forget", "imports:rejects", "imports:undo"),
    "wire:token_revocation",
    *(
        "staff:person_active",
        "staff:person_password_link",
        "demo_sign_in",
        "presence",
        "mfa_login_webauthn",
    ),
    *("mfa_download_recovery_codes", "staff:settings", "healthz", "readyz"),
    # Drawn like their neighbours, and reached only with a real device, link or second step.
    *("mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *("mfa_edit_webauthn", "mfa_remove_webauthn", "account_set_password"),
}


@dataclass(frozen=True)
class Stop:
    """One page as `who` sees it; `then` brings it into the state meant, such as a menu open."""

    name: str
    path: str
    who: str = "ana"
    then: Callable[[Page], None] | None = None
    status: tuple[int, ...] = (200,)


@dataclass
class Route:
    stops: list[Stop] = field(default_factory=list)

    def of(self, who: str) -> list[Stop]:
        return [stop for stop in self.stops if stop.who == who]


def click(role: str, name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]


def press(key: str) -> Callable[[Page], None]:
    return lambda page: page.keyboard.press(key)


def _open_name(page: Page) -> None:
    page.keyboard.press("e")
    page.get_by_role("textbox", name="First name").wait_for()


def _mistake(page: Page) -> None:
    page.locator("#who-more summary").click()
    page.get_by_role("link", name="Add birthday").click()
    page.get_by_role("textbox", name="Birthday").fill("some day")
    page.keyboard.press("Enter")
    page.get_by_role("alert").first.wait_for()


def _unfolded(page: Page) -> None:
    for summary in page.locator(".unfold > summary").all():
        summary.click()


def _wrong_add(page: Page) -> None:
    page.get_by_role("textbox", name="Phone").fill("12")
    page.get_by_role("combobox", name="Source").select_option(label="Other")
    page.get_by_role("main").get_by_role("button", name="Add customer").click()
    page.get_by_role("alert").wait_for()


def _wrong_consent(page: Page) -> None:
    page.get_by_label("Implied by their business with us").check()
    page.get_by_label("How they said it").select_option("paper")
    page.get_by_role("button", name="Record").click()
    page.get_by_role("alert").wait_for()


def _changed(page: Page) -> None:
    page.get_by_text("What changed").first.click()
    page.locator(".edits").first.wait_for()


def _edit_task(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.get_by_role("textbox", name="What").wait_for()


def _like_another(page: Page) -> None:
    page.get_by_role("link", name="Add a contact").first.click()
    page.locator("#id_phones-0-number").fill("248-555 0142")
    page.locator("#alike .alike").wait_for()


def _wrong_task(page: Page) -> None:
    page.get_by_label("What").fill("Call her")
    page.get_by_label("Time").fill("10:00")
    page.get_by_role("button", name="Add task").click()
    page.get_by_role("alert").wait_for()


def _wrong_password(page: Page) -> None:
    page.get_by_label("Email").fill("ana@demo.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("alert").wait_for()


def _confirmed(page: Page) -> None:
    """Some pages ask for the password again before they open."""
    password = page.get_by_label("Password", exact=True)
    if password.count():
        password.fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_load_state()


def _password_link(page: Page) -> None:
    page.get_by_role("button", name="Make a password link").click()
    page.get_by_role("heading", name="link").first.wait_for()


def _add_token(page: Page) -> None:
    page.get_by_label("What is it for?").fill("Website forms")
    page.get_by_role("button", name="Make token").click()
    page.locator(".secret").wait_for()


@pytest.fixture
def route(
    showroom: Showroom,
    settings: LazySettings,
    tmp_path: Path,
    south_sales: Team,
    ana: User,
    omar: User,
    ada: User,
) -> Route:
    """All stops, with ana and ada able to confirm their password."""
    settings.VAR = tmp_path
    settings.DEMO = True
    for user in (ana, ada):
        user.set_password(PASSWORD)
        user.save()
    TOTP.activate(ada, generate_totp_secret())
    RecoveryCodes.activate(ada)
    tokens.issue(ana, name="Telephone system", by=ana)
    archived = showroom.quiet
    _edited(archived, ana)
    customers.archive(archived, by=ana)
    return Route(
        [
            *_desk(showroom, ana),
            *_marketing(showroom, ada, ana),
            *_tasks(showroom, ana),
            *_doors(),
            *_settings(ana, south_sales),
            *_bulk(ada, ana),
            *_duplicates(ana),
            *_merging(ana, User.objects.get(name="Cleo Marsh")),
            *_imports(ada, showroom.renee),
        ]
    )


def _edited(customer: Customer, ana: User) -> None:
    read = facts.clean({"company": "Adebayo & Sons Landscaping", "type": "account"})
    customers.change(customer, read, by=ana, fields=["company", "type"])
    phone = {"number": "248 555 0156", "label": "Mobile"}
    contact = {"first_name": "Quincy", "last_name": "Adebayo", "title": "Owner", "phones": [phone]}
    customers.change_contact(customer.contacts.get(), facts.read_contact(contact), by=ana)
    customers.tag(customer, "VIP", by=ana)


def _desk(shown: Showroom, ana: User) -> Iterator[Stop]:
    edited = shown.quiet.events.filter(kind="customer.changed").first()
    assert edited
    at = {
        name: f"/customers/{getattr(shown, name).public_id}/"
        for name in ("renee", "malik", "grete", "plant", "joerg", "lead", "dee", "quiet")
    }
    contact = shown.plant.contacts.first()
    location = shown.plant.locations.first()
    assert contact
    assert location
    yield Stop("now", "/")
    yield Stop("now, nothing to do", "/", who="ben")
    yield Stop("now, note", "/", then=press("n"))
    yield Stop("commands", "/", then=press("Control+k"))
    yield Stop("keys", "/", then=press("?"))
    yield Stop("customers", "/customers/")
    yield Stop("panel", f"/customers/?panel={shown.renee.public_id}")
    yield Stop("panel, closed ways", f"/customers/?panel={shown.joerg.public_id}")
    yield Stop("filtered", "/customers/?owner=me&source=internet&source=phone&sort=name")
    yield Stop("filter menu", "/customers/", then=press("f"))
    yield Stop("display menu", "/customers/", then=click("button", "Columns, sorting and density"))
    yield Stop("hand-over menu", "/customers/", then=click("button", "Reassign Renée"))
    yield Stop("nobody fits", "/customers/?source=walk_in")
    yield Stop("no customers", "/customers/", who="ben")
    yield Stop("archived", "/customers/?archived=1")
    yield Stop("wrong filter", "/customers/?filter=owner:nobody-at-all+and", status=(422,))
    yield Stop("filters", "/customers/filters/")
    built = "/customers/build/?filter=(waiting or unread) and not tag:VIP and has call(missed)"
    yield Stop("build", built)
    yield Stop("build, what to ask", f"{built}&at=&how=also")
    yield Stop("build, a condition", f"{built}&at=2&how=also&about=at")
    yield Stop("map", "/customers/map/")
    yield Stop("nobody on the map", "/customers/map/?owner=unassigned")
    yield Stop("colleagues", f"/customers/colleagues/?for={shown.renee.public_id}")
    for name in ("renee", "grete", "plant", "joerg", "lead", "quiet"):
        yield Stop(f"customer {name}", at[name])
    yield Stop("customer, an empty shelf", f"{at['renee']}?shelf=orders")
    yield Stop("customer, read only", at["renee"], who="omar")
    yield Stop("customer, menu", at["renee"], then=click("button", "More: edit"))
    yield Stop("customer, editing", at["renee"], then=_open_name)
    yield Stop("customer, like another", at["malik"], then=_like_another)
    yield Stop("customer, a mistake", at["renee"], then=_mistake)
    yield Stop("customer, all unfolded", at["plant"], then=_unfolded)
    yield Stop("customer, editing all", at["renee"], then=click("link", "Edit all of Renée"))
    for fact in (
        "first_name",
        "source",
        f"contact:{contact.pk}:about",
        f"contact:{contact.pk}:primary",
    ):
        yield Stop(f"fact {fact.rpartition(':')[2]}", f"{at['plant']}facts/{fact}/")
    yield Stop(
        "customer, composing", at["grete"], then=lambda p: p.get_by_text("Email").nth(0).click()
    )
    note = _notes(shown, ana)
    file = _files(shown, ana)
    yield Stop("customer, many files", at["dee"])
    yield Stop("customer, file menu", at["dee"], then=click("button", "Change offer"))
    yield Stop("files", f"{at['dee']}files/")
    yield Stop("files, none", f"{at['lead']}files/")
    yield Stop("rename a file", f"{at['dee']}files/{file}/rename/")
    yield Stop("customer, notes", f"{at['malik']}?write=note", then=_mentioning)
    yield Stop("customer, note menu", at["malik"], then=click("button", "More for this note"))
    yield Stop("note", f"{at['malik']}notes/{note}/")
    yield Stop("edit", f"{at['renee']}edit/")
    customers.confirm(shown.renee, shown.joerg, relation="Sister", by=ana)
    customers.refer(shown.renee, shown.malik, source="Told us on the phone", by=ana)
    yield Stop("household", f"{at['renee']}household/?q=li")
    customers.confirm(shown.joerg, shown.malik, by=ana)
    yield Stop("household, three of them", f"{at['renee']}household/")
    yield Stop("household, nobody found", f"{at['dee']}household/?q=zzzz")
    yield Stop("referral", f"{at['renee']}referral/?q=dee")
    yield Stop("referral, none", f"{at['dee']}referral/")
    email, phone = shown.joerg.emails.get(), shown.joerg.phones.get()
    yield Stop("consent", f"{at['joerg']}consent/email/{email.pk}/")
    yield Stop("consent, phone", f"{at['joerg']}consent/phone/{phone.pk}/?about=text")
    yield Stop("consent, missing", f"{at['joerg']}consent/email/{email.pk}/", then=_wrong_consent)
    yield Stop("consent, read only", f"{at['joerg']}consent/email/{email.pk}/", who="omar")
    yield Stop("owner", f"{at['renee']}owner/")
    yield Stop("add contact", f"{at['plant']}contacts/")
    yield Stop("contact", f"{at['plant']}contacts/{contact.pk}/")
    yield Stop("add location", f"{at['plant']}locations/")
    yield Stop("location", f"{at['plant']}locations/{location.pk}/")
    yield Stop("customer, what changed", f"{at['quiet']}?shelf=customer", then=_changed)
    yield Stop("history", f"{at['plant']}history/")
    yield Stop("history, one part", f"{at['renee']}history/?part=phone&who={ana.pk}")
    yield Stop("history, wrong", f"{at['renee']}history/?as_of=yesterday", status=(422,))
    yield Stop("as of", f"{at['quiet']}history/?step=0")
    yield Stop("as of, before", f"{at['quiet']}history/?as_of=2001-01-01")
    yield Stop("one change", f"{at['quiet']}history/{edited.act}/")
    yield Stop(
        "address", "/customers/address/?line1=12+Elm+St&city=Troy&state=MI&postal_code=48804"
    )
    yield Stop("erase", f"{at['plant']}erase/", who="ada")
    yield Stop("add", "/customers/new/")
    yield Stop("add, wrong", "/customers/new/", then=_wrong_add)
    yield Stop("search", "/search/?q=re")
    yield Stop("search, nobody", "/search/?q=xyzzy")
    yield Stop("search, nothing typed", "/search/")
    yield Stop("not here", "/customers/00000000-0000-7000-8000-000000000000/", status=(404,))
    yield Stop("no such page", "/nowhere/", status=(404,))
    yield Stop("forbidden", "/customers/new/", who="omar", status=(403,))


def _tasks(shown: Showroom, ana: User) -> Iterator[Stop]:
    """Every section has some, with the longest title there may be; one is done, one is put away."""
    today = clock.now().date()
    dues = [Due(on=today + timedelta(days=days)) for days in (-40, 0, 1, 300)]
    dues += [Due(at=clock.now() + timedelta(hours=hours)) for hours in (-2, 30)]
    for who, due in zip([shown.renee, shown.plant, shown.grete] * 2, dues, strict=True):
        follow_up.add(who, TaskFacts("Call about the trade-in value", "call", due=due), by=ana)
    long = TaskFacts(
        ("Send what they asked for at the fair, " * 5).strip(", "), "email", "In two parcels"
    )
    task = follow_up.add(shown.plant, long, by=ana, assignee=None)
    follow_up.finish(follow_up.add(shown.renee, TaskFacts("Find the second key"), by=ana), by=ana)
    follow_up.archive(follow_up.add(shown.renee, TaskFacts("Send a card"), by=ana), by=ana)
    yield Stop("tasks", "/tasks/")
    yield Stop("tasks, everybody's", "/tasks/?whose=all")
    yield Stop("tasks, of nobody", "/tasks/", who="ben")
    yield Stop("tasks, one section", "/tasks/?when=overdue")
    yield Stop("tasks, done", "/tasks/?state=done")
    yield Stop("tasks, archived", "/tasks/?state=archived")
    yield Stop("tasks, of a customer", f"/tasks/?customer={shown.renee.public_id}")
    yield Stop("tasks, edited", "/tasks/", then=_edit_task)
    yield Stop("task", task.get_absolute_url())
    yield Stop("task, about whom", "/tasks/new/?q=ren")
    yield Stop("task, new", f"/tasks/new/?customer={shown.renee.public_id}")
    yield Stop("task, wrong", f"/tasks/new/?customer={shown.renee.public_id}", then=_wrong_task)


def _marketing(shown: Showroom, ada: User, ana: User) -> Iterator[Stop]:
    vips = audiences.make_audience(
        name="Hybrids who wait", criteria="tag:Hybrid waiting", description="Weekend", by=ada
    )
    party = audiences.make_audience(name=f"Party {'and more ' * 9}", by=ada)
    audiences.put_on_list(party, [shown.renee.pk, shown.malik.pk], by=ada)
    audiences.note_sizes()
    view = audiences.ViewFacts(criteria='in:"Hybrids who wait"', sort="waiting")
    mine = audiences.save_view(name="Mine alone", shows=view, by=ana)
    audiences.save_view(name="Hybrids first", shows=view, shared="everyone", by=ada)
    empty = audiences.make_audience(name="Nobody", criteria="nobody", by=ada)
    yield Stop("marketing", "/marketing/")
    yield Stop("marketing, edit", "/marketing/", who="ada")
    yield Stop("audience", vips.get_absolute_url())
    yield Stop("audience, edit", vips.get_absolute_url(), who="ada")
    yield Stop("audience, owner", f"{party.get_absolute_url()}owner/", who="ada")
    yield Stop("audience, list", party.get_absolute_url(), who="ada")
    yield Stop("audience, nobody", empty.get_absolute_url())
    yield Stop("audience, wrong", vips.get_absolute_url(), who="ada", then=_wrong_audience)
    yield Stop(
        "audience, then",
        f"{vips.get_absolute_url()}?as_of={clock.now().date() - timedelta(days=1)}",
    )
    yield Stop("audience, no day", f"{vips.get_absolute_url()}?as_of=soon", status=(422,))
    yield Stop("views", "/customers/views/")
    yield Stop("views, of others", "/customers/views/", who="ben")
    yield Stop("view", f"/customers/views/{mine.public_id}/")
    yield Stop("new audience", "/marketing/audiences/new/?criteria=waiting", who="ada")
    yield Stop("filter", "/criteria/check/?criteria=waiting")
    yield Stop("filter, wrong", "/criteria/check/?criteria=watng")
    yield Stop("list, view", "/customers/?in=Hybrids+who+wait&sort=waiting")
    yield Stop("save view", "/customers/?tag=Hybrid", then=click("button", "Save view"))


def _wrong_audience(page: Page) -> None:
    page.get_by_text("Edit", exact=True).click()
    page.get_by_label("Who fits").fill("tga:Hybrid")
    page.get_by_text("Did you mean").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").wait_for()


def _files(shown: Showroom, ana: User) -> object:
    """Dee's files: long names, of right to left, a picture, more than the panel shows."""
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(picture, "JPEG")
    names = ["a very long name of a file that nobody would ever type by hand " * 3, "عرض السعر"]
    for n in range(7):
        customers.attach(shown.dee, io.BytesIO(b"words"), name=f"{n} {names[n % 2]}.txt", by=ana)
    customers.attach(shown.dee, picture, name="photo of the trade-in.jpg", by=ana)
    pdf = io.BytesIO(b"%PDF-1.7 offer")
    return customers.attach(shown.dee, pdf, name="offer.pdf", by=ana).public_id


def _notes(shown: Showroom, ana: User) -> int:
    """Malik's notes: short and long, pinned, edited, taken back; one mentions Cleo."""
    kind = NoteType.objects.get(name="Meeting")
    first = NoteFacts("@Cleo Marsh, **please** see https://example.com/a\n\n- one\n- two", kind)
    note = customers.add_note(shown.malik, first, by=ana, pinned=True)
    long = NoteFacts("# Seats\n\n" + LONG_NOTE, kind, "left_message")
    customers.add_note(shown.malik, long, by=ana, pinned=True)
    edited = customers.add_note(shown.malik, NoteFacts("Likes `blue`"), by=ana)
    customers.edit_note(edited.event, NoteFacts("Likes ~~blue~~ red\n> she said"), by=ana)
    gone = customers.add_note(shown.malik, NoteFacts("Regrettable"), by=ana)
    customers.retract_note(gone.event, by=ana)
    asks = NoteFacts("@Ana Ferreira, can **you** take this one?")
    customers.add_note(shown.grete, asks, by=User.objects.get(name="Cleo Marsh"))
    return note.event_id


def _mentioning(page: Page) -> None:
    page.get_by_role("textbox", name="What was said").press_sequentially("@")
    page.get_by_role("option").first.wait_for()


def _doors() -> Iterator[Stop]:
    yield Stop("sign in", "/accounts/login/", who="")
    yield Stop("sign in, wrong", "/accounts/login/", who="", then=_wrong_password)
    yield Stop("reset", "/accounts/password/reset/", who="")
    yield Stop("reset done", "/accounts/password/reset/done/", who="")
    yield Stop("reset link, over", "/accounts/password/reset/key/a-b/", who="")
    yield Stop("reset over", "/accounts/password/reset/key/done/", who="")
    yield Stop("inactive", "/accounts/inactive/", who="")
    yield Stop("sign out", "/accounts/logout/")
    yield Stop("confirm", "/accounts/reauthenticate/")
    yield Stop("change password", "/accounts/password/change/")
    yield Stop("sessions", "/accounts/sessions/")
    yield Stop("second steps", "/accounts/2fa/")
    yield Stop("add code app", "/accounts/2fa/totp/activate/", then=_confirmed)
    yield Stop("remove code app", "/accounts/2fa/totp/deactivate/", who="ada", then=_confirmed)
    yield Stop("recovery codes", "/accounts/2fa/recovery-codes/", who="ada")
    yield Stop("new codes", "/accounts/2fa/recovery-codes/generate/", who="ada")
    yield Stop("passkeys", "/accounts/2fa/webauthn/")
    yield Stop("add passkey", "/accounts/2fa/webauthn/add/", then=_confirmed)


def _settings(ana: User, team: Team) -> Iterator[Stop]:
    yield Stop("profile", "/settings/profile/")
    yield Stop("security", "/settings/security/")
    yield Stop("tokens", "/settings/tokens/")
    yield Stop("tokens, none", "/settings/tokens/", who="ada")
    yield Stop("token made", "/settings/tokens/", who="ada", then=_add_token)
    yield Stop("people", "/settings/people/", who="ada")
    yield Stop("new person", "/settings/people/new/", who="ada")
    yield Stop("person", f"/settings/people/{ana.pk}/", who="ada")
    yield Stop("password link", f"/settings/people/{ana.pk}/", who="ada", then=_password_link)
    kind = NoteType.objects.get(name="Visit")
    if apps.is_installed("regulars.packs.wholesale"):
        yield from _seasons(ana)
    yield Stop("note types", "/settings/notes/", who="ada")
    yield Stop("note type", f"/settings/notes/{kind.pk}/", who="ada")
    yield Stop("stores", "/settings/stores/", who="ada")
    yield Stop("store", f"/settings/stores/{team.store_id}/", who="ada")
    yield Stop("team", f"/settings/teams/{team.pk}/", who="ada")
    yield Stop("rights", "/settings/rights/", who="ada")
    field = customers.add_field(label="Boat", kind="choice", choices=["Sail", "Motor"], by=ana)
    tag = customers.add_tag("Gold", colour="yellow", by=ana)
    yield Stop("custom fields", "/settings/fields/", who="ada")
    yield Stop("custom field, new", "/settings/fields/new/", who="ada")
    yield Stop("custom field", f"/settings/fields/{field.pk}/", who="ada")
    yield Stop("tags", "/settings/tags/", who="ada")
    yield Stop("tag", f"/settings/tags/{tag.pk}/", who="ada")
    group = customers.add_group("Fleet", by=ana)
    yield Stop("lists", "/settings/lists/", who="ada")
    yield Stop("list entry", f"/settings/lists/groups/{group.pk}/", who="ada")
    yield Stop("hand over", f"/settings/people/{ana.pk}/customers/", who="ada")
    somebody = ana.customers.all()[0]
    yield Stop("details", f"/customers/{somebody.public_id}/custom/", who="ada")


def _seasons(ana: User) -> Iterator[Stop]:
    from regulars.packs.wholesale import actions as seasons

    summer = seasons.add_season("Spring/Summer", by=ana)
    seasons.add_season("Fall/Winter", by=ana)
    seasons.sell(summer, None, by=ana)
    yield Stop("seasons", "/settings/seasons/", who="ada")
    yield Stop("season", f"/settings/seasons/{summer.pk}/", who="ada")


def _bulk(ada: User, ana: User) -> Iterator[Stop]:
    torn = customers.add(facts.clean({"name": "Torn Away"}), owner=ana, by=ana)
    everybody = Selection(all_of_them=True, filter="owner:me or owner:unassigned")
    yield Stop("bulk, asking", bulk.draft("reassign", everybody, by=ana).get_absolute_url())
    tagged = [bulk.draft("tag", everybody, by=ana) for _ in range(3)]
    for n, one in enumerate(tagged):
        bulk.fill(one, {"tag": f"Spring {n}"}, by=ana)
    yield Stop("bulk, dry run", tagged[0].get_absolute_url())
    yield Stop("bulk, running", bulk.start(tagged[1], by=ana).get_absolute_url())
    done = bulk.run(bulk.start(tagged[2], by=ana), by=ana)
    yield Stop("bulk, done", done.get_absolute_url())
    moved = bulk.draft("reassign", everybody, by=ana)
    moved = bulk.start(bulk.fill(moved, {"owner": "nobody"}, by=ana), by=ana)
    moved = bulk.run(moved, by=ana)
    torn.refresh_from_db()
    customers.reassign(torn, to=ada, by=ada)
    bulk.run_undo(bulk.undo(moved, by=ana), by=ana)
    yield Stop("bulk, taken back", moved.get_absolute_url())
    yield Stop("recent changes", "/settings/changes/")


def _duplicates(ana: User) -> Iterator[Stop]:
    told = {"phones": [{"number": "(734) 222-0142"}], "emails": [{"address": "wh@lake.example"}]}
    for first in ("William", "Bill", "Nora"):
        contact = {"first_name": first, "last_name": "Hart", **told}
        raw = {"first_name": first, "last_name": "Hart", "contacts": [contact]}
        customers.add(facts.clean(raw), owner=ana, by=ana)
    told = {"phones": [{"number": "(734) 222-0177"}]}
    at = {"locations": [{"line1": "18 Quarry Lane", "city": "Troy", "postal_code": "48084"}]}
    names = ("Ida", "Emil", "Otto", "Frida")
    four = [
        customers.add(
            facts.clean({"first_name": name, "last_name": "Quist", "contacts": [
                {"first_name": name, "last_name": "Quist", **told}], **at}), owner=ana, by=ana,
        )
        for name in names
    ]  # fmt: skip
    customers.confirm(*four[:2], by=ana)
    customers.confirm(*four[2:], by=ana)
    for n, name in enumerate(("Winifred", "Winnie", "Winifred", "Winifred", "Winnie", "Winifred")):
        mail = f"{'wpo'[n // 2]}@quay.example"
        raw = {"name": f"{name} Oettingen", "email": mail, "phone": "734 222 0158"}
        customers.add(facts.clean(raw), owner=ana, by=ana)
    matching.search_changed(by=None)
    pair = Pair.objects.filter(customer__last_name="Oettingen").order_by("-score").first()
    assert pair is not None
    yield Stop("duplicates, several", f"/customers/duplicates/?cluster={pair.pk}")
    yield Stop(
        "duplicates, several, read only", f"/customers/duplicates/?cluster={pair.pk}", "omar"
    )
    yield Stop("duplicates, one pair of several", f"/customers/duplicates/?pair={pair.pk}")
    yield Stop("duplicates", "/customers/duplicates/")
    yield Stop("duplicates, two households", "/customers/duplicates/?kind=households")
    yield Stop("duplicates, one household", "/customers/duplicates/?kind=household")
    yield Stop("duplicates, nothing", "/customers/duplicates/", who="ben")
    yield Stop("duplicates, read only", "/customers/duplicates/", who="omar")
    yield Stop("duplicates, nothing decided", "/customers/duplicates/decided/", who="ben")
    yield Stop("duplicates, beyond doubt", "/customers/duplicates/certain/")
    yield Stop("duplicates, none beyond doubt", "/customers/duplicates/certain/", who="ben")


def _merging(ana: User, cleo: User) -> Iterator[Stop]:
    def hart(first: str, owner: User, **raw: object) -> Customer:
        told = {"first_name": first, "last_name": "Hartmann-Oettingen", **raw}
        return customers.add(facts.clean(told), owner=owner, by=owner)

    towns = [{"locations": [{"line1": "1 Elm Street", "city": town}]} for town in ("Troy", "Novi")]
    firm = {"company": "Hartmann & Daughters Marine Supplies and Winter Storage", **towns[0]}
    three = [
        hart("Walter", ana, source="internet", **firm),
        hart("Walther", cleo, company="Hartmann Marine", source="phone", **towns[1]),
        hart("W.", ana),
    ]
    ids = ",".join(str(one.public_id) for one in three)
    first = f"{three[0].get_absolute_url()}merge/"
    yield Stop("merge", f"/customers/merge/?ids={ids}")
    yield Stop("merge, nobody chosen", "/customers/merge/")
    yield Stop("merge, one", f"/customers/merge/?ids={three[0].public_id}", status=(422,))
    yield Stop("merge with", f"{first}?q=hartmann")
    yield Stop("merge with, nobody found", f"{first}?q=zzzz")
    became = hart("Will", ana)
    merge = customers.merge(became, [hart("Willi", ana), hart("Wil", ana)], by=ana)
    customers.tag(became, "Boat", by=ana)
    yield Stop("merged", f"/merges/{merge.public_id}/")
    yield Stop("merged, read only", f"/merges/{merge.public_id}/", who="omar")
    back = customers.merge(became, [hart("Bill", ana)], by=ana)
    customers.undo_merge(back, by=ana)
    yield Stop("merged, taken apart", f"/merges/{back.public_id}/")
    for other, verdict in ((three[1], "different"), (three[2], "same"), (became, "family")):
        matching.decide(three[0], other, verdict=verdict, by=ana)
    yield Stop("duplicates, decided", "/customers/duplicates/decided/")
    yield Stop("duplicates, decided, read only", "/customers/duplicates/decided/", who="omar")
    for _ in range(2):
        customers.add(
            facts.clean({"name": "Petra Lindqvist", "email": "petra@quay.example",
                         "phone": "734 222 0191"}), owner=ana, by=ana,
        )  # fmt: skip
    matching.search_changed(by=None)
    told = matching.accept(list(Pair.objects.filter(customer__last_name="Lindqvist")), by=ana)
    assert told.batch is not None
    together = f"/customers/duplicates/together/{told.batch.public_id}/"
    yield Stop("merged together", together)
    yield Stop("merged together, read only", together, who="omar")


def _imports(ada: User, known: Customer) -> Iterator[Stop]:
    yield Stop("imports", "/settings/imports/", who="ada")
    text = (
        "Customer No;Name;E-Mail;Phone;Town;Remarks about their last visit to our show room\n"
        "1;Antonio Moreno Taquería;antonio@taqueria.example;(248) 555-0171;Troy;Friendly\n"
        "2;Léa Fontaine;lea(at)fontaine.example;248 555 0172;Novi;\n"
        f"3;{known.name};;{known.phones.first()};Novi;\n"
    ).encode()
    waiting, going, done = (
        imports.upload(io.BytesIO(text), name=f"customers of {month}.csv", by=ada)
        for month in ("March", "April", "May")
    )
    imports.start(going, by=ada)
    imports.run(done, by=ada)
    yield Stop("import, proposed", waiting.get_absolute_url(), who="ada")
    yield Stop("import, running", going.get_absolute_url(), who="ada")
    yield Stop("import, done", done.get_absolute_url(), who="ada")


def names() -> Iterator[str]:
    """The name of every address but the API's."""

    def inside(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver):
                if one.namespace != "api":
                    yield from inside(one.url_patterns, one.namespace or space)
            else:
                yield f"{space}:{one.name}" if space else str(one.name)

    return inside(get_resolver().url_patterns, "")
