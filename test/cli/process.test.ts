import { cp, readFile } from "node:fs/promises";
import { beforeAll, expect, it } from "vitest";
import {
  captionOf,
  DEMO_CAPTIONS,
  DEMO_ENTITIES,
  importDemo,
  mmel,
  type Outcome,
  scratch,
  spawnMmel,
  writeRecords,
} from "./harness.js";

const path = scratch();
const kb = path("kb");
const output = path("output");
const one = path("one.jsonl");
const twice = path("twice.jsonl");
beforeAll(async () => {
  await importDemo(kb);
  await cp(kb, path("other"), { recursive: true });
  await writeRecords(one, [captionOf("1", "Amazon", "Jeff Bezos")]);
  await writeRecords(twice, [captionOf("1", "Paris"), "no JSON", captionOf("1", "Paris")]);
});

const untimed = ({ stdout, ...rest }: Outcome): Outcome => ({
  ...rest,
  stdout: stdout.replace(/"seconds":[\d.]+/, ""),
});

// A process must also end by itself: nothing that a command opened keeps it alive.
it.each<[args: string[], code: number, input?: string]>([
  [[], 2],
  [["--version"], 0],
  [["link", "--help"], 0],
  [["kb", "import", DEMO_ENTITIES, "--kb", path("other"), "--json"], 0],
  [["kb", "search", "Paris", "--kb", kb], 0],
  [["kb", "export", "--kb", kb, "--output", output], 0],
  [["kb", "verify", "--kb", kb], 0],
  [["kb", "recall", DEMO_CAPTIONS, "--kb", kb], 0],
  [["link", one, "--kb", kb, "--format", "table"], 0],
  [["link", one, "--kb", kb, "--model", "lexical", "--output", output], 0],
  [
    ["link", "--kb", kb, "--model", "lexical", "--detect"],
    0,
    `${JSON.stringify({ id: "1", text: "Michael Jordan" })}\n`,
  ],
  [["link", "-", "--kb", kb], 1, "\u0000"],
  [["link", twice, "--kb", kb, "--model", "lexical", "--rejects", output], 1],
  [["link", twice, "--kb", kb, "--model", "lexical", "--on-error", "fail"], 1],
  [["link", "/nowhere", "--kb", kb], 2],
  [["models", "show", "lexical"], 0],
  [["dataset", "stats", DEMO_CAPTIONS], 0],
])("mmel %j writes the same in this process and in its own", async (args, code, input) => {
  const { signal: _, peak: __, ...own } = await spawnMmel(args, input);
  const written = args.includes(output) && (await readFile(output, "utf8"));
  expect(untimed(await mmel(args, input))).toEqual(untimed(own));
  expect(own.code).toBe(code);
  if (written) expect(await readFile(output, "utf8")).toBe(written);
});
