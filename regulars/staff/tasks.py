"""What the worker does for this room: mail that must not hold up an answer."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from .models import User
from .sign_in import links


@app.task(name="staff.send_password_link", retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def send_password_link(user_id: int) -> None:
    """The link is made here, so that no queue ever holds one."""
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email=None).first()
    if user is None or not user.email:
        return
    text = render_to_string(
        "staff/mail/password.txt",
        {"name": user.name, "link": links.set_password_url(user), "site": settings.BASE_URL},
    )
    send_mail("Set your Regulars password", text, None, [user.email])


@app.task(name="staff.send_invitation", retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def send_invitation(user_id: int, by_name: str) -> None:
    """Welcome: who invites, where, and the link to set a password; made here, as above."""
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email=None).first()
    if user is None or not user.email:
        return
    known = {
        "name": user.name,
        "by": by_name,
        "email": user.email,
        "link": links.set_password_url(user),
        "site": settings.BASE_URL,
        "company": settings.COMPANY,
    }
    text = render_to_string("staff/mail/invitation.txt", known)
    send_mail(f"{by_name} invites you to {settings.COMPANY}", text, None, [user.email])
