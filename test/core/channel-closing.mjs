import { openWorkerChannel } from "../../dist/core/worker-channel.js";

// Closes the channel while an answer is on its way: the process must wait until the worker has exited.
const program = new URL("channel-worker.mjs", import.meta.url);
const channel = openWorkerChannel(program, { name: "test", code: "INTERNAL" });
await channel.ask({ verb: "echo", value: "started" });
const outcome = channel.ask({ verb: "echo", value: "answered" }).catch(() => "closed");
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200); // the answer arrives, and is read after `close`
await channel.close();
console.log("closed", await outcome);
