"""The addresses of the pages people live in."""

from django.urls import path

from .views import add, address, consent, customer, customers, family, map, now, search

app_name = "desk"
ONE = "customers/<uuid:public_id>/"

urlpatterns = [
    path("", now.now, name="now"),
    path("search/", search.search, name="search"),
    path("customers/", customers.listing, name="customers"),
    path("customers/map/", map.on_map, name="map"),
    path("customers/display/", customers.display, name="display"),
    path("customers/filters/", customers.filters, name="filters"),
    path("customers/colleagues/", customers.colleagues, name="colleagues"),
    path("customers/new/", add.add, name="add"),
    path("customers/new/known/", add.here_already, name="known"),
    path("customers/address/", address.address, name="address"),
    path("customers/tags/", customer.known_tags, name="known_tags"),
    path(f"{ONE}", customer.customer, name="customer"),
    path(f"{ONE}events/", customer.log, name="log"),
    path(f"{ONE}files/", customer.files, name="files"),
    path(f"{ONE}files/<uuid:file_id>/", customer.file, name="file"),
    path(f"{ONE}files/<uuid:file_id>/preview/", customer.preview, name="preview"),
    path(f"{ONE}files/<uuid:file_id>/rename/", customer.rename_file, name="rename_file"),
    path(f"{ONE}files/<uuid:file_id>/remove/", customer.remove_file, name="remove_file"),
    path(f"{ONE}mentionable/", customer.mentionable, name="mentionable"),
    path(f"{ONE}notes/<int:pk>/", customer.note, name="note"),
    path(f"{ONE}notes/<int:pk>/pin/", customer.pin, name="pin_note"),
    path(f"{ONE}notes/<int:pk>/unpin/", customer.unpin, name="unpin_note"),
    path(f"{ONE}notes/<int:pk>/retract/", customer.retract, name="retract_note"),
    path(f"{ONE}resolve/", customer.resolve, name="resolve"),
    path(f"{ONE}owner/", customer.owner, name="owner"),
    path(f"{ONE}tags/", customer.tags, name="tags"),
    path(f"{ONE}edit/", customer.identity, name="edit"),
    path(f"{ONE}contacts/", customer.contact, name="add_contact"),
    path(f"{ONE}contacts/<int:pk>/", customer.contact, name="contact"),
    path(f"{ONE}contacts/<int:pk>/remove/", customer.contact_gone, name="remove_contact"),
    path(f"{ONE}locations/", customer.location, name="add_location"),
    path(f"{ONE}locations/<int:pk>/", customer.location, name="location"),
    path(f"{ONE}locations/<int:pk>/remove/", customer.location_gone, name="remove_location"),
    path(f"{ONE}locations/back/<uuid:act>/", customer.location_back, name="bring_back_location"),
    path(f"{ONE}consent/<str:kind>/<int:pk>/", consent.consent, name="consent"),
    path(f"{ONE}history/", customer.history, name="history"),
    path(f"{ONE}history/<uuid:act>/", customer.act, name="act"),
    path(f"{ONE}facts/<str:key>/", customer.fact, name="fact"),
    path(f"{ONE}household/", family.household, name="household"),
    path(f"{ONE}household/confirm/", family.confirm, name="confirm_household"),
    path(f"{ONE}household/refuse/", family.refuse, name="refuse_household"),
    path(f"{ONE}household/leave/", family.leave, name="leave_household"),
    path(f"{ONE}referral/", family.referral, name="referral"),
    path(f"{ONE}archive/", customer.archive, name="archive"),
    path(f"{ONE}restore/", customer.restore, name="restore"),
    path(f"{ONE}erase/", customer.erase, name="erase"),
]
