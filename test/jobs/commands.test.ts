import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, expect, it, onTestFinished, vi } from "vitest";
import {
  captionOf,
  demoCaptions,
  demoEntities,
  importDemo,
  lines,
  mmel,
  type Outcome,
  records,
  scratch,
  start,
  writeRecords,
} from "../cli/harness.js";
import { describePostgres } from "../support/postgres.js";
import { run } from "../support/postgres-given.js";
import { clusterForTests, until } from "./harness.js";

vi.setConfig({ testTimeout: 180_000 }); // many commands in sequence

const path = scratch();
const WORKER = ["worker", "--kb", path("kb"), "--model", "lexical"];

describePostgres("mmel jobs and mmel worker", () => {
  const cluster = clusterForTests();
  let url: string;
  const jobs = (...args: string[]): Promise<Outcome> => mmel(["jobs", ...args, "--queue", url]);
  const fresh = async (): Promise<void> => {
    url = await cluster().createDatabase();
  };
  beforeAll(async () => {
    await importDemo(path("kb"));
  });

  it("write the lines, rejects and exit codes of mmel link, with its options", async () => {
    await fresh();
    const captions = [
      ...(await demoCaptions()),
      "no caption",
      { id: "none", text: "nobody here" },
      { id: "half" },
    ];
    await writeRecords(path("captions.jsonl"), captions);
    const choice = ["--top-k", "2", "--candidates", "20", "--no-collaborative"];
    const offsets = ["--offsets", "codepoint"];
    const wanted = await mmel([
      ...["link", path("captions.jsonl"), "--kb", path("kb"), "--model", "lexical", ...choice],
      ...["--rejects", path("wanted.rejects"), ...offsets],
    ]);
    expect(wanted.code).toBe(1);

    const args = [path("captions.jsonl"), "--chunk", "9", "--rejects", path("submit.rejects"), ...offsets];
    const submitted = await jobs("submit", ...args, "--json");
    expect(submitted.code).toBe(1);
    const { submission, ...report } = JSON.parse(submitted.stdout) as Record<string, unknown>;
    expect(report).toEqual({ captions: captions.length - 2, rejected: 2, existing: false, cancelled: false });
    expect((await records<{ code: string }>(path("submit.rejects"))).map(({ code }) => code)).toEqual([
      "FORMAT",
      "CAPTION_INVALID",
    ]);

    const early = await jobs("results", "--output", path("early.jsonl"));
    expect(early).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/incomplete: \d+ of \d+ captions not linked yet/),
    });
    expect(await readFile(path("early.jsonl"), "utf8")).toBe("");

    const worked = await mmel([...WORKER, ...choice, "--until-empty", "--queue", url]);
    expect(worked).toMatchObject({ code: 0, stdout: "" });
    const results = await jobs("results", "--rejects", path("results.rejects"));
    expect(results.code).toBe(1);
    expect(results.stdout).toBe(wanted.stdout);
    expect(await records(path("results.rejects"))).toEqual(byLine(await records(path("wanted.rejects"))));
    expect((await jobs("status", "--watch", "--json")).stdout).toMatch(`"id":"${submission}"`);
  });

  it("read tables with a mapping, and submit them again if it changes", async () => {
    await fresh();
    await writeFile(path("odd.csv"), "a,b,c\nJeff Bezos in Paris,Jeff Bezos,Paris\n");
    const submit = async (mention: string): Promise<unknown> => {
      const columns = { a: "text", [mention]: "mention" };
      await writeFile(path("odd.json"), JSON.stringify({ columns }));
      const { stdout } = await jobs("submit", path("odd.csv"), "--mapping", path("odd.json"), "--json");
      return JSON.parse(stdout);
    };
    expect(await submit("b")).toMatchObject({ captions: 1, existing: false });
    expect(await submit("b")).toMatchObject({ captions: 1, existing: true });
    expect(await submit("c")).toMatchObject({ captions: 1, existing: false });
  });

  it("report what happens, take the address from MMEL_QUEUE and never show its password", async () => {
    await fresh();
    const secret = decodeURIComponent(new URL(url).password);
    process.env.MMEL_QUEUE = url;
    onTestFinished(() => void delete process.env.MMEL_QUEUE);
    const said: Outcome[] = [];
    const tell = async (...args: string[]): Promise<Outcome> => {
      said.push(await mmel(["jobs", ...args, "--debug"]));
      return said.at(-1)!;
    };
    const all = lines(await readFile("demo/captions.jsonl", "utf8"));
    await writeRecords(path("demo.jsonl"), all);
    expect(await tell("status")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/the database does not contain a job queue/),
    });
    expect((await tell("submit", path("demo.jsonl"))).stdout).toMatch(
      /^Submission [0-9a-f]{16}: 38 captions\.\n$/,
    );
    expect((await tell("status")).stdout).toMatch(/waiting +38 +0 +0\.0 %[\s\S]*No worker is running/);
    expect((await tell("cancel")).stdout).toMatch(/cancelled 38 captions\. Run `mmel jobs retry/);
    expect((await tell("cancel")).stdout).toMatch(/: nothing left to cancel\.\n$/);
    expect((await tell("submit", path("demo.jsonl"))).stdout).toMatch(
      /is cancelled: 38 captions\. Run `mmel jobs retry/,
    );
    expect((await tell("results")).stderr).toMatch(/incomplete: 38 of 38 captions cancelled/);
    expect((await tell("delete", path("demo.jsonl"))).stdout).toMatch(/^Deleted submission/);
    await tell("submit", path("demo.jsonl"));
    await tell("cancel");
    expect((await tell("retry")).stdout).toMatch(/queued 0 failed and 38 cancelled captions again/);
    expect(await tell("results", "nothing")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no submission matches "nothing"/),
    });
    expect(await tell("submit", path("none.jsonl"))).toMatchObject({ code: 2 });
    delete process.env.MMEL_QUEUE;
    const missing = await mmel(["jobs", "status"]);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringMatching(/--queue/) });
    for (const { stdout, stderr } of said) expect(stdout + stderr).not.toMatch(secret);
  });

  it("complete a submission that SIGKILL interrupted, without lost or duplicate captions", async () => {
    await fresh();
    const names = (await demoEntities()).map(({ label }) => label);
    const many = Array.from({ length: 600 }, (_, at) => captionOf(`c${at}`, names[at % names.length]!));
    await writeRecords(path("many.jsonl"), many);
    for (const chunks of [0, 3, 15]) {
      const running = start(["jobs", "submit", path("many.jsonl"), "--chunk", "20", "--queue", url]);
      await until(async () => (await chunksIn(url)) >= chunks);
      running.child.kill("SIGKILL");
      await running.ended;
    }
    const loading = JSON.parse((await jobs("status", "--json")).stdout) as {
      submissions: { state: string }[];
    };
    expect(loading.submissions.map(({ state }) => state)).toEqual(["loading"]);
    expect((await jobs("submit", path("many.jsonl"))).code).toBe(0);
    expect(await chunksIn(url)).toBe(30);
    expect(
      await run(url, "select sum(size)::int as captions, count(*)::int as jobs from mmel_jobs.piece"),
    ).toEqual([{ captions: 600, jobs: 30 }]);
    expect(await run(url, "select count(*)::int as jobs from mmel_boss.job")).toEqual([{ jobs: 30 }]);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "finish the current job at %s and exit with 130",
    async (signal) => {
      const running = start([...WORKER, "--queue", url]);
      const done = () => run(url, "select from mmel_jobs.piece where state = 'done'");
      const before = (await done()).length;
      await until(async () => (await done()).length > before + 2);
      running.child.kill(signal);
      const { code, stderr } = await running.ended;
      expect(code).toBe(130);
      expect(stderr).toMatch(
        /linked \d+ captions in \d+ jobs\nmmel: ABORTED: interrupted; the worker finished its jobs or returned them/,
      );
      expect(await run(url, "select from mmel_jobs.piece where state = 'active' or failures > 0")).toEqual(
        [],
      );
      expect(await run(url, "select from mmel_jobs.worker where ended is null")).toEqual([]);
    },
  );

  it("leave a submission to workers with the settings that it was begun with", async () => {
    const other = await mmel([...WORKER, "--top-k", "1", "--until-empty", "--queue", url]);
    expect(other).toMatchObject({ code: 0, stderr: expect.stringMatching(/skipped submission/) });
    expect((await mmel([...WORKER, "--until-empty", "--queue", url])).code).toBe(0);
    expect(JSON.parse((await jobs("status", "--json")).stdout)).toMatchObject({
      submissions: [{ state: "done", captions: 600, linked: 600 }],
    });
  });
});

const byLine = (all: readonly { line: number }[]) => all.toSorted((one, other) => one.line - other.line);

async function chunksIn(url: string): Promise<number> {
  const rows = await run(url, "select count(*)::int as chunks from mmel_jobs.chunk").catch(() => []);
  return (rows[0] as { chunks: number } | undefined)?.chunks ?? -1;
}
