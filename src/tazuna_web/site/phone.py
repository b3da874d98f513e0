"""The demo on a phone in the same network: a QR code that opens the person's door."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_scopes import scopes_disabled

from tazuna_web.accounts.acting import MEMBERSHIP_KEY
from tazuna_web.site.addresses import lan_host
from tazuna_web.site.doors import door_membership

DOOR = "person"
VALID_SECONDS = 15 * 60
_SALT = "tazuna_web.site.phone"


@require_safe
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The QR code as SVG, in a demo that is open to the local network."""
    host = lan_host()
    if not settings.DEMO or host is None:
        raise Http404
    key = signing.dumps(DOOR, salt=_SALT)
    port = urlsplit(f"//{request.get_host()}").port or 80
    address = f"http://{host}:{port}{reverse('phone', args=[key])}"
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=4, light="white", omitsize=True)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@require_safe
@never_cache
def enter(request: HttpRequest, key: str) -> HttpResponse:
    """Go in by the person's door with a fresh key; one that is too old leads to the front door."""
    if not settings.DEMO or lan_host() is None:
        raise Http404
    try:
        door = signing.loads(key, salt=_SALT, max_age=VALID_SECONDS)
    except signing.SignatureExpired:
        return redirect("home")
    except signing.BadSignature as error:
        raise Http404 from error
    with scopes_disabled():
        membership = door_membership(door)
        if membership is None:
            raise Http404
        login(request, membership.account, backend="django.contrib.auth.backends.ModelBackend")
        request.session[MEMBERSHIP_KEY] = membership.pk
    return redirect("surveys")
