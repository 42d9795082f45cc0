"""The pages of the staff room, mounted at the root: `/accounts/`, `/presence/`, `/settings/`."""

from allauth.account import views as library
from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path, re_path

from .views import company, doors, own, people

# The library's pages that we offer, under its own names. Signing up and changing one's own email
# are not among them: administrators add people.
doors_urls: list[URLPattern | URLResolver] = [
    path("login/", doors.SignIn.as_view(), name="account_login"),
    path("logout/", library.logout, name="account_logout"),
    path("inactive/", library.account_inactive, name="account_inactive"),
    path("reauthenticate/", library.reauthenticate, name="account_reauthenticate"),
    path("password/change/", library.password_change, name="account_change_password"),
    path("password/set/", library.password_set, name="account_set_password"),
    path("password/reset/", library.password_reset, name="account_reset_password"),
    path("password/reset/done/", library.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        library.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        library.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", doors.Sessions.as_view(), name="usersessions_list"),
    path("demo/", doors.demo, name="demo_sign_in"),
]
if apps.is_installed("allauth.socialaccount"):
    from allauth.urls import build_provider_urlpatterns

    doors_urls += [
        path("company/", include("allauth.socialaccount.urls")),
        *build_provider_urlpatterns(),
    ]

settings_urls = (
    [
        path("", own.index, name="settings"),
        path("profile/", own.profile, name="profile"),
        path("profile/photo/", own.set_photo, name="set_photo"),
        path("security/", own.security, name="security"),
        path("people/", people.people, name="people"),
        path("people/new/", people.new_person, name="new_person"),
        path("people/<int:pk>/", people.person, name="person"),
        path("people/<int:pk>/active/", people.active, name="person_active"),
        path("people/<int:pk>/invite/", people.invite, name="invite_person"),
        path("people/<int:pk>/password-link/", people.password_link, name="person_password_link"),
        path("stores/", company.stores, name="stores"),
        path("stores/new/", company.new_store, name="new_store"),
        path("stores/<int:pk>/", company.store, name="store"),
        path("teams/new/", company.new_team, name="new_team"),
        path("teams/<int:pk>/", company.team, name="team"),
        path("rights/", company.rights, name="rights"),
    ],
    "staff",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(doors_urls)),
    path("presence/", doors.presence, name="presence"),
    path("settings/", include(settings_urls)),
    path("staff/<int:pk>/photo/<int:version>/", own.photo, name="photo"),
]
