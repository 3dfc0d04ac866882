// Write a post, read it back, react, walk the Timeline, and meet a refusal.
import assert from "node:assert/strict";

import { Guildry, Refused } from "./guildry.js";

const guildry = new Guildry(process.env.GUILDRY_ORIGIN, { token: process.env.GUILDRY_TOKEN });

const me = await guildry.readMe();
const post = await guildry.publishPost({ body: "Hello from the TypeScript client" });
await guildry.reactToPost(post.id, { kind: "celebrate" });

const read = await guildry.readPost(post.id);
assert.equal(read.author.handle, me.handle);
assert.equal(read.reaction_count, 1);

await guildry.readPostText(post.id);
const version = guildry.etag;
const edited = await guildry.editPost(post.id, { body: "Hello again from the TypeScript client" }, version);
assert.match(edited.body, /again/);
await assert.rejects(guildry.editPost(post.id, { body: "Too late" }, version), { status: 412, code: "precondition_failed" });

for await (const newest of guildry.pages("listPosts", { tab: "latest" })) {
  assert.equal(newest.id, post.id);
  break;
}

await assert.rejects(guildry.publishPost({ body: "" }), (problem) => {
  assert.ok(problem instanceof Refused);
  assert.equal(problem.status, 422);
  assert.equal(problem.errors[0].pointer, "/body");
  return true;
});

await guildry.deletePost(post.id);
console.log(`@${me.handle} wrote, read, reacted, edited and deleted post ${post.id}.`);
