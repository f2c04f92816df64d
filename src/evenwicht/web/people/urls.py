"""Addresses of people: signing in, the account, the members, the first run."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from evenwicht.web.people import views

urlpatterns = [
    path("accounts/login/", account.request_login_code, name="account_login"),
    path("accounts/login/code/", account.request_login_code, name="account_request_login_code"),
    path("accounts/login/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/2fa/", mfa.index, name="mfa_index"),
    path("accounts/2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/2fa/recovery-codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("accounts/link/<str:secret>/", views.link, name="link"),
    path("accounts/first/<str:secret>/", views.first_run, name="first-run"),
    path("accounts/", views.account, name="account"),
    path("accounts/people/", views.people, name="people"),
    path("accounts/people/invite/", views.invite, name="invite"),
    path("accounts/people/<int:number>/role/", views.role, name="role"),
    path("accounts/people/<int:number>/end/", views.end, name="end"),
    path("accounts/people/<int:number>/link/", views.make_link, name="make-link"),
]
