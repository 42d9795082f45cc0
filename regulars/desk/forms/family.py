"""What a household is called, what somebody is in it, and how we know who sent them."""

from django import forms


class HouseholdForm(forms.Form):
    name = forms.CharField(label="What the household is called", max_length=200, required=False)
    relation = forms.CharField(label="What they are in it", max_length=40, required=False)


class ReferralForm(forms.Form):
    """`referrer` is the id of a customer; empty leaves who sent them unnamed."""

    referrer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    source = forms.CharField(label="How we know", max_length=100, required=False)
