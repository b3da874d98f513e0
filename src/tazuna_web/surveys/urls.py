"""Addresses of answering."""

from __future__ import annotations

from django.urls import path

from tazuna_web.surveys import views

urlpatterns = [
    path("", views.home, name="surveys"),
    path("<int:wave_id>/<int:number>/", views.screen, name="screen"),
    path("<int:wave_id>/answer/", views.answer, name="answer"),
    path("<int:wave_id>/finish/", views.finish, name="finish"),
    path("<int:wave_id>/company/", views.company, name="company-answers"),
]
