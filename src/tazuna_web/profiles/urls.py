"""Address of the own profile; it names nobody, so it can show nobody else."""

from __future__ import annotations

from django.urls import path

from tazuna_web.profiles import views

urlpatterns = [path("", views.profile, name="profile")]
