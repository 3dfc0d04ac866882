"""Pages of one post: what they show, what forms answer, and the one part htmx puts in place."""

import pytest
from django.test import Client
from django.urls import reverse

from guildry.community.timeline import actions, queries
from guildry.community.timeline.models import Comment, Post, Reaction, Save
from guildry.community.timeline.rules import Audience, ReactionKind
from guildry.people.accounts.models import Member
from tests.factories.timeline import comment, organisation, publish, publish_poll

HTMX = {"HX-Request": "true"}


def _at(name: str, post: Post) -> str:
    return reverse(f"timeline:{name}", kwargs={"post_id": post.pk})


def test_a_guest_reads_a_public_post_and_its_thread(ada: Member, ben: Member) -> None:
    post = publish(ada, "The **workshop** is open")
    comment(ben, post, "Count me in")

    page = Client().get(_at("post", post)).content.decode()

    assert "<strong>workshop</strong>" in page
    assert "Count me in" in page
    assert "csrfmiddlewaretoken" not in page


@pytest.mark.parametrize("name", ["post", "history", "reactions", "menu", "reaction"])
def test_a_post_for_others_is_not_found(ada: Member, ben: Member, name: str) -> None:
    group = organisation("northwind", ada)
    post = publish(ada, audience=Audience.ORGANISATION, organisation_id=group.pk)
    client = Client()
    client.force_login(ben)

    assert client.get(_at(name, post)).status_code == 404


def test_names_and_texts_cannot_bring_markup(ada: Member, ada_client: Client) -> None:
    Member.objects.filter(pk=ada.pk).update(name='<b>Ada</b>"', headline="<script>alert(1)</script>")
    publish(ada, "<img src=x onerror=alert(1)> %s %(name)s")

    page = ada_client.get(reverse("timeline:home")).content.decode()

    assert "&lt;b&gt;Ada&lt;/b&gt;&#34;" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "%s %(name)s" in page


def test_reacting_without_javascript_leads_back(ada: Member, ada_client: Client) -> None:
    post = publish(ada)

    response = ada_client.post(_at("reaction", post), {"kind": "like", "next": "/timeline/?tab=latest"})

    assert (response.status_code, response.headers["Location"]) == (303, "/timeline/?tab=latest")
    assert Reaction.objects.get().kind == "like"


def test_reacting_with_htmx_brings_the_card(ada: Member, ada_client: Client) -> None:
    post = publish(ada)

    response = ada_client.post(_at("reaction", post), {"kind": "support"}, headers=HTMX)
    taken_back = ada_client.post(_at("reaction", post), {"kind": ""}, headers=HTMX)

    card = response.content.decode()
    assert card.strip().startswith(f'<article class="post" id="post-{post.pk}"')
    assert "Support. Take it back" in card
    assert 'aria-label="Like"' in taken_back.content.decode()
    assert not Reaction.objects.exists()


def test_the_buttons_of_a_card_belong_to_the_one_form_of_the_page(ada: Member, ada_client: Client) -> None:
    post = publish(ada)

    page = ada_client.get(reverse("timeline:home")).content.decode()

    assert page.count('<form id="acts" method="post" hidden>') == 1
    for name, value in (("reaction", 'name="kind" value="like"'), ("saving", 'name="keep" value="1"')):
        assert (
            f'<button class="btn btn-ghost btn-sm" form="acts" formaction="{_at(name, post)}" {value}' in page
        )
    for name in ("menu", "reaction"):
        assert f'href="{_at(name, post)}" data-menu' in page


def test_the_kinds_of_reactions_are_a_page_and_a_menu(ada: Member, ada_client: Client) -> None:
    post = publish(ada)
    actions.react(ada, post_id=post.pk, kind=ReactionKind.SUPPORT)

    page = ada_client.get(_at("reaction", post)).content.decode()
    menu = ada_client.get(_at("reaction", post), headers=HTMX).content.decode()

    for part in (page, menu):
        assert part.count(f'formaction="{_at("reaction", post)}"') == len(ReactionKind)
        assert 'value="support" aria-pressed="true"' in part
        assert part.count('aria-pressed="true"') == 1
    assert "<h1>React to this post</h1>" in page
    assert "<h1>" not in menu


def test_the_menu_of_a_post_offers_what_its_reader_may_do(
    ada: Member, ben: Member, ada_client: Client, client: Client
) -> None:
    post = publish(ada)
    client.force_login(ben)

    own = ada_client.get(_at("menu", post), headers=HTMX).content.decode()
    foreign = client.get(_at("menu", post), headers=HTMX).content.decode()
    page = client.get(_at("menu", post)).content.decode()

    assert "Earlier versions" not in own
    assert ["Open" in own, "Who reacted" in own, "Edit" in own, _at("deletion", post) in own] == [True] * 4
    assert ["Open" in foreign, "Edit" in foreign, _at("deletion", post) in foreign] == [True, False, False]
    assert "<h1>More about this post</h1>" in page


def test_the_menu_of_an_edited_post_leads_to_what_it_said_before(ada: Member, ada_client: Client) -> None:
    post = publish(ada)
    actions.edit_post(ada, post_id=post.pk, body="Better", expected_version=post.version)

    assert _at("history", post) in ada_client.get(_at("menu", post), headers=HTMX).content.decode()


def test_a_reaction_nobody_offers_is_refused(ada: Member, ada_client: Client) -> None:
    post = publish(ada)

    assert ada_client.post(_at("reaction", post), {"kind": "hate"}).status_code == 422
    assert not Reaction.objects.exists()


def test_an_empty_comment_comes_back_with_a_message(ada: Member, ada_client: Client) -> None:
    post = publish(ada)

    response = ada_client.post(_at("comments", post), {"body": " "})

    assert response.status_code == 422
    assert "Write a comment." in response.content.decode()
    assert not Comment.objects.exists()


def test_a_comment_leads_to_itself_and_htmx_gets_the_thread(ada: Member, ada_client: Client) -> None:
    post = publish(ada)

    plain = ada_client.post(_at("comments", post), {"body": "First"})
    thread = ada_client.post(_at("comments", post), {"body": "Second"}, headers=HTMX)

    first = Comment.objects.order_by("pk")[0]
    assert (plain.status_code, plain.headers["Location"]) == (303, f"{_at('post', post)}#comment-{first.pk}")
    assert thread.content.decode().strip().startswith('<section class="card thread" id="comments"')
    assert "Second" in thread.content.decode()


def test_editing_keeps_the_version_it_started_from(ada: Member, ada_client: Client) -> None:
    post = publish(ada, "One")

    first = ada_client.post(_at("edit", post), {"body": "Two", "version": "1"})
    late = ada_client.post(_at("edit", post), {"body": "Three", "version": "1"})

    assert first.status_code == 303
    assert late.status_code == 422
    assert Post.objects.get().body == "Two"
    assert "Two" in ada_client.get(_at("history", post)).content.decode()


def test_somebody_elses_post_is_neither_edited_nor_deleted(ben: Member, ada_client: Client) -> None:
    post = publish(ben, "Mine")

    assert ada_client.post(_at("edit", post), {"body": "Yours"}).status_code == 403
    assert ada_client.post(_at("deletion", post)).status_code == 403
    assert Post.objects.get().body == "Mine"


def test_deleting_offers_the_way_back(ada: Member, ada_client: Client) -> None:
    post = publish(ada)

    gone = ada_client.post(_at("deletion", post), headers=HTMX).content.decode()
    back = ada_client.post(_at("restoration", post), headers=HTMX).content.decode()

    assert _at("restoration", post) in gone
    assert f'id="post-{post.pk}"' in back
    assert queries.post_card(ada, post.pk).id == post.pk


def test_passing_on_saving_and_putting_aside(ada: Member, ben: Member, ada_client: Client) -> None:
    post = publish(ben)

    passed_on = ada_client.post(_at("reposts", post), {"body": ""})
    again = ada_client.post(_at("reposts", post), {"body": ""})
    saved = ada_client.post(_at("saving", post), {"keep": "1"}, headers=HTMX)
    aside = ada_client.post(_at("dismissal", post), {"keep": "1"}, headers=HTMX)

    assert (passed_on.status_code, again.status_code) == (303, 409)
    assert "Saved for later" in saved.content.decode()
    assert Save.objects.filter(member=ada, post=post).exists()
    assert "You will see no more of this post here." in aside.content.decode()


def test_a_vote_shows_the_result(ada: Member, ben: Member, ada_client: Client) -> None:
    post = publish_poll(ben)
    option = queries.post_card(ada, post.pk).poll.options[0]  # type: ignore[union-attr]

    voted = ada_client.post(_at("votes", post), {"option": option.id}, headers=HTMX)
    nonsense = ada_client.post(_at("votes", post), {"option": "many"})

    assert "100%" in voted.content.decode()
    assert nonsense.status_code == 422


def test_guests_are_asked_to_sign_in(ada: Member) -> None:
    post = publish(ada)

    for name in ("reaction", "comments", "saving", "votes", "deletion", "reposts"):
        assert Client().post(_at(name, post)).status_code == 302
    assert not Reaction.objects.exists()


def test_a_bare_repost_shows_what_it_passes_on_with_its_own_card(
    ada: Member, ben: Member, ada_client: Client
) -> None:
    post = publish(ben, "The original words")
    passed_on = actions.repost(ada, post_id=post.pk)

    page = ada_client.get(f"{reverse('timeline:home')}?tab=latest").content.decode()

    assert f'id="post-{passed_on.pk}" data-post="{post.pk}"' in page
    assert "passed this on" in page
