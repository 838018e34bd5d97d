import { openWorkerChannel } from "../../dist/core/worker-channel.js";

// Leaves the channel open: the process must wait for the answer and then exit.
const program = new URL("channel-worker.mjs", import.meta.url);
const channel = openWorkerChannel(program, { name: "test", code: "INTERNAL" });
console.log(await channel.ask({ verb: "later", value: "answered" }));
