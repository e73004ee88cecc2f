"""Addresses of patients, parents and carers."""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.portal import assent, care, dissent, documents, plan, sharing, story, story_signs
from hoofbeat.web.portal.home import portal, record_home

urlpatterns = [
    path("", portal, name="portal"),
    path("<uuid:pk>/", record_home, name="portal_record"),
    path("<uuid:pk>/story/", story.story, name="portal_story"),
    path("<uuid:pk>/story/search/", story.search_signs, name="portal_search_signs"),
    path("<uuid:pk>/story/<uuid:story>/signs/", story_signs.story_signs, name="portal_story_signs"),
    path("<uuid:pk>/story/sign/", story.tell_sign, name="portal_tell_sign"),
    path("<uuid:pk>/story/sign/<uuid:finding>/take-back/", story.take_back, name="portal_take_back"),
    path("<uuid:pk>/messages/", care.talk, name="portal_messages"),
    path("<uuid:pk>/messages/read/", care.messages_read, name="portal_messages_read"),
    path("<uuid:pk>/visits/", care.visits, name="portal_visits"),
    path("<uuid:pk>/documents/", documents.documents, name="portal_documents"),
    path("<uuid:pk>/documents/<uuid:document>/", documents.document_file, name="portal_document"),
    path("<uuid:pk>/talked/", care.talked, name="portal_talked"),
    path("<uuid:pk>/plan/", plan.plan, name="portal_plan"),
    path("<uuid:pk>/team/", care.team, name="portal_team"),
    path("<uuid:pk>/consents/", sharing.consents, name="portal_consents"),
    path("<uuid:pk>/consents/<uuid:consent>/", sharing.consent, name="portal_consent"),
    path("<uuid:pk>/consents/<uuid:consent>/withdraw/", sharing.withdraw, name="portal_withdraw_consent"),
    path("<uuid:pk>/consents/<uuid:consent>/renew/", dissent.renew, name="portal_renew_consent"),
    path("<uuid:pk>/consents/child/", assent.assent, name="portal_assent"),
    path("<uuid:pk>/consents/no/", dissent.say_no, name="portal_dissent"),
    path("<uuid:pk>/consents/no/<uuid:dissent>/take-back/", dissent.take_back, name="portal_take_back_dissent"),
    path("<uuid:pk>/left/", sharing.left, name="portal_left"),
    path("<uuid:pk>/left/own-copy/", sharing.own_copy, name="portal_own_copy"),
    path("<uuid:pk>/looked/", sharing.looked, name="portal_looked"),
]
