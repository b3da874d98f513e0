"""All addresses of the application; each application keeps its own."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from tazuna_web.site import entrance, phone

urlpatterns = [
    path("", entrance.home, name="home"),
    path("enter/<slug:door>/", entrance.enter, name="enter"),
    path("sign-in/", entrance.SignIn.as_view(), name="sign-in"),
    path("sign-out/", entrance.sign_out, name="sign-out"),
    path("language/", set_language, name="set_language"),
    path("phone.svg", phone.code, name="phone-code"),
    path("phone/<str:key>/", phone.enter, name="phone"),
    path("healthy/", entrance.healthy, name="healthy"),
    path("surveys/", include("tazuna_web.surveys.urls")),
    path("profile/", include("tazuna_web.profiles.urls")),
    path("overview/", include("tazuna_web.overview.urls")),
]
