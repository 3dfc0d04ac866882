// Fastify and a bare driver, running the very statements our process runs: about the least JavaScript can do.
import { readFileSync } from "node:fs";
import Fastify from "fastify";
import { bearer, before, bound, digest, inForce, page } from "./shape.mjs";

const [database, port, folder] = process.argv.slice(2);
const statements = JSON.parse(readFileSync(`${folder}/statements.json`));
const run = database.startsWith("mysql:") ? await server(database) : await embedded(database);

async function embedded(path) {
  const { default: Database } = await import("better-sqlite3");
  const file = new Database(path, { readonly: true });
  file.pragma("cache_size=-32000");
  file.pragma("mmap_size=268435456");
  const prepared = Object.fromEntries(Object.entries(statements).map(([name, { sql }]) => [name, file.prepare(sql)]));
  return async (name, values) => prepared[name].all(...bound(statements[name], values));
}

async function server(address) {
  const { createPool } = await import("mysql2/promise");
  const pool = createPool({ uri: address, connectionLimit: 4, timezone: "Z" });
  for (const statement of Object.values(statements)) statement.sql = statement.sql.replaceAll("%s", "?");
  return async (name, values) => (await pool.query(statements[name].sql, bound(statements[name], values)))[0];
}

const app = Fastify();
app.get("/api/v1/timeline/posts", async (request, reply) => {
  const [token] = await run("token", { digest: digest(bearer(request)) });
  if (!inForce({ ...token, is_active: token?.member__is_active })) return reply.code(401).send();
  const viewer = token.member__id;
  return page(await run("page", { viewer, before: before(request.query.cursor) }), viewer);
});
await app.listen({ port: Number(port), host: "127.0.0.1" });
console.log("ready");
