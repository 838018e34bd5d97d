import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";
import { DEMO_ENTITIES, mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();

const people = (...ids: string[]) => ids.map((id) => ({ id, label: `Person ${id}` }));
const write = (name: string, ...ids: string[]) => writeRecords(path(name), people(...ids));
const infoOf = async (kb: string) => (await mmel(["kb", "info", "--kb", kb, "--json"])).stdout;

/** The imports of one user into one target: most are what they meant, and two would lose nearly everything. */
function protects(targetOf: () => string): void {
  it("needs --replace to remove more than half of the entities, and says what would go", async () => {
    const kb = targetOf();
    const [one, half, many] = [
      await write("one.jsonl", "x"),
      await write("half.jsonl", "a", "b", "x", "y"),
      await write("many.jsonl", "a", "b", "c", "d"),
    ];
    const into = (file: string, ...more: string[]) => mmel(["kb", "import", file, "--kb", kb, ...more]);
    for (const file of [many, many, half, many])
      expect(await into(file)).toMatchObject({ code: 0, stderr: "" });
    const before = await infoOf(kb);

    const refused = await into(one);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(
      /^mmel: KB_REPLACE: the import would remove 4 of the 4 entities in \S+@\w+ \(a Person a, b Person b, c Person c, d Person d\), .*expected an import that keeps at least half of the entities\. Add `--replace`.*\n$/,
    );
    await mmel(["kb", "pack", "--kb", await importOne(one), "--output", path("one.tar.gz")]);
    expect(await mmel(["kb", "unpack", path("one.tar.gz"), "--kb", kb])).toMatchObject({
      code: 2,
      stdout: "",
    });
    await writeFile(path("gone.txt"), "a\nb\nc\n");
    const remove = ["kb", "import", "--update", "--remove", path("gone.txt"), "--kb", kb];
    expect(await mmel(remove)).toMatchObject({ code: 2, stdout: "" });
    expect(await infoOf(kb)).toBe(before);

    expect(await mmel([...remove, "--replace"])).toMatchObject({ code: 0 });
    expect(await into(many, "--replace")).toMatchObject({ code: 0 });
    expect(await mmel(["kb", "unpack", path("one.tar.gz"), "--kb", kb, "--replace"])).toMatchObject({
      code: 0,
    });
    expect(JSON.parse(await infoOf(kb)).entities).toBe(1);
  }, 240_000);
}

async function importOne(file: string): Promise<string> {
  expect((await mmel(["kb", "import", file, "--kb", path("one")])).code).toBe(0);
  return path("one");
}

describe("an import into a folder", () => {
  protects(() => path("kb"));

  it("names only the first entities", async () => {
    await mmel(["kb", "import", DEMO_ENTITIES, "--kb", path("demo")]);
    const { code, stderr } = await mmel(["kb", "import", await write("x.jsonl", "x"), "--kb", path("demo")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/would remove 150 of the 150 entities in demo@\w+ \((\S[^,]*, ){5}…\)/);
  });

  it("repairs a damaged knowledge base without --replace", async () => {
    const kb = path("damaged");
    await mmel(["kb", "import", await write("old.jsonl", "a", "b"), "--kb", kb]);
    await writeFile(`${kb}/version-1/entities.sqlite`, "damaged");
    expect(await mmel(["kb", "import", await write("new.jsonl", "x"), "--kb", kb])).toMatchObject({
      code: 0,
    });
  });

  it("is refused by the demo, if the folder belongs to another knowledge base", async () => {
    const kb = path("mine/kb");
    await mmel(["kb", "import", await write("mine.jsonl", "a"), "--kb", kb]);
    const before = await infoOf(kb);
    const { code, stderr } = await mmel(["demo", "--output", path("mine")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mmel: KB_REPLACE: .* Choose another folder with `--output`\.\n$/);
    expect(await infoOf(kb)).toBe(before);
  });
});

describePostgres("an import into PostgreSQL", () => {
  let cluster: Cluster;
  let url: string;
  beforeAll(async () => {
    cluster = (await startCluster())!;
    url = `${await cluster.createDatabase()}?kb=people&retry=1`;
  });
  afterAll(() => cluster.stop());
  protects(() => url);
});
