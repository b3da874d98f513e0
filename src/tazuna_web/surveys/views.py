"""Answering: the home, one screen an area, saving at each answer, finishing; and the company side."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.entering import acting_for
from tazuna_web.surveys.acts import (
    UnknownAnswerError,
    WaveClosedError,
    finish_answering,
    save_answers,
    save_company_answers,
)
from tazuna_web.surveys.forms import (
    Progress,
    asked_questions,
    changed_answers,
    first_open,
    progress_of,
    titles_of,
)
from tazuna_web.surveys.models import Wave
from tazuna_web.surveys.queries import (
    is_asked,
    open_company_waves_for,
    open_waves_for,
    own_answers,
    own_company_answers,
    own_sheet,
)
from tazuna_web.surveys.questionnaire import Screen, company_screen_of, screens_of

ANSWER, ANSWER_FOR_COMPANY = "surveys.answer", "surveys.answer_for_company"


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """An open wave on the home page."""

    wave: Wave
    progress: Progress
    next_screen: int
    finished: bool


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The open waves of the acting person, and of the company side where the role speaks for it."""
    acting = acting_for(request, ANSWER)
    surveys = [_open_survey(acting, wave) for wave in open_waves_for(acting)]
    for_company = [
        (wave, progress_of([company_screen_of(wave)], own_company_answers(acting, wave)))
        for wave in open_company_waves_for(acting)
    ]
    return render(request, "surveys/home.html", {"surveys": surveys, "for_company": for_company})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: HttpRequest, wave_id: int, number: int) -> HttpResponse:
    """One screen of questions; posting saves what changed on it and goes on or back, also without script."""
    acting = acting_for(request, ANSWER)
    wave = _asked_wave(acting, wave_id)
    screens = screens_of(wave)
    if not 1 <= number <= len(screens):
        raise Http404
    if request.method == "POST":
        refused = _saved(request, acting, wave)
        if refused is not None:
            return refused
        step = number - 1 if request.POST.get("go") == "back" else number + 1
        return (
            redirect("screen", wave.pk, max(step, 1)) if step <= len(screens) else redirect("finish", wave.pk)
        )
    if wave.state != Wave.State.OPEN:
        return _closed(request, wave)
    return render(request, "surveys/screen.html", _screen_context(acting, wave, screens, screens[number - 1]))


@require_POST
def answer(request: HttpRequest, wave_id: int) -> HttpResponse:
    """Save the answers sent by htmx at each choice; gives back what is saved now and the progress."""
    if not request.user.is_authenticated:
        return _to_sign_in(request)
    acting = acting_for(request, ANSWER)
    wave = _asked_wave(acting, wave_id)
    refused = _saved(request, acting, wave)
    if refused is not None:
        return refused
    saved = own_answers(acting, wave)
    codes = [name.removeprefix("answer.") for name in request.POST if name.startswith("answer.")]
    context = {
        "answers": [(code, saved[code]) for code in codes],
        "progress": progress_of(screens_of(wave), saved),
    }
    return render(request, "surveys/saved.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, wave_id: int) -> HttpResponse:
    """Before finishing: what is still open. After it: thanks, and the way to the own profile."""
    acting = acting_for(request, ANSWER)
    wave = _asked_wave(acting, wave_id)
    if request.method == "POST":
        try:
            finish_answering(acting=acting, wave=wave, today=timezone.localdate())
        except WaveClosedError:
            return _closed(request, wave)
        return redirect("finish", wave.pk)
    sheet = own_sheet(acting, wave)
    if wave.state != Wave.State.OPEN and not (sheet and sheet.finished):
        return _closed(request, wave)
    screens, saved = screens_of(wave), own_answers(acting, wave)
    titles = titles_of(screens, get_language() or "ja")
    still_open = [
        (part.number, titles[part.number], left)
        for part in screens
        if (left := progress_of([part], saved).open)
    ]
    context = {
        "wave": wave,
        "progress": progress_of(screens, saved),
        "still_open": still_open,
        "finished": sheet is not None and sheet.finished,
        "last": len(screens),
    }
    return render(request, "surveys/finish.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: HttpRequest, wave_id: int) -> HttpResponse:
    """The company-side statements of an executive or HR member, asked with notice and consent."""
    acting = acting_for(request, ANSWER_FOR_COMPANY)
    wave = get_object_or_404(Wave, pk=wave_id, held_by=acting.organisation)
    asked = company_screen_of(wave)
    if not asked.questions:
        raise Http404
    consent_missing = False
    if request.method == "POST":
        if request.POST.get("consent") == "yes":
            try:
                values = changed_answers(request.POST.dict())
                save_company_answers(acting=acting, wave=wave, values=values)
            except WaveClosedError:
                return _closed(request, wave)
            except UnknownAnswerError:
                return HttpResponseBadRequest()
            return redirect(f"{request.path}?saved=1")
        consent_missing = True
    elif wave.state != Wave.State.OPEN:
        return _closed(request, wave)
    saved = own_company_answers(acting, wave)
    context = {
        "wave": wave,
        "questions": asked_questions(asked, saved, get_language() or "ja", company=True),
        "progress": progress_of([asked], saved),
        "just_saved": "saved" in request.GET,
        "consent_missing": consent_missing,
    }
    return render(request, "surveys/company.html", context, status=422 if consent_missing else 200)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To sign-in and back to the surveys; htmx is told to load the page instead of swapping it in."""
    response = redirect_to_login(reverse("surveys"))
    return HttpResponseClientRedirect(response.url) if request.htmx else response  # type: ignore[attr-defined]


def _asked_wave(acting: Acting, wave_id: int) -> Wave:
    """The wave, where the acting person is asked in it; for everybody else it does not exist."""
    wave = get_object_or_404(Wave, pk=wave_id, held_by=acting.organisation)
    if not is_asked(acting, wave):
        raise Http404
    return wave


def _saved(request: HttpRequest, acting: Acting, wave: Wave) -> HttpResponse | None:
    """Save what was posted; None where that went well, else the page that says why not."""
    try:
        values = changed_answers(request.POST.dict())
        if values:
            save_answers(
                acting=acting,
                wave=wave,
                values=values,
                today=timezone.localdate(),
                language=get_language() or "",
            )
    except WaveClosedError:
        return _closed(request, wave)
    except UnknownAnswerError:
        return HttpResponseBadRequest()
    return None


def _closed(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Says kindly that the wave is closed; what was saved before stands."""
    return render(
        request, "surveys/closed.html", {"wave": wave}, status=409 if request.method == "POST" else 200
    )


def _open_survey(acting: Acting, wave: Wave) -> OpenSurvey:
    screens, saved, sheet = screens_of(wave), own_answers(acting, wave), own_sheet(acting, wave)
    return OpenSurvey(
        wave, progress_of(screens, saved), first_open(screens, saved), sheet is not None and sheet.finished
    )


def _screen_context(
    acting: Acting, wave: Wave, screens: tuple[Screen, ...], shown: Screen
) -> dict[str, object]:
    saved = own_answers(acting, wave)
    return {
        "wave": wave,
        "screen": shown,
        "title": titles_of(screens, get_language() or "ja")[shown.number],
        "questions": asked_questions(shown, saved, get_language() or "ja"),
        "progress": progress_of(screens, saved),
        "screens": len(screens),
    }
