import type { Candidate } from "../core/index.js";
import { serveRequests } from "../core/worker-channel.js";
import { createDetector } from "./detect.js";
import type { Answer, Request } from "./threaded-detector.js";

type Found = (candidates: readonly Candidate[]) => void;

/** The names whose candidates the detection waits for. */
let waiting: (readonly [name: string, found: Found])[] = [];
let ask: (answer: Answer) => void = () => {};
let detecting: Promise<Answer> | undefined;

const similar = (name: string): Promise<readonly Candidate[]> =>
  new Promise((resolve) => {
    waiting.push([name, resolve]);
    // later, so that names that the detection needs at the same time are asked for together
    setImmediate(() => ask({ kind: "lookUp", names: [...new Set(waiting.map(([name]) => name))] }));
  });

async function start({ text, language, names }: Extract<Request, { kind: "detect" }>): Promise<Answer> {
  const detect = createDetector({ namesIn: async () => names, similar });
  return { kind: "done", detection: await detect(text, language) };
}

serveRequests<Request, Answer>(async (request) => {
  const asked = new Promise<Answer>((resolve) => {
    ask = resolve;
  });
  if (request.kind === "detect") {
    waiting = [];
    detecting = start(request);
  } else {
    const answered = waiting;
    waiting = [];
    for (const [name, found] of answered) found(request.candidates.get(name) ?? []);
  }
  return await Promise.race([detecting!, asked]);
});
