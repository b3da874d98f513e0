"""Addresses of the overview."""

from __future__ import annotations

from django.urls import path

from tazuna_web.overview.views import closing, company, files, members, team

urlpatterns = [
    path("", company.overview, name="overview"),
    path("team/", team.team, name="team"),
    path("members/", members.members, name="members"),
    path("<int:wave_id>/", company.release, name="release"),
    path("<int:wave_id>/answer-check/", company.answer_check, name="answer-check"),
    path("<int:wave_id>/close/", closing.close, name="close-wave"),
    path("<int:wave_id>/progress/", closing.progress, name="progress"),
    path("<int:wave_id>/again/", closing.again, name="make-again"),
    path("<int:wave_id>/pictures/<slug:code>.svg", files.picture, name="picture"),
    path("<int:wave_id>/tables/<slug:code>.<slug:form>", files.table, name="table"),
    path("<int:wave_id>/report.<slug:form>", files.report, name="report"),
]
