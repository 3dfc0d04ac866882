"""Members with a session each, whose cookies are printed: `python -m bench.fanout.people COUNT POSTS`."""

import sys

import django

NAME = "person{}"


def main(count: int, posts: int) -> None:
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command

    from guildry.community.timeline.actions import publish_post
    from guildry.community.timeline.rules import Composition
    from guildry.kernel import limits
    from guildry.kernel.permissions import SYSTEM
    from guildry.people.accounts import actions
    from guildry.people.accounts.sessions import SessionStore

    call_command("migrate", verbosity=0)
    members = []
    for number in range(count):
        handle = NAME.format(number)
        member = actions.join_member(
            SYSTEM,
            name=f"Person {number}",
            handle=handle,
            email=f"{handle}@example.org",
            password="a long enough secret",
        )
        members.append(member)
        store = SessionStore()
        store.user_agent = "Mozilla/5.0"
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(member.pk), member.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        store.save()
        print(f"guildry={store.session_key}")
    with limits.lifted():
        for number in range(posts):
            publish_post(members[number % count], composition=Composition(body=f"Post number {number}"))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
