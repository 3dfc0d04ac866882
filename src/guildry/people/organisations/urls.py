"""Addresses of organisations."""

from django.urls import path

from guildry.people.organisations.views import pages, people

app_name = "organisations"
urlpatterns = [
    path("", pages.directory, name="directory"),
    path("new/", pages.found, name="found"),
    path("mine/", people.mine, name="mine"),
    path("invitations/<int:invitation_id>/acceptance/", people.own_acceptance, name="own_acceptance"),
    path("invitations/<int:invitation_id>/refusal/", people.own_refusal, name="own_refusal"),
    path("invitations/<str:token>/", people.invitation, name="invitation"),
    path("invitations/<str:token>/acceptance/", people.acceptance, name="acceptance"),
    path("invitations/<str:token>/refusal/", people.refusal, name="refusal"),
    path("<str:handle>/", pages.organisation, name="organisation"),
    path("<str:handle>/edit/", pages.edit, name="edit"),
    path("<str:handle>/mark/", pages.mark, name="mark"),
    path("<str:handle>/oversight/", pages.oversight, name="oversight"),
    path("<str:handle>/closure/", pages.closure, name="closure"),
    path("<str:handle>/reopening/", pages.reopening, name="reopening"),
    path("<str:handle>/people/", people.people, name="people"),
    path("<str:handle>/people/<int:member_id>/role/", people.role, name="role"),
    path("<str:handle>/people/<int:member_id>/removal/", people.removal, name="removal"),
    path("<str:handle>/departure/", people.departure, name="departure"),
    path("<str:handle>/invitations/", people.invitations, name="invitations"),
    path("<str:handle>/invitations/<int:invitation_id>/sending/", people.sending, name="sending"),
    path("<str:handle>/invitations/<int:invitation_id>/revocation/", people.revocation, name="revocation"),
    path("<str:handle>/requests/", people.requests, name="requests"),
    path("<str:handle>/requests/<int:request_id>/withdrawal/", people.withdrawal, name="withdrawal"),
    path(
        "<str:handle>/requests/<int:request_id>/acceptance/",
        people.request_acceptance,
        name="request_acceptance",
    ),
    path("<str:handle>/requests/<int:request_id>/refusal/", people.request_refusal, name="request_refusal"),
]
