"""What every public page has in common: it is never indexed unless it says so, and takes forms only as forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_protect, ensure_csrf_cookie

from objections.public import drafts, inline, onward
from objections.public.forms import Question

_AGAIN = "perbaiki"
_LONGEST, _MOST_TEXTS = 20_000, 20  # of what could not be taken; a session is no store for more
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}


@method_decorator([csrf_protect, ensure_csrf_cookie], name="dispatch")
class Page(View):
    """One page. `ensure_csrf_cookie`: a first form sent without the cookie tells that cookies are off."""

    http_method_names = ["get", "head", "post"]
    template_name = ""
    title: Any = ""
    is_indexed = False
    scripts: tuple[str, ...] = ()  # of templates/public/js; the page is whole without them

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and request.content_type not in FORM_TYPES:
            return HttpResponse(_("Kirim jawaban lewat formulir di halaman ini."), status=415)
        response = super().dispatch(request, *args, **kwargs)
        if not self.is_indexed:
            response.headers["X-Robots-Tag"] = "noindex"
        is_asked = request.headers.get(onward.ASKED) == inline.policy_name()
        return onward.page_after(request, response, kind=Page) if is_asked else response

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        form = context.get("form")
        has_errors = form is not None and form.is_bound and bool(form.errors)
        context |= {"title": self.title, "has_errors": has_errors, "is_indexed": self.is_indexed}
        context |= {"style": inline.style().text, "policy_name": inline.policy_name()}
        context["scripts"] = [inline.script(name).text for name in (inline.ON_EVERY_PAGE, *self.scripts)]
        response = render(self.request, self.template_name, context, status=status)
        response.headers["Content-Security-Policy"] = inline.policy()
        return response

    def ask_again(self, form: Question, *, problem: tuple[str, str] | None = None) -> HttpResponse:
        """Keep what was typed and lead to a page that is read, not sent: Back and refresh then always work."""
        texts = {name: _bounded(self.request.POST.getlist(name)) for name in form.fields}
        kept = {"page": self.request.path, "texts": texts, "problem": problem}
        drafts.keep(self.request, drafts.TYPED, kept)
        return redirect(f"{self.request.path}?{_AGAIN}")

    def question(
        self, form_class: Callable[..., Question], initial: dict[str, Any] | None = None
    ) -> Question:
        """The form to show: empty or with the earlier answer, or once more with what was wrong in it."""
        held = drafts.kept(self.request, drafts.TYPED) if _AGAIN in self.request.GET else None
        if held is None or held["page"] != self.request.path:
            return form_class(initial=initial or {})
        data = QueryDict(mutable=True)
        for name, texts in held["texts"].items():
            data.setlist(name, texts)
        return form_class(data, problem=held["problem"])


def _bounded(texts: list[str]) -> list[str]:
    return [text[:_LONGEST] for text in texts[:_MOST_TEXTS]]


def wait(what: str) -> HttpResponse:
    return redirect(f"{reverse('public:wait')}?{what}")
