import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";
import { type Seen, watch, watchedBy } from "../support/watched.js";
import { tinyJson } from "../training/mmel/workshop.js";
import { addressOf, DEMO_CAPTIONS, importDemo, mmel, scratch } from "./harness.js";

const path = scratch();
const CLI = resolve(process.env.MMEL_CLI ?? "dist/cli/main.js");
const run = (...args: string[]): Promise<Seen> => watch([CLI, ...args]).seen;
vi.setConfig({ testTimeout: 180_000 }); // strace takes its time on a busy machine
const NOTHING = { code: 0, contacts: [], files: [] };

beforeAll(() => importDemo(path("kb")));

describe(`nothing leaves the machine (${watchedBy})`, () => {
  it.each([
    ["captions", [DEMO_CAPTIONS]],
    [
      "pictures",
      [resolve("demo/pictured.jsonl"), "--images", resolve("demo/images"), "--features", path("vectors")],
    ],
  ])("link, with %s", async (_, args) => {
    const seen = await run("link", ...args, "--kb", path("kb"), "--output", path("links.jsonl"));
    expect(seen).toMatchObject(NOTHING);
  });

  it("serve, with a request and its picture", async () => {
    const running = watch([CLI, "serve", "--kb", path("kb"), "--features", path("vectors"), "--port", "0"]);
    const url = await addressOf({
      child: running.child,
      ended: running.seen.then((seen) => ({ ...seen, signal: null, peak: 0 })),
    });
    const answer = await fetch(`${url}/v1/link`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        ...{ id: "1", text: "Georgia", mentions: [{ text: "Georgia", start: 0, end: 7 }] },
        imageData: await readFile("demo/images/entities/georgia-state.png", "base64"),
      }),
    });
    expect(answer.status).toBe(200);
    running.child.kill("SIGTERM");
    expect(await running.seen).toMatchObject(NOTHING);
  });

  it("open, except for its own folder", async () => {
    const running = watch([CLI, "open", "--port", "0", "--no-browser"]);
    const url = await addressOf({
      child: running.child,
      ended: running.seen.then((seen) => ({ ...seen, signal: null, peak: 0 })),
    });
    const form = new FormData();
    form.set("name", "people");
    form.set("file", new Blob(["id,label\n1,Ann\n"]), "people.csv");
    const answer = await fetch(`${url}/v1/catalogues`, { method: "POST", body: form });
    const { import: id } = (await answer.json()) as { import: string };
    const state = async () =>
      ((await (await fetch(`${url}/v1/imports/${id}`)).json()) as { state: string }).state;
    await expect.poll(state, { timeout: 60_000 }).toBe("done");
    running.child.kill("SIGTERM");
    const { files, ...seen } = await running.seen;
    expect(seen).toMatchObject({ code: 0, contacts: [] });
    const own = "home/.local/share/mmel";
    expect(files).toContain(`${own}/catalogues/people/manifest.json`);
    expect(files.filter((file) => !`${own}/`.startsWith(`${file}/`) && !file.startsWith(`${own}/`))).toEqual(
      [],
    );
  });

  it("train", async () => {
    await writeFile(path("config.json"), JSON.stringify(tinyJson("kb")));
    expect(await run("train", "--config", path("config.json"), "--output", path("run"))).toMatchObject(
      NOTHING,
    );
  });

  it("doctor, which says so", async () => {
    const seen = await run("doctor");
    expect(seen).toMatchObject(NOTHING);
    expect(seen.stdout).toMatch(/✓ +telemetry of onnxruntime +off/);
  });
});

it(`the watch sees look-ups, connections and files (${watchedBy})`, async () => {
  const program = `
    require("node:dns").lookup("nowhere.invalid", () => {});
    require("node:net").connect(9, "127.0.0.1").on("error", () => {});
    for (const folder of ["HOME", "TMPDIR"]) require("node:fs").writeFileSync(process.env[folder] + "/file", "");`;
  const { contacts, files } = await watch(["--eval", program]).seen;
  expect(contacts).toEqual(expect.arrayContaining(["127.0.0.1:9", expect.stringMatching(/^look-up/)]));
  expect(files).toEqual(["home/file", "tmp/file"]);
});

describe(`a worker thread that loads onnxruntime (${watchedBy})`, () => {
  const load = (how: string): Promise<Seen> => watch([resolve("test/tensor/loading-thread.mjs"), how]).seen;

  it("contacts nothing if the main thread has switched the telemetry off", async () => {
    expect(await load("main")).toMatchObject({ ...NOTHING, stdout: "loaded\n" });
  });

  it("fails if nobody has", async () => {
    const stdout = expect.stringMatching(/^CONFIG: .*ORT_DISABLE_TELEMETRY/);
    expect(await load("nobody")).toMatchObject({ ...NOTHING, stdout });
  });
});

describePostgres(`nothing leaves the machine but for the queue's server (${watchedBy})`, () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = (await startCluster())!;
  });
  afterAll(() => cluster.stop());

  it("worker", async () => {
    const queue = await cluster.createDatabase();
    const submitted = await mmel(["jobs", "submit", DEMO_CAPTIONS, "--queue", queue]);
    expect(submitted).toMatchObject({ code: 0 });
    const seen = await run("worker", "--queue", queue, "--kb", path("kb"), "--until-empty");
    expect(seen).toMatchObject({ ...NOTHING, contacts: [new URL(queue).host] });
    expect(seen.stderr).toMatch(/linked \d+ captions in \d+ job/);
  });
});
