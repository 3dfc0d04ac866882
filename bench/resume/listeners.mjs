// All listeners, each in a thread of its own with its own globals: "drop" cuts a connection, "end" tells what they heard.
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";

const [origin, script, ...cookies] = process.argv.slice(2);
const heard = cookies.map(() => []);
let ready = 0;
let resets = 0;

const listeners = cookies.map((cookie, number) => {
  const listener = new Worker(new URL("listener.mjs", import.meta.url), { workerData: { origin, cookie, script } });
  listener.on("message", (message) => {
    if (message.ready) ready += 1;
    else if (message.reset) resets += 1;
    else heard[number].push([message.seq, message.post]);
  });
  listener.on("error", (error) => {
    console.error(error);
    process.exit(1);
  });
  return listener;
});

createInterface({ input: process.stdin }).on("line", (line) => {
  const [word, number] = line.split(" ");
  if (word === "drop") listeners[Number(number)].postMessage("drop");
  if (word === "count") console.log(JSON.stringify({ ready, resets, least: Math.min(...heard.map((one) => one.length)) }));
  // A pipe takes what is long in pieces, and leaving at once would keep the rest.
  if (word === "end") process.stdout.write(`${JSON.stringify(heard)}\n`, () => process.exit(0));
});
