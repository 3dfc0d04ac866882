// Express and Sequelize as most projects write them: models, includes, objects, res.json.
import express from "express";
import { DataTypes, Op, Sequelize, literal } from "sequelize";
import { PAGE, bearer, before, digest, inForce, page } from "./shape.mjs";

const [database, port] = process.argv.slice(2);
const sequelize = database.startsWith("mysql:")
  ? new Sequelize(database, { dialect: "mysql", logging: false, timezone: "+00:00", pool: { max: 4 } })
  : new Sequelize({ dialect: "sqlite", storage: database, logging: false });
const quiet = { timestamps: false, freezeTableName: true };
const { BOOLEAN, DATE, INTEGER, STRING, TEXT } = DataTypes;
const key = { type: INTEGER, primaryKey: true };

const Member = sequelize.define(
  "accounts_member",
  { id: key, handle: STRING, email: STRING, name: STRING, headline: STRING, portrait: STRING, time_zone: STRING,
    locale: STRING, theme: STRING, is_active: BOOLEAN, has_staff_grant: BOOLEAN, created_at: DATE },
  quiet,
);
const Token = sequelize.define(
  "accounts_accesstoken",
  { id: key, digest: STRING, scopes: TEXT, expires_at: DATE, revoked_at: DATE, last_used_at: DATE, member_id: INTEGER },
  quiet,
);
const Organisation = sequelize.define("organisations_organisation", { id: key, handle: STRING, name: STRING }, quiet);
const Preview = sequelize.define(
  "timeline_linkpreview",
  { id: key, post_id: INTEGER, url: STRING, title: STRING, description: STRING, site: STRING, image: STRING },
  quiet,
);
const Post = sequelize.define(
  "timeline_post",
  { id: key, author_id: INTEGER, html: TEXT, audience: STRING, organisation_id: INTEGER, repost_of_id: INTEGER,
    is_repost: BOOLEAN, version: INTEGER, published_at: DATE, edited_at: DATE, deleted_at: DATE, reaction_count: INTEGER,
    comment_count: INTEGER, repost_count: INTEGER, image_count: INTEGER, has_poll: BOOLEAN },
  quiet,
);
Token.belongsTo(Member, { as: "member", foreignKey: "member_id" });
Post.belongsTo(Member, { as: "author", foreignKey: "author_id" });
Post.belongsTo(Organisation, { as: "organisation", foreignKey: "organisation_id" });
Post.hasOne(Preview, { as: "preview", foreignKey: "post_id" });

const own = "timeline_post";
const exists = (table, where) => `EXISTS(SELECT 1 FROM ${table} u WHERE ${where} LIMIT 1)`;

function visible(viewer) {
  const author = `${own}.author_id`;
  const connected =
    `((u.addressee_id = ${author} AND u.requester_id = ${viewer}) OR ` +
    `(u.addressee_id = ${viewer} AND u.requester_id = ${author})) AND u.state = 'accepted'`;
  const belongs = `u.is_current AND u.member_id = ${viewer} AND u.organisation_id = ${own}.organisation_id`;
  return [
    literal(`NOT ${exists("accounts_member", `u.id = ${author} AND NOT u.is_active`)}`),
    {
      [Op.or]: [
        { audience: "everyone" },
        { author_id: viewer },
        { [Op.and]: [{ audience: "connections" }, literal(exists("network_connection", connected))] },
        { [Op.and]: [{ audience: "organisation" }, literal(exists("organisations_membership", belongs))] },
      ],
    },
    literal(`NOT ${exists("network_block", `u.blocker_id = ${viewer} AND u.blocked_id = ${author}`)}`),
    literal(`NOT ${exists("network_block", `u.blocker_id = ${author} AND u.blocked_id = ${viewer}`)}`),
    literal(`NOT ${exists("network_mute", `u.muter_id = ${viewer} AND u.muted_id = ${author}`)}`),
  ];
}

function timeline(viewer, cursor) {
  const mine = `u.member_id = ${viewer} AND u.post_id = ${own}.id`;
  const reposted = `u.author_id = ${viewer} AND u.is_bare AND u.repost_of_id = ${own}.id`;
  return Post.findAll({
    attributes: {
      include: [
        [literal(`(SELECT u.kind FROM timeline_reaction u WHERE ${mine} LIMIT 1)`), "my_reaction"],
        [literal(exists("timeline_save", mine)), "is_saved"],
        [literal(exists("timeline_post", reposted)), "is_reposted"],
      ],
    },
    where: { id: { [Op.lt]: before(cursor) }, deleted_at: null, [Op.and]: visible(viewer) },
    include: [
      { model: Member, as: "author", attributes: ["id", "handle", "name", "headline", "portrait"], required: true },
      { model: Organisation, as: "organisation", attributes: ["id", "handle", "name"] },
      { model: Preview, as: "preview", attributes: ["url", "title", "description", "site", "image"] },
    ],
    order: [["id", "DESC"]],
    limit: PAGE + 1,
  });
}

// The same names as the columns of the compiled statement.
function flat(post) {
  const row = post.get();
  for (const name of ["author", "organisation", "preview"]) {
    for (const [field, value] of Object.entries(row[name]?.get() ?? {})) row[`${name}__${field}`] = value;
  }
  return row;
}

const app = express();
app.disable("x-powered-by");
app.use(async (request, response, next) => {
  const token = await Token.findOne({
    where: { digest: digest(bearer(request)) },
    include: [{ model: Member, as: "member" }],
  });
  if (!token || !inForce({ ...token.get(), is_active: token.member.is_active })) return response.sendStatus(401);
  request.viewer = token.member;
  return next();
});
app.get("/api/v1/timeline/posts", async (request, response, next) => {
  try {
    const posts = await timeline(request.viewer.id, request.query.cursor);
    response.json(page(posts.map(flat), request.viewer.id));
  } catch (error) {
    next(error);
  }
});
app.listen(Number(port), "127.0.0.1", () => console.log("ready"));
