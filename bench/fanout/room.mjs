// One room on Node's socket.io: what one says, everybody hears.
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port] = process.argv.slice(2);
const http = createServer((_, answer) => answer.end());
const server = new Server(http, { transports: ["websocket"] });

const namespace = server.of("/bench");
namespace.on("connection", (socket) => {
  socket.join("hall");
  socket.on("say", ({ n, count, t, text }, answer) => {
    for (let said = n; said < n + count; said++) namespace.to("hall").emit("said", { n: said, t, text });
    answer({ ok: true });
  });
});
http.listen(Number(port), "127.0.0.1");
