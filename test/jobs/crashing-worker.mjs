/** `crashing-worker.mjs URL`: links all that is submitted, and dies like a process out of memory at the text "crash". */
import { openQueue, work } from "../../dist/jobs/index.js";

const queue = await openQueue(process.argv[2]);
await work(queue, {
  openLinker: async () => ({
    model: "fake@1",
    kb: "none@1",
    async *linkAll(captions) {
      for (const caption of captions) {
        if (caption.text === "crash") process.kill(process.pid, "SIGKILL");
        yield { caption, links: { id: caption.id, mentions: [], model: "fake@1", kb: "none@1" } };
      }
    },
    close: async () => {},
  }),
  settings: {},
  untilEmpty: true,
  signal: new AbortController().signal,
  graceMs: 0,
  patienceMs: 0,
  silentMs: 400,
  pollMs: 20,
  onNote: () => {},
});
process.exit();
