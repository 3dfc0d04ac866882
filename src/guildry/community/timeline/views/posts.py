"""One post: its page, its changes, its thread and what members do with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildry.community.timeline import actions, queries
from guildry.community.timeline.forms import KeepForm, ReactionForm, TextForm, VoteForm
from guildry.community.timeline.rules import ReactionKind
from guildry.community.timeline.views.answers import back, see, with_post
from guildry.community.timeline.views.articles import article
from guildry.kernel import errors
from guildry.kernel.permissions import MemberRequest, public, viewer_of
from guildry.ui.pages import render


@require_GET
@public
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    return thread(request, post_id, TextForm())


def thread(request: HttpRequest, post_id: int, form: TextForm, status: int = 200) -> HttpResponse:
    """Render a post with its comments, or only further comments."""
    viewer = viewer_of(request)
    comments = queries.comments_on(viewer, post_id=post_id, cursor=request.GET.get("cursor", ""))
    card = queries.post_card(viewer, post_id)
    content = {"article": article, "post": card, "comments": comments, "form": form}
    block = "comments" if request.htmx else None  # type: ignore[attr-defined]
    return render(request, "timeline/post.html", content, block=block, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: MemberRequest, post_id: int) -> HttpResponse:
    found = queries.post_for(request.user, post_id)
    form = TextForm(request.POST or None, initial={"body": found.body, "version": found.version})
    if request.method == "POST" and form.is_valid():
        body, version = form.cleaned_data["body"], form.cleaned_data["version"]
        try:
            actions.edit_post(request.user, post_id=post_id, body=body, expected_version=version)
            return with_post(request, post_id, "Post changed.")
        except (errors.Invalid, actions.ChangedMeanwhile) as refusal:
            form.refuse(refusal)
    status = 422 if form.errors else 200
    return render(request, "timeline/edit.html", {"post_id": post_id, "form": form}, status=status)


@require_GET
@public
def history(request: HttpRequest, post_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    versions = queries.versions_of(viewer, post_id=post_id)
    content = {"post": queries.post_card(viewer, post_id), "versions": versions}
    return render(request, "timeline/history.html", content)


@require_POST
@login_required
def deletion(request: MemberRequest, post_id: int) -> HttpResponse:
    actions.delete_post(request.user, post_id=post_id)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "timeline/_gone.html", {"post_id": post_id, "reason": "deleted"})
    messages.success(request, "Post deleted.", extra_tags=f"undo:{_restoration(post_id)}")
    return see(reverse("timeline:home"))


@require_POST
@login_required
def restoration(request: MemberRequest, post_id: int) -> HttpResponse:
    actions.restore_post(request.user, post_id=post_id)
    return with_post(request, post_id, "Post restored.")


@require_POST
@login_required
def withdrawal(request: MemberRequest, post_id: int) -> HttpResponse:
    draft = actions.withdraw_post(request.user, post_id=post_id)
    messages.success(request, "Your post is a draft again.")
    return see(reverse("timeline:draft", kwargs={"draft_id": draft.pk}))


@require_GET
@public
def reactions(request: HttpRequest, post_id: int) -> HttpResponse:
    """Who reacted, and how."""
    viewer = viewer_of(request)
    page = queries.reactions_to(viewer, post_id=post_id, cursor=request.GET.get("cursor", ""))
    content = {"post": queries.post_card(viewer, post_id), "page": page}
    return render(request, "timeline/reactions.html", content)


@require_GET
@public
def menu(request: HttpRequest, post_id: int) -> HttpResponse:
    """What else can be done with a post: a page, or for htmx the entries of a menu."""
    content = {"post": queries.post_card(viewer_of(request), post_id)}
    block = "menu" if request.htmx else None  # type: ignore[attr-defined]
    return render(request, "timeline/menu.html", content, block=block)


@require_http_methods(["GET", "POST"])
@login_required
def reaction(request: MemberRequest, post_id: int) -> HttpResponse:
    """Choose a reaction, or take it back with an empty kind; asked with GET, say which there are."""
    if request.method == "GET":
        content = {"post": queries.post_card(request.user, post_id)}
        block = "menu" if request.htmx else None  # type: ignore[attr-defined]
        return render(request, "timeline/reaction.html", content, block=block)
    form = ReactionForm(request.POST)
    if not form.is_valid():
        raise errors.Invalid("Choose one of the reactions.", field="kind")
    if kind := form.cleaned_data["kind"]:
        actions.react(request.user, post_id=post_id, kind=ReactionKind(kind))
    else:
        actions.withdraw_reaction(request.user, post_id=post_id)
    return with_post(request, post_id)


@require_POST
@login_required
def comments(request: MemberRequest, post_id: int) -> HttpResponse:
    form = TextForm(request.POST)
    if not form.is_valid():
        return thread(request, post_id, form, status=422)
    body, parent_id = form.cleaned_data["body"], form.cleaned_data["parent"]
    try:
        comment = actions.comment_on_post(request.user, post_id=post_id, body=body, parent_id=parent_id)
    except errors.Invalid as refusal:
        form.refuse(refusal)
        return thread(request, post_id, form, status=422)
    if request.htmx:  # type: ignore[attr-defined]
        return thread(request, post_id, TextForm())
    return see(f"{reverse('timeline:post', kwargs={'post_id': post_id})}#comment-{comment.pk}")


@require_http_methods(["GET", "POST"])
@login_required
def comment_edit(request: MemberRequest, comment_id: int) -> HttpResponse:
    found = queries.comment_for(request.user, comment_id)
    form = TextForm(request.POST or None, initial={"body": found.body})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_comment(request.user, comment_id=comment_id, body=form.cleaned_data["body"])
            return see(f"{reverse('timeline:post', kwargs={'post_id': found.post_id})}#comment-{comment_id}")
        except errors.Invalid as refusal:
            form.refuse(refusal)
    status = 422 if form.errors else 200
    return render(request, "timeline/comment.html", {"comment": found, "form": form}, status=status)


@require_POST
@login_required
def comment_deletion(request: MemberRequest, comment_id: int) -> HttpResponse:
    comment = actions.delete_comment(request.user, comment_id=comment_id)
    if request.htmx:  # type: ignore[attr-defined]
        return thread(request, comment.post_id, TextForm())
    return back(request, reverse("timeline:post", kwargs={"post_id": comment.post_id}))


@require_http_methods(["GET", "POST"])
@login_required
def reposts(request: MemberRequest, post_id: int) -> HttpResponse:
    """Pass a post on: at once, or after writing a note on this page."""
    form = TextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.repost(request.user, post_id=post_id, note=form.cleaned_data["body"])
            messages.success(request, "Passed on to everybody.", extra_tags=f"undo:{_deletion(made.pk)}")
            return back(request, reverse("timeline:home"))
        except errors.Invalid as refusal:
            form.refuse(refusal)
    content = {"post": queries.post_card(request.user, post_id), "form": form}
    return render(request, "timeline/repost.html", content, status=422 if form.errors else 200)


@require_POST
@login_required
def repost_withdrawal(request: MemberRequest, post_id: int) -> HttpResponse:
    actions.withdraw_repost(request.user, post_id=post_id)
    return with_post(request, post_id, "No longer passed on.")


@require_POST
@login_required
def saving(request: MemberRequest, post_id: int) -> HttpResponse:
    form = KeepForm(request.POST)
    keep = form.is_valid() and form.cleaned_data["keep"]
    (actions.save_post if keep else actions.unsave_post)(request.user, post_id=post_id)
    return with_post(request, post_id, "Saved for later." if keep else "No longer saved.")


@require_POST
@login_required
def dismissal(request: MemberRequest, post_id: int) -> HttpResponse:
    form = KeepForm(request.POST)
    keep = form.is_valid() and form.cleaned_data["keep"]
    if not keep:
        actions.undismiss_post(request.user, post_id=post_id)
        return with_post(request, post_id)
    actions.dismiss_post(request.user, post_id=post_id)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "timeline/_gone.html", {"post_id": post_id, "reason": "dismissed"})
    return back(request, reverse("timeline:home"))


@require_POST
@login_required
def votes(request: MemberRequest, post_id: int) -> HttpResponse:
    form = VoteForm(request.POST)
    if not form.is_valid():
        raise actions.NoSuchOption(field="option")
    actions.vote(request.user, post_id=post_id, option_id=form.cleaned_data["option"])
    return with_post(request, post_id, "Your vote counts.")


def _restoration(post_id: int) -> str:
    return reverse("timeline:restoration", kwargs={"post_id": post_id})


def _deletion(post_id: int) -> str:
    return reverse("timeline:deletion", kwargs={"post_id": post_id})
