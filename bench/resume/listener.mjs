// One page of one member outside a browser: the product's own live.js on the official client, over a WebSocket with a cookie.
import { parentPort, workerData } from "node:worker_threads";
import WebSocket from "ws";

const { origin, cookie, script } = workerData;
let current;

globalThis.location = new URL(origin);
globalThis.document = {
  documentElement: { dataset: {} },
  querySelector: (selector) => (selector.startsWith("meta") ? { content: "" } : null),
  getElementById: () => null,
};
globalThis.WebSocket = class extends WebSocket {
  constructor(address) {
    super(address, { headers: { Cookie: cookie, Origin: origin } });
    current = this;
  }
};

const { live } = await import(script);
const channel = live("/timeline");
channel.on("post.new", ({ seq, post_id: post }) => parentPort.postMessage({ seq, post }));
channel.on("reset", () => parentPort.postMessage({ reset: true }));
parentPort.on("message", () => current.terminate());

async function settle() {
  // What was answered once says that the connection listens; it asks for nothing that it does not have.
  const answer = await channel.send("resume").catch(() => null);
  if (answer?.ok) parentPort.postMessage({ ready: true });
  else setTimeout(settle, 200);
}
settle();
