"""Write a post, read it back, react, walk the Timeline, and meet a refusal."""

import os

from guildry_client import Guildry, Refused

guildry = Guildry(os.environ["GUILDRY_ORIGIN"], os.environ["GUILDRY_TOKEN"])

me = guildry.read_me()
post = guildry.publish_post({"body": "Hello from the Python client"})
guildry.react_to_post(post["id"], {"kind": "celebrate"})

read = guildry.read_post(post["id"])
assert read["author"]["handle"] == me["handle"]
assert read["reaction_count"] == 1

guildry.read_post_text(post["id"])
version = guildry.etag
edited = guildry.edit_post(post["id"], {"body": "Hello again from the Python client"}, version=version)
assert "again" in edited["body"]
try:
    guildry.edit_post(post["id"], {"body": "Too late"}, version=version)
except Refused as problem:
    assert (problem.status, problem.code) == (412, "precondition_failed"), problem

newest = next(guildry.pages(guildry.list_posts, tab="latest"))
assert newest["id"] == post["id"]

try:
    guildry.publish_post({"body": ""})
except Refused as problem:
    assert (problem.status, problem.errors[0]["pointer"]) == (422, "/body"), problem

guildry.delete_post(post["id"])
print(f"@{me['handle']} wrote, read, reacted, edited and deleted post {post['id']}.")
