import { openWorkerChannel } from "../../dist/core/worker-channel.js";

// The last request fails: the worker must stop all the same, or it would keep this process alive.
const program = new URL("channel-worker.mjs", import.meta.url);
const channel = openWorkerChannel(program, { name: "test", code: "INTERNAL" });
await channel.close({ verb: "fail", value: "last" }).catch((error) => console.log(error.message));
