"""Lists of posts: tabs, further pages, hashtags and their RSS, and the composer."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guildry.community.timeline import queries
from guildry.community.timeline.models import Draft, HashtagFollow, Post
from guildry.kernel import clock
from guildry.people.accounts.models import Member
from tests.factories.timeline import follow, publish, publish_many

HOME = reverse("timeline:home")
HTMX = {"HX-Request": "true"}


def test_the_first_tab_says_why_each_post_is_there(ada: Member, ben: Member, ada_client: Client) -> None:
    follow(ada, ben)
    publish(ben)

    assert "Because you follow Ben Okri" in ada_client.get(HOME).content.decode()


@pytest.mark.parametrize("tab", ["for-you", "latest", "following"])
def test_further_posts_come_alone_and_bring_the_next_way_on(
    ada: Member, dan: Member, ada_client: Client, tab: str
) -> None:
    follow(ada, dan)
    publish_many(dan, 2 * queries.PAGE + 1)
    first = ada_client.get(f"{HOME}?tab={tab}")
    cursor = first.context["page"].next_cursor if first.context else _cursor_in(first.content.decode())

    further = ada_client.get(f"{HOME}?tab={tab}&cursor={cursor}&from=21", headers=HTMX).content.decode()

    assert further.count('<article class="post"') == queries.PAGE
    assert 'aria-posinset="21"' in further
    assert "<html" not in further
    assert 'id="more"' in further


def _cursor_in(page: str) -> str:
    return page.split("cursor=")[1].split("&")[0].split('"')[0]


def test_a_cursor_that_is_not_ours_is_refused(ada_client: Client) -> None:
    assert ada_client.get(f"{HOME}?tab=latest&cursor=nonsense").status_code == 400


def test_new_posts_are_counted_for_the_pill(ada: Member, ben: Member, ada_client: Client) -> None:
    seen = publish(ada)
    publish(ben)

    pill = ada_client.get(f"{reverse('timeline:new')}?tab=latest&after={seen.pk}", headers=HTMX)

    assert "1 new post" in pill.content.decode()


def test_a_hashtag_has_a_page_and_an_rss_of_public_posts(ada: Member, ada_client: Client) -> None:
    publish(ada, "About #tools & more")
    publish(ada, "Only for us #tools", audience="connections")
    page = reverse("timeline:hashtag", kwargs={"tag": "tools"})

    rss = Client().get(f"{page}rss/")
    followed = ada_client.post(f"{page}follow/", {"keep": "1"}, headers=HTMX)

    items = ET.fromstring(rss.content).findall("channel/item")
    assert rss.headers["Content-Type"].startswith("application/rss+xml")
    assert [item.findtext("title") for item in items] == ["Ada Nwosu: About #tools & more"]
    assert "Only for us" in ada_client.get(page).content.decode()
    assert "Following" in followed.content.decode()
    assert HashtagFollow.objects.filter(member=ada).exists()
    assert Client().get(reverse("timeline:hashtag", kwargs={"tag": "nobody"})).status_code == 404


def test_the_composer_publishes_and_says_how_to_undo(ada: Member, ada_client: Client) -> None:
    response = ada_client.post(reverse("timeline:compose"), {"body": "Hello", "audience": "everyone"})

    post = Post.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, f"{HOME}?tab=latest")
    undone = ada_client.post(reverse("timeline:withdrawal", kwargs={"post_id": post.pk}))
    assert undone.status_code == 303
    assert Draft.objects.get().body == "Hello"


def test_the_composer_keeps_what_is_typed_and_says_what_is_missing(ada: Member, ada_client: Client) -> None:
    empty = ada_client.post(reverse("timeline:compose"), {"body": " ", "audience": "everyone"})
    poll = {
        "body": "When?",
        "audience": "everyone",
        "poll_question": "Which day?",
        "poll_options": ["Monday"],
    }
    half = ada_client.post(reverse("timeline:compose"), poll)

    assert (empty.status_code, half.status_code) == (422, 422)
    assert "Write something, or add a picture or a poll." in empty.content.decode()
    assert "Offer 2 to 6 answers" in half.content.decode()
    assert "Which day?" in half.content.decode()
    assert not Post.objects.exists()


def test_the_composer_saves_by_itself_and_refuses_an_older_state(ada: Member, ada_client: Client) -> None:
    typed = {"body": "Half a thought", "audience": "everyone", "intent": "save"}
    ada_client.post(reverse("timeline:compose"), typed, headers=HTMX)
    draft = Draft.objects.get()
    address = reverse("timeline:draft", kwargs={"draft_id": draft.pk})

    ada_client.post(address, {**typed, "body": "A whole thought", "version": "1"}, headers=HTMX)
    older = ada_client.post(address, {**typed, "body": "Something else", "version": "1"})

    assert older.status_code == 422
    assert Draft.objects.get().body == "A whole thought"


def test_a_post_is_timed_in_the_members_zone(ada: Member, ada_client: Client) -> None:
    Member.objects.filter(pk=ada.pk).update(time_zone="Asia/Tokyo")
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT09:00")
    timed = {"body": "Later", "audience": "everyone", "intent": "schedule", "scheduled_for": tomorrow}

    response = ada_client.post(reverse("timeline:compose"), timed)

    assert response.status_code == 303
    assert Draft.objects.get().scheduled_for.hour == 0


def test_drafts_are_private(ada: Member, ben: Member, ada_client: Client) -> None:
    draft = Draft.objects.create(author=ben, body="Secret", created_at=clock.now(), saved_at=clock.now())

    assert ada_client.get(reverse("timeline:draft", kwargs={"draft_id": draft.pk})).status_code == 404
    assert "Secret" not in ada_client.get(reverse("timeline:drafts")).content.decode()
