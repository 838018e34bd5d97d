import { writeFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { installs } from "../../src/cli/commands/index.js";
import type { Context } from "../../src/cli/context.js";
import { errorLine } from "../../src/cli/exit.js";
import { createProgram, run } from "../../src/cli/program.js";
import { DEMO_ENTITIES, scratch, writeRecords } from "./harness.js";

const path = scratch();

/** All that a command prints when it runs in this process. */
async function printed(args: readonly string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  const signal = new AbortController().signal;
  const context = { stdout, stderr, setExitCode: () => {}, signal } as unknown as Context;
  const error = await run(createProgram(context, installs), args).then(
    () => "",
    (thrown: unknown) => errorLine(thrown, false),
  );
  stdout.end();
  stderr.end();
  return [...(await texts), error].join("\n");
}

/** Long inputs, with and without spaces; `X` is counted in what is printed. */
const LONG = { "one word": "X".repeat(30_000), "many words": "X ".repeat(15_000).trim() };

describe.each(Object.entries(LONG))("an error about %s of 30,000 characters", (_, long) => {
  it("repeats at most 200 characters of it", async () => {
    const kb = path("kb");
    await printed(["kb", "import", DEMO_ENTITIES, "--kb", kb, "--replace"]);
    const captions = await writeRecords(path("captions.jsonl"), [
      { id: long, text: "a", mentions: [{ text: "b", start: 0, end: 1 }] },
      { id: "1", text: long, mentions: [{ text: "a", start: 0, end: 20_000 }] },
      { id: "2", text: "a", mentions: [{ text: long, start: 0, end: 1 }] },
      { id: "3", text: "a", [long]: 1, mentions: [{ text: "a", type: long }] },
      { id: "4", text: "a", language: long, image: long, mentions: [{ text: "a", gold: 1, [long]: 2 }] },
      { id: 5, text: { [long]: long } },
      long,
      `{"id": ${long}`,
    ]);
    const entities = await writeRecords(path("entities.jsonl"), [
      { id: long, label: "a" },
      { id: "1", label: "a", [long]: 1, properties: { [long]: 1 } },
      { id: "2", label: "a", popularity: long, labels: { [long]: "x" } },
      { id: "3", label: 1 },
      long,
    ]);
    await writeFile(path("header.csv"), `${long},b\n1,2\n`);
    await writeFile(path("twice.csv"), `id,text,image\n1,a,${long}\n1,b,x\n"${long}" x,y,z\n1,2,3,${long}\n`);
    await writeFile(
      path("mapping.json"),
      JSON.stringify({ columns: { id: "id", label: "label", [long]: long } }),
    );
    await writeFile(path("invalid.json"), `{ "columns": ${long}`);
    await writeFile(path("ids.txt"), `${long}\n`);
    const runs: (readonly string[])[] = [
      ["link", captions, "--kb", kb, "--model", "lexical"],
      ["link", path("header.csv"), "--kb", kb, "--model", "lexical"],
      ["link", path("twice.csv"), "--kb", kb, "--model", "lexical", "--detect"],
      ["link", long, "--kb", kb],
      ["link", captions, "--kb", long],
      ["link", captions, "--kb", kb, "--model", long],
      ["link", captions, "--kb", kb, "--format", long],
      ["link", captions, "--kb", kb, `--${long}`],
      ["link", captions, captions, "--kb", kb, long],
      ["link", captions, "--kb", kb, "--top-k", long],
      [long],
      ["kb", "import", entities, "--kb", path("other")],
      ["kb", "import", path("header.csv"), "--kb", path("other")],
      ["kb", "import", path("header.csv"), "--mapping", path("mapping.json"), "--kb", path("other")],
      ["kb", "import", path("header.csv"), "--mapping", path("invalid.json"), "--kb", path("other")],
      ["kb", "import", entities, "--format", "wikidata", "--ids", path("ids.txt"), "--kb", path("other")],
      ["kb", "import", entities, "--languages", long, "--kb", path("other")],
      ["kb", "import", entities, "--base", long, "--format", "rdf", "--kb", path("other")],
      ["kb", "info", "--kb", `postgres://u@h/d?${encodeURIComponent(long)}=1`],
      ["kb", "info", "--kb", `postgres://u@h/d?sslmode=${encodeURIComponent(long)}`],
      ["kb", "info", "--kb", `postgres://u@h/d?schema=${encodeURIComponent(long)}`],
      ["jobs", "status", "--queue", `postgres://${encodeURIComponent(long)}`],
      ["evaluate", captions, "--kb", kb, "--protocol", long],
      ["train", "--config", long],
      ["models", "show", long],
      ["dataset", "convert", long, "--format", "wikimel", "--split", long],
    ];
    const wrong: string[] = [];
    for (const args of runs) {
      const title = args.map((arg) => arg.slice(0, 30)).join(" ");
      const lines = (await printed(args)).split("\n");
      expect(lines.join("\n"), title).toMatch(/(^|mmel: )[A-Z_]+: /m);
      for (const line of lines) {
        const echoes = (line.match(/X[X …]*/g) ?? []).map(({ length }) => length);
        if (line.length > 1200 || Math.max(0, ...echoes) > 201)
          wrong.push(`${title}: ${line.length} characters, ${line.slice(0, 300)}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);
});
