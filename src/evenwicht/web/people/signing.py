"""The pages of the library for signing in, in the house's words and look: by code, with a second factor, out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from evenwicht.reports.catalogue import say
from evenwicht.reports.pictures.element import Child, Markup, element
from evenwicht.reports.pictures.lean import glyph
from evenwicht.web import frame
from evenwicht.web.forms import button, field, form, hidden, wrong
from evenwicht.web.languages import language_of
from evenwicht.web.people import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest


def _centred(request: HttpRequest, title: str, *content: Child) -> Markup:
    return frame.document(request, title, element("div", element("div", glyph("balanced"), class_="mark"), element("h1", title), *content,
                                                  class_="wrap center entrance"),
                          seat=queries.seat_of(request.user) if request.user.is_authenticated else None, here="account")


def _next(context: Mapping[str, Any], request: HttpRequest) -> Markup | None:
    """Where to go on after signing in."""
    where = context.get("redirect_field_value") or request.GET.get("next") or request.POST.get("next")
    return hidden("next", str(where)) if where else None


def sign_in(context: Mapping[str, Any], request: HttpRequest) -> str:
    """The mail address, to which a code is sent."""
    language, asked = language_of(request), context.get("form")
    invalid = say(language, "This is not a mail address that can be used, or it was tried too often. Wait a minute and try again.") \
        if asked is not None and asked.errors else ""
    ended = say(language, "The session has ended. Nothing was lost; sign in to go on.") if request.GET.get("ended") else ""
    told = say(language, "A code is sent to the mail address. There is no password to remember.") if settings.MAIL_IS_SET else say(
        language, "No mail server is set up here yet, so no code can arrive: an owner can make a one-time link on the page of people, "
                  "and “evenwicht serve --link ADDRESS” prints one.")
    value = request.POST.get("email", "")
    return _centred(
        request, say(language, "Sign in"), element("p", told, class_="lead"), wrong(ended), wrong(invalid),
        form(request, _next(context, request),
             field(say(language, "Mail address"), "email", kind="email", value=value, autocomplete="email", required=True, autofocus=True),
             button(say(language, "Send a code"), first=True), to=reverse("account_login"), class_="form narrow"))


def confirm_code(context: Mapping[str, Any], request: HttpRequest) -> str:
    """The code from the mail."""
    language, asked = language_of(request), context.get("form")
    invalid = say(language, "This code is not right. Codes hold for ten minutes, and three tries.") if asked is not None and asked.errors else ""
    return _centred(
        request, say(language, "The code from the mail"),
        element("p", say(language, "If there is an account for this address, a code is on its way."), class_="lead"),
        form(request, _next(context, request),
             field(say(language, "Code"), "code", wrong=invalid, autocomplete="one-time-code", inputmode="text", required=True, autofocus=True),
             button(say(language, "Sign in"), first=True), class_="form narrow"),
        element("p", element("a", say(language, "Another address"), href=reverse("account_login")), class_="small"))


def second_factor(context: Mapping[str, Any], request: HttpRequest) -> str:
    """The code of the authenticator, after the first step."""
    language, asked = language_of(request), context.get("form")
    invalid = say(language, "This code is not right. Take the next one the authenticator shows.") if asked is not None and asked.errors else ""
    return _centred(
        request, say(language, "The code of the authenticator"),
        element("p", say(language, "The six digits that the app shows now, or one of the recovery codes."), class_="lead"),
        form(request, field(say(language, "Code"), "code", wrong=invalid, autocomplete="one-time-code", inputmode="text", required=True, autofocus=True),
             button(say(language, "Go on"), first=True), class_="form narrow"))


def factors(context: Mapping[str, Any], request: HttpRequest) -> str:
    """Whether a second factor is on, and the way to switch it."""
    language = language_of(request)
    on = "totp" in context.get("authenticators", {})
    told = say(language, "An authenticator is asked for at every sign-in.") if on else say(
        language, "At every sign-in an app on the telephone is asked for a code as well.")
    links: list[Child] = [element("a", say(language, "Recovery codes"), href=reverse("mfa_view_recovery_codes"), class_="btn"),
                          element("a", say(language, "Switch off"), href=reverse("mfa_deactivate_totp"), class_="btn")] if on else [
                              element("a", say(language, "Switch on"), href=reverse("mfa_activate_totp"), class_="btn first")]
    return _centred(request, say(language, "Second step at sign-in"), element("p", told, class_="lead"), element("p", *links, class_="btns"),
                    element("p", element("a", say(language, "Back to the account"), href=reverse("account")), class_="small"))


def switch_on(context: Mapping[str, Any], request: HttpRequest) -> str:
    """The secret as a picture and as text, and the first code."""
    language, asked = language_of(request), context["form"]
    invalid = say(language, "This code is not right. Take the next one the authenticator shows.") if asked.errors else ""
    return _centred(
        request, say(language, "Switch on the second step"),
        element("p", say(language, "Scan this with an authenticator app, or type the secret into it; then give the code it shows."), class_="lead"),
        element("p", element("img", src=context["totp_svg_data_uri"], alt=say(language, "The secret as a code for the camera"), class_="qr", width=220, height=220)),
        element("p", element("code", asked.secret), class_="secret"),
        form(request, field(say(language, "Code"), "code", wrong=invalid, autocomplete="one-time-code", inputmode="numeric", required=True, autofocus=True),
             button(say(language, "Switch on"), first=True), class_="form narrow"))


def switch_off(context: Mapping[str, Any], request: HttpRequest) -> str:  # noqa: ARG001
    """Asks once more."""
    language = language_of(request)
    return _centred(request, say(language, "Switch off the second step"),
                    element("p", say(language, "From now on the mail address alone signs in."), class_="lead"),
                    form(request, button(say(language, "Switch off"), first=True), class_="form narrow"))


def recovery_codes(context: Mapping[str, Any], request: HttpRequest) -> str:
    """The codes for when the telephone is lost."""
    language = language_of(request)
    codes = context.get("unused_codes") or ()
    shown = element("ul", [element("li", element("code", code)) for code in codes], class_="plain codes") if codes else None
    return _centred(
        request, say(language, "Recovery codes"),
        element("p", say(language, "Each signs in once in place of the authenticator. Keep them where the telephone is not."), class_="lead"), shown,
        element("p", element("a", say(language, "Make new ones"), href=reverse("mfa_generate_recovery_codes"), class_="btn"), class_="btns"),
        element("p", element("a", say(language, "Back to the account"), href=reverse("account")), class_="small"))


def new_recovery_codes(context: Mapping[str, Any], request: HttpRequest) -> str:  # noqa: ARG001
    """Asks once more: the old ones stop working."""
    language = language_of(request)
    return _centred(request, say(language, "New recovery codes"),
                    element("p", say(language, "The old codes stop working."), class_="lead"),
                    form(request, button(say(language, "Make new ones"), first=True), class_="form narrow"))


def again(context: Mapping[str, Any], request: HttpRequest) -> str:
    """The second factor once more, before something that matters."""
    language, asked = language_of(request), context.get("form")
    invalid = say(language, "This code is not right. Take the next one the authenticator shows.") if asked is not None and asked.errors else ""
    return _centred(
        request, say(language, "Once more, to be sure"),
        form(request, _next(context, request),
             field(say(language, "Code"), "code", wrong=invalid, autocomplete="one-time-code", inputmode="text", required=True, autofocus=True),
             button(say(language, "Go on"), first=True), class_="form narrow"))


def sign_out(context: Mapping[str, Any], request: HttpRequest) -> str:  # noqa: ARG001
    """Asks once, so that no other site can sign somebody out."""
    language = language_of(request)
    return _centred(request, say(language, "Sign out"), form(request, button(say(language, "Sign out"), first=True), class_="form narrow"))


def inactive(context: Mapping[str, Any], request: HttpRequest) -> str:  # noqa: ARG001
    """An account that was closed."""
    language = language_of(request)
    return _centred(request, say(language, "This account is closed"),
                    element("p", say(language, "An owner of the organisation can open it again."), class_="lead"))


def code_subject(context: Mapping[str, Any], request: Any) -> str:
    """Subject of the mail with the code; the code stands in it, so that it can be read from a locked telephone."""
    return say(language_of(request), "{code} is the code to sign in to Evenwicht", code=context["code"])


def code_message(context: Mapping[str, Any], request: Any) -> str:
    """Text of the mail with the code."""
    language = language_of(request)
    return (say(language, "The code to sign in to Evenwicht is:") + f"\n\n{context['code']}\n\n"
            + say(language, "It holds for ten minutes. If nobody asked for it, nothing needs to be done.") + "\n")


def changed_subject(_: Mapping[str, Any], request: Any) -> str:
    """Subject of the mail that tells of a change to the second step."""
    return say(language_of(request), "Evenwicht: the second step at sign-in was changed")


def changed_message(_: Mapping[str, Any], request: Any) -> str:
    """Text of the mail that tells of a change to the second step."""
    return say(language_of(request), "The second step at sign-in was switched on or off, or its recovery codes were made anew. If that was "
                                     "somebody else, an owner can close the account.") + "\n"


PAGES: dict[str, Callable[[Mapping[str, Any], Any], str]] = {
    "account/login.html": sign_in, "account/request_login_code.html": sign_in, "account/confirm_login_code.html": confirm_code,
    "account/logout.html": sign_out, "account/account_inactive.html": inactive, "account/reauthenticate.html": again,
    "mfa/authenticate.html": second_factor, "mfa/reauthenticate.html": again, "mfa/index.html": factors,
    "mfa/totp/activate_form.html": switch_on, "mfa/totp/deactivate_form.html": switch_off,
    "mfa/recovery_codes/index.html": recovery_codes, "mfa/recovery_codes/generate.html": new_recovery_codes,
    "account/email/login_code_subject.txt": code_subject, "account/email/login_code_message.txt": code_message,
    **{f"mfa/email/{what}_subject.txt": changed_subject for what in ("totp_activated", "totp_deactivated", "recovery_codes_generated")},
    **{f"mfa/email/{what}_message.txt": changed_message for what in ("totp_activated", "totp_deactivated", "recovery_codes_generated")},
}
"""Every template the library asks for here."""
