"""What a release's pages point to: pictures, tables as files, the report's files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tazuna.language import LANGUAGES, Language
from tazuna.reporting.file_names import safe_part
from tazuna_web.accounts.entering import acting_for
from tazuna_web.overview.downloads import CONTENT_TYPES, TABLE_FORMATS, table_file
from tazuna_web.overview.models import Picture, Release, ReportFile
from tazuna_web.overview.queries import edition_of, page_language, table_in
from tazuna_web.overview.views.entering import DOWNLOAD, SEE_COMPANY, own_release

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A drawing styles itself; opened by itself it may do nothing else."""
KEPT_FOR = 365 * 24 * 60 * 60


@login_required
@require_safe
def picture(request: HttpRequest, wave_id: int, code: str) -> HttpResponse:
    """A figure of the release; its address names language and version, so that browsers may keep it."""
    acting = acting_for(request, SEE_COMPANY)
    release = own_release(acting, wave_id)
    drawn = get_object_or_404(
        Picture, edition__release=release, edition__language=_language(request), code=code
    )
    response = HttpResponse(drawn.svg, content_type="image/svg+xml")
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["Cache-Control"] = f"private, max-age={KEPT_FOR}, immutable"
    return response


@never_cache
@login_required
@require_safe
def table(request: HttpRequest, wave_id: int, code: str, form: str) -> HttpResponse:
    """A table of the release as XLSX or CSV."""
    acting = acting_for(request, DOWNLOAD)
    release = own_release(acting, wave_id)
    language = _language(request)
    found = table_in(edition_of(release, language).content, code)
    table_format = next((known for known in TABLE_FORMATS if known == form), None)
    if found is None or table_format is None:
        raise Http404
    name = f"{safe_part(found['caption'])}_{safe_part(release.wave.label)}.{table_format}"
    return _attachment(table_file(found, language, table_format), form, name)


@never_cache
@login_required
@require_safe
def report(request: HttpRequest, wave_id: int, form: str) -> HttpResponse:
    """The management report of the release in one format."""
    acting = acting_for(request, DOWNLOAD)
    release: Release = own_release(acting, wave_id)
    file = get_object_or_404(
        ReportFile, edition__release=release, edition__language=_language(request), format=form
    )
    return _attachment(bytes(file.content), form, file.name)


def _attachment(content: bytes, form: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPES[form])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _language(request: HttpRequest) -> Language:
    """The language that the address names, else the page's."""
    named = request.GET.get("language")
    return next((language for language in LANGUAGES if language == named), page_language())
