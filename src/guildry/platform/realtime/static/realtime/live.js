// Namespaces over one shared connection: each goes on after the last broadcast it got, and shows none twice.
import { Manager } from "../vendor/socket.io.esm.min.js";

const PATIENCE = 20000;
const offer = document.querySelector('meta[name="realtime"]');
const manager = new Manager(location.origin, { transports: ["websocket"], autoConnect: false, reconnectionDelayMax: 15000 });
const channels = new Map();
manager.on("open", () => comeBackIn(1, 0.5));

// Only those who need them load these; trouble may be over before it is shown.
const showWayIn = async () => (await import("./way-in.js")).showWayIn();
let hasTrouble = false;
async function showTrouble() {
  hasTrouble = true;
  const trouble = await import("./trouble.js");
  if (hasTrouble) trouble.showTrouble();
}
function hideTrouble() {
  hasTrouble = false;
  document.querySelector("[data-degraded]")?.remove();
}

class Channel {
  handlers = new Map();
  seq = "seq" in document.documentElement.dataset ? Number(document.documentElement.dataset.seq) : null;
  part = null;

  constructor(path) {
    this.socket = manager.socket(path);
    this.socket.on("connect", () => this.arrive());
    this.socket.on("connect_error", (error) => this.wait(error.data));
    this.socket.on("server:draining", ({ retry_after, jitter }) => comeBackIn(retry_after + Math.random() * jitter));
    this.socket.on("server:degraded", showTrouble);
    this.socket.on("server:recovered", hideTrouble);
    this.socket.onAny((event, body) => (event === "bye" ? this.leave(body) : this.hear(event, body)));
    if (offer) this.socket.connect();
  }

  // Whoever still has trouble says so again.
  arrive() {
    hideTrouble();
    this.resume();
  }

  async resume() {
    try {
      const wanted = { after_seq: this.seq, after_part: this.part };
      const answer = await this.socket.timeout(PATIENCE).emitWithAck("resume", wanted);
      if (!answer.ok) return this.again(answer.retry_after);
      if (answer.last_seq > (this.seq ?? -1)) [this.seq, this.part] = [answer.last_seq, null];
      if (answer.reset) this.tell("reset", {});
    } catch {
      this.again();
    }
  }

  hear(event, body) {
    if (body?.seq !== undefined && this.seq !== null) {
      const part = body.part ?? 0;
      if (body.seq < this.seq || (body.seq === this.seq && part <= (this.part ?? Infinity))) return;
    }
    if (body?.seq !== undefined) [this.seq, this.part] = [body.seq, body.part ?? 0];
    this.tell(event, body);
  }

  tell(event, body) {
    for (const handle of this.handlers.get(event) ?? []) handle(body);
  }

  leave({ reason, retry_in: pause }) {
    if (pause) comeBackIn(pause);
    else if (reason !== "forbidden") showWayIn();
  }

  // A refusal by the network is tried again by the manager; one by the gateway only when it says when.
  wait(refusal) {
    if (refusal?.retry_after) this.again(refusal.retry_after);
    else if (refusal?.code === "unauthenticated") showWayIn();
  }

  again(seconds = 5) {
    this.socket.disconnect();
    setTimeout(() => this.socket.connect(), seconds * 1000);
  }
}

function comeBackIn(seconds, spread = 0) {
  manager.reconnectionDelay(seconds * 1000);
  manager.randomizationFactor(spread);
}

// Join a namespace, or share it with whoever joined before: on(event, handle), send(event, payload), close().
export function live(path) {
  if (!channels.has(path)) channels.set(path, new Channel(path));
  const channel = channels.get(path);
  const mine = [];
  return {
    on(event, handle) {
      if (!channel.handlers.has(event)) channel.handlers.set(event, new Set());
      channel.handlers.get(event).add(handle);
      mine.push([event, handle]);
      return this;
    },
    send: (event, payload = {}) => channel.socket.timeout(PATIENCE).emitWithAck(event, payload),
    close() {
      for (const [event, handle] of mine) channel.handlers.get(event)?.delete(handle);
    },
  };
}
