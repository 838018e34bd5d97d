import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.js";
import {
  captionOf,
  demoEntities,
  importDemo,
  links,
  mmel,
  scratch,
  start,
  writeRecords,
} from "../cli/harness.js";
import { type Cluster, postgresMissing, startCluster } from "../support/postgres.js";
import { run } from "../support/postgres-given.js";

const path = scratch();
const CAPTIONS = 3000;
/** `MMEL_JOB_ROUNDS=20` repeats the test with 20 seeds. */
const SEEDS = Array.from({ length: Number(process.env.MMEL_JOB_ROUNDS ?? 1) }, (_, at) => 11 + at);
const WORKER = ["worker", "--kb", path("kb"), "--model", "lexical", "--until-empty", "--silence", "2"];
const title = "four workers, with two killed and PostgreSQL restarted at random moments";

let cluster: Cluster;
let whole: Buffer;

async function prepare(): Promise<void> {
  cluster = (await startCluster())!;
  await importDemo(path("kb"));
  const names = (await demoEntities()).map(({ label }) => label);
  const nameAt = (at: number): string => names[at % names.length]!;
  const captions = Array.from({ length: CAPTIONS }, (_, at) =>
    captionOf(`c${at}`, nameAt(at), nameAt(7 * at + 3)),
  );
  await writeRecords(path("captions.jsonl"), [...captions.slice(1), { id: "none", text: "x" }, captions[0]]);
  const linked = await mmel(["link", path("captions.jsonl"), "--kb", path("kb"), "--model", "lexical"]);
  whole = Buffer.from(linked.stdout);
}

/** Links all captions while workers are killed and the server restarts, at moments that `seed` decides. Returns the output of the commands. */
async function round(seed: number) {
  const random = createRandom(seed);
  const url = await cluster.createDatabase();
  const queue = ["--queue", url];
  const submitted = await mmel(["jobs", "submit", path("captions.jsonl"), "--chunk", "25", ...queue]);
  expect(submitted).toMatchObject({ code: 0, stderr: "" });

  const workers = Array.from({ length: 4 }, () => start([...WORKER, ...queue]));
  const moments = Array.from({ length: 3 }, () => 0.7 * random.next()).sort((a, b) => a - b);
  const order = random.shuffle(["kill", "kill", "restart"]);
  for (const [at, what] of order.entries()) {
    await linkedShare(url, moments[at]!);
    await sleep(50 * random.next());
    if (what === "restart") await cluster.restart();
    else workers[order.slice(0, at).filter((before) => before === "kill").length]!.child.kill("SIGKILL");
  }
  const ended = await Promise.all(workers.map((worker) => worker.ended));
  const status = await mmel(["jobs", "status", "--json", ...queue]);
  const results = await mmel(["jobs", "results", "--output", path(`${seed}.jsonl`), ...queue]);
  return { order, ended, status, results };
}

/** Waits until this share of the captions is linked. */
async function linkedShare(url: string, share: number): Promise<void> {
  for (let linked = 0; linked < share * CAPTIONS; await sleep(20)) {
    const rows = await run(url, "select count(*)::int as linked from mmel_jobs.outcome").catch(() => []);
    linked = (rows[0] as { linked: number } | undefined)?.linked ?? linked;
  }
}

const skipped =
  postgresMissing ??
  (process.env.MMEL_TEST_POSTGRES && "tests may not stop the server of MMEL_TEST_POSTGRES");
describe.skipIf(skipped !== undefined)(
  skipped === undefined ? title : `${title} (skipped: ${skipped})`,
  () => {
    beforeAll(async () => {
      await prepare();
      return () => cluster.stop();
    }, 300_000);

    it.each(SEEDS)(
      "link every caption exactly once, with the bytes that mmel link writes (seed %i)",
      async (seed) => {
        const { ended, status, results } = await round(seed);
        expect(ended.map(({ code, signal }) => signal ?? code)).toEqual(["SIGKILL", "SIGKILL", 0, 0]);
        expect(JSON.parse(status.stdout)).toMatchObject({
          submissions: [{ state: "done", captions: CAPTIONS + 1, linked: CAPTIONS, rejected: 1, aside: 0 }],
        });
        expect(results).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/1 caption cannot be linked/),
        });
        const written = await readFile(path(`${seed}.jsonl`));
        expect(new Set(links(written.toString()).map(({ id }) => id)).size).toBe(CAPTIONS);
        expect(written.equals(whole)).toBe(true);
      },
      300_000,
    );
  },
);
