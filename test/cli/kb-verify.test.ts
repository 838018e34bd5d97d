import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { manyEntities } from "../kb/entities.js";
import { importDemo, mmel, scratch, start } from "./harness.js";

const path = scratch();

describe("kb verify", () => {
  const kb = path("demo-kb");
  beforeAll(() => importDemo(kb));

  it("says what it checked, also as JSON", async () => {
    const said = await mmel(["kb", "verify", "--kb", kb]);
    expect(said).toMatchObject({ code: 0, stderr: "" });
    expect(said.stdout).toMatch(/ \(demo@\w{16}\) is intact: 3 files, 3 blocks, \d+ entities checked\.\n$/);
    const json = JSON.parse((await mmel(["kb", "verify", "--kb", kb, "--json"])).stdout);
    expect(json).toMatchObject({ name: "demo", schema: 2, intact: true, old: false, damages: 0, damage: [] });
  });

  it("lists damaged places and ends with KB_DAMAGED, as linking does", async () => {
    const file = join(kb, "version-1", "relations.bin");
    const bytes = await readFile(file);
    await writeFile(
      file,
      bytes.map((byte, at) => (at === 200 ? byte ^ 4 : byte)),
    );
    const place = "relations.bin, block 0 (bytes 0 to 1048575)";
    const said = await mmel(["kb", "verify", "--kb", kb]);
    expect(said.code).toBe(1);
    expect(said.stdout).toContain(place);
    expect(said.stderr).toMatch(/^mmel: KB_DAMAGED: the knowledge base demo@\w+ is damaged in 1 place, /);
    const json = JSON.parse((await mmel(["kb", "verify", "--kb", kb, "--json"])).stdout);
    expect(json).toMatchObject({ intact: false, damages: 1 });
    expect(json.damage[0].where).toContain(place);
    const linked = await mmel(["link", "demo/captions.jsonl", "--kb", kb, "--model", "lexical"]);
    expect([linked.code, linked.stdout]).toEqual([1, ""]);
    expect(linked.stderr).toMatch(/^mmel: KB_DAMAGED: .*relations\.bin, block 0/);
    await writeFile(file, bytes);
  });

  it("ends on SIGINT with exit code 130", async () => {
    const large = path("large-kb");
    const file = path("large.jsonl");
    await writeFile(
      file,
      manyEntities(12_000)
        .map((entity) => `${JSON.stringify(entity)}\n`)
        .join(""),
    );
    expect((await mmel(["kb", "import", file, "--kb", large])).code).toBe(0);
    const { child, ended } = start(["kb", "verify", "--kb", large]);
    await once(child, "spawn");
    await sleep(900);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    if (stdout === "") expect([code, stderr]).toEqual([130, "mmel: ABORTED: interrupted\n"]);
    else expect(code).toBe(0); // it was faster
  });

  it("kb pack removes the temporary file of a killed kb pack", async () => {
    const folder = path("packs");
    await mkdir(folder);
    const args = ["kb", "pack", "--kb", path("large-kb"), "--output", join(folder, "large.kb.tar.gz")];
    const { child, ended } = start(args);
    while ((await readdir(folder)).length === 0) await sleep(5);
    child.kill("SIGKILL");
    await ended;
    expect((await readdir(folder))[0]).toMatch(/^\.large\.kb\.tar\.gz\..*\.tmp$/);
    expect((await mmel(args)).code).toBe(0);
    expect(await readdir(folder)).toEqual(["large.kb.tar.gz"]);
  });

  it("reports a missing knowledge base", async () => {
    expect(await mmel(["kb", "verify", "--kb", path("none")])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^mmel: KB_NOT_FOUND: /),
    });
  });
});
