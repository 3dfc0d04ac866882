// A namespace that stays in step: reconnects with jitter, resumes after the last number seen, drops repeats.
import { io } from "../vendor/socket.io.esm.min.js";

const offered = () => document.querySelector('meta[name="realtime"]') !== null;

export function live(path) {
  const handlers = new Map();
  let last = Number(document.documentElement.dataset.seq || 0);
  const socket = io(path, { transports: ["websocket"], autoConnect: offered(), randomizationFactor: 0.8 });

  socket.on("connect", async () => {
    const answer = await socket.emitWithAck("resume", { after_seq: last });
    if (answer.ok && answer.last_seq) last = Math.max(last, answer.last_seq);
    if (answer.reset) handlers.get("reset")?.({});
  });
  socket.onAny((event, body) => {
    if (body?.seq !== undefined) {
      if (body.seq < last) return;
      last = body.seq;
    }
    handlers.get(event)?.(body);
  });
  return {
    on(event, handler) { handlers.set(event, handler); return this; },
    send: (event, payload) => socket.emitWithAck(event, payload),
    close: () => socket.close(),
  };
}
