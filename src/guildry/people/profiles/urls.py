"""Addresses of profiles. A hyphen cannot occur in a handle, and `me` is nobody's."""

from django.urls import path

from guildry.people.profiles.views import editing, entries, pages

app_name = "profiles"
urlpatterns = [
    path("", pages.directory, name="directory"),
    path("skill-suggestions/", pages.suggestions, name="suggestions"),
    path("me/", editing.home, name="home"),
    path("me/basics/", editing.basics, name="basics"),
    path("me/portrait/", editing.portrait, name="portrait"),
    path("me/story/", editing.story, name="story"),
    path("me/availability/", editing.availability, name="availability"),
    path("me/visibility/", editing.visibility, name="visibility"),
    path("me/skills/", editing.skills, name="skills"),
    path("me/skills/<int:skill_id>/removal/", editing.skill_removal, name="skill_removal"),
    path("me/skills/<int:skill_id>/first/", editing.skill_first, name="skill_first"),
    path("me/<slug:section>/", entries.entries, name="entries"),
    path("me/<slug:section>/<int:entry_id>/", entries.entry, name="entry"),
    path("me/<slug:section>/<int:entry_id>/removal/", entries.removal, name="removal"),
    path("<str:handle>/", pages.profile, name="profile"),
]
