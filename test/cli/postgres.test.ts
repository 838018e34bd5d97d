import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";
import { run } from "../support/postgres-given.js";
import { DEMO_CAPTIONS, DEMO_ENTITIES, mmel, type Outcome, scratch } from "./harness.js";

const path = scratch();

describePostgres("the commands on a knowledge base on PostgreSQL", () => {
  let cluster: Cluster;
  let owner: string;
  let reader: string;
  const printed: Outcome[] = [];
  const done = async (...args: string[]): Promise<string> => {
    const ended = await mmel(args);
    printed.push(ended);
    expect(ended.stderr).toBe("");
    expect(ended.code).toBe(0);
    return ended.stdout;
  };
  beforeAll(async () => {
    cluster = (await startCluster())!;
    owner = `${await cluster.createDatabase()}?kb=demo&retry=1`;
    const role = `linker_${new URL(owner).pathname.slice(1)}`;
    await run(owner, `create role ${role} login password 'reads:only'`);
    const url = new URL(owner);
    url.username = role;
    url.password = "reads:only";
    reader = url.href;
    await done("kb", "import", DEMO_ENTITIES, "--kb", owner);
    await done("kb", "prepare", "--kb", owner, "--reader", role);
  }, 600_000);
  afterAll(() => cluster.stop());

  it("search, link and export with a read-only role", async () => {
    const info = JSON.parse(await done("kb", "info", "--kb", reader, "--json"));
    expect(info).toMatchObject({ name: "demo", entities: 150 });
    const { hits } = JSON.parse(await done("kb", "search", "Jefersson", "--kb", reader, "--json"));
    expect(hits[0].entity.id).toBe("thomas-jefferson");
    const folder = path("exported");
    await done("kb", "export", "--kb", reader, "--output", path("all.jsonl"));
    await done("kb", "import", path("all.jsonl"), "--kb", folder, "--name", "demo");
    expect(JSON.parse(await done("kb", "info", "--kb", folder, "--json"))).toEqual(info);
    const recall = (kb: string) => done("kb", "recall", DEMO_CAPTIONS, "--kb", kb, "--json");
    expect(await recall(reader)).toBe(await recall(folder));
    const args = [DEMO_CAPTIONS, "--model", "lexical"];
    expect(await done("link", ...args, "--kb", reader)).toBe(await done("link", ...args, "--kb", folder));
    const figures = JSON.parse(await done("evaluate", ...args, "--kb", reader, "--json"));
    expect(figures).toMatchObject({ kb: `demo@${info.version}`, goldNotInKb: 0, kbEntities: 150 });
  }, 600_000);

  it("report errors of the server in one line, and never print a password", async () => {
    const secrets = [owner, reader]
      .map((url) => new URL(url).password)
      .flatMap((one) => [one, decodeURIComponent(one)]);
    const wrong = new URL(reader);
    wrong.password = "guessed";
    for (const [args, code, exit] of [
      [["kb", "import", DEMO_ENTITIES, "--kb", reader], "KB_DENIED", 1],
      [["kb", "info", "--kb", wrong.href], "KB_DENIED", 1],
      [["kb", "info", "--kb", reader.replace("kb=demo", "kb=other")], "KB_NOT_FOUND", 2],
    ] as const) {
      const ended = await mmel(args);
      printed.push(ended);
      expect(ended.code).toBe(exit);
      expect(ended.stderr).toMatch(new RegExp(`^mmel: ${code}: [^\\n]*\\n$`));
    }
    for (const { stdout, stderr } of printed)
      for (const secret of [...secrets, "guessed"]) expect(stdout + stderr).not.toContain(secret);
  }, 600_000);
});
