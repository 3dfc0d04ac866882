// What all comparison programs share: the cursor, the session rule, and the JSON both sides must agree on.
import { createHash } from "node:crypto";

export const PAGE = 20;
const NEWEST = Number.MAX_SAFE_INTEGER;

export const digest = (token) => createHash("sha256").update(token).digest("hex");

export function before(cursor) {
  return cursor ? JSON.parse(Buffer.from(cursor, "base64url").toString())[0] : NEWEST;
}

export function bearer(request) {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  return scheme === "Bearer" ? token : "";
}

export const inForce = (row) => row && !row.revoked_at && moment(row.expires_at) > new Date() && row.is_active;

export function moment(value) {
  return value instanceof Date ? value : new Date(`${value.replace(" ", "T")}Z`);
}

// One row of the page statement, whose columns the program names.
export function card(row, viewer) {
  return {
    id: row.id,
    author: {
      id: row.author_id,
      handle: row.author__handle,
      name: row.author__name,
      headline: row.author__headline,
      portrait: row.author__portrait,
    },
    html: row.html,
    audience: row.audience,
    organisation: row.organisation_id
      ? { id: row.organisation_id, handle: row.organisation__handle, name: row.organisation__name }
      : null,
    version: row.version,
    published_at: stamp(row.published_at),
    edited_at: row.edited_at ? stamp(row.edited_at) : null,
    reaction_count: row.reaction_count,
    comment_count: row.comment_count,
    repost_count: row.repost_count,
    my_reaction: row.my_reaction ?? "",
    is_saved: Boolean(row.is_saved),
    is_reposted: Boolean(row.is_reposted),
    is_mine: row.author_id === viewer,
    is_repost: Boolean(row.is_repost),
    preview: row.preview__url
      ? {
          url: row.preview__url,
          title: row.preview__title,
          description: row.preview__description,
          site: row.preview__site,
          image: row.preview__image,
        }
      : null,
    images: [],
    poll: null,
    original: null,
    why: "",
  };
}

export function page(rows, viewer) {
  const items = rows.slice(0, PAGE).map((row) => card(row, viewer));
  const last = rows.length > PAGE ? JSON.stringify([items[PAGE - 1].id]) : "";
  return { items, next_cursor: last && Buffer.from(last).toString("base64url") };
}

// Bound values of a compiled statement, with the ones of this request in their places.
export function bound(statement, values) {
  const parameters = [...statement.parameters];
  for (const [place, name] of statement.slots) parameters[place] = values[name];
  return parameters.map((value) => (typeof value === "boolean" ? Number(value) : value));
}

function stamp(value) {
  return moment(value).toISOString().replace(".000Z", "Z");
}
