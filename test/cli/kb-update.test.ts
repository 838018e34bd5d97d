import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { lines, mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();
const person = (id: string, label: string, more = {}) => ({ id, label, ...more });

describe("kb import --update", () => {
  it("adds, replaces and removes entities, reports it, and is idempotent", async () => {
    const kb = path("kb");
    const first = await writeRecords(path("first.jsonl"), [
      person("a", "Anna"),
      person("b", "Ben"),
      person("c", "Cem"),
    ]);
    expect((await mmel(["kb", "import", first, "--kb", kb, "--name", "people"])).code).toBe(0);
    const changes = await writeRecords(path("changes.jsonl"), [
      person("d", "Dora"),
      person("b", "Benjamin"),
      person("a", "Anna"),
    ]);
    await writeFile(path("gone.txt"), "c\r\n\nnobody\n");
    const update = ["kb", "import", changes, "--update", "--remove", path("gone.txt"), "--kb", kb];

    const { code, stdout, stderr } = await mmel([...update, "--json"]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `mmel: 1 id in ${path("gone.txt")} was not in the knowledge base\n`,
    });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      added: 1,
      changed: 1,
      removed: 1,
      unchanged: 1,
      notFound: 1,
      rejected: 0,
    });
    expect(report).toMatchObject({ name: "people", entities: 3 });

    const again = await mmel(update);
    expect(again.stdout).toMatch(/^0 added, 0 changed, 0 removed, 3 unchanged in .* now contains 3 entities/);
    expect(again.stdout).toContain(report.version);
    const { stdout: all } = await mmel(["kb", "export", "--kb", kb]);
    expect(lines(all).map((line) => JSON.parse(line).label)).toEqual(["Anna", "Benjamin", "Dora"]);
  });

  it("skips and reports a bad line, or stops at it without any change", async () => {
    const kb = path("kb-bad");
    const good = await writeRecords(path("good.jsonl"), [person("a", "Anna")]);
    await mmel(["kb", "import", good, "--kb", kb]);
    const mixed = await writeRecords(path("mixed.jsonl"), [
      person("b", "Ben"),
      "{broken",
      person("b", "Bob"),
    ]);
    const before = await readFile(`${kb}/manifest.json`, "utf8");
    const failed = await mmel(["kb", "import", mixed, "--update", "--kb", kb, "--on-error", "fail"]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^mmel: FORMAT: the line is not JSON .*line 2/);
    expect(await readFile(`${kb}/manifest.json`, "utf8")).toBe(before);

    const { code, stdout } = await mmel([
      "kb",
      "import",
      mixed,
      "--update",
      "--kb",
      kb,
      "--rejects",
      path("rejects"),
      "--json",
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ added: 1, rejected: 2, entities: 2 });
    const codes = lines(await readFile(path("rejects"), "utf8")).map((line) => JSON.parse(line).code);
    expect(codes).toEqual(["FORMAT", "DUPLICATE_ID"]);
  });

  it("names both files of an id that is updated and removed, and changes nothing", async () => {
    const kb = path("kb-both");
    const two = await writeRecords(path("both.jsonl"), [person("a", "Anna"), person("b", "Ben")]);
    await mmel(["kb", "import", two, "--kb", kb]);
    await writeFile(path("b.txt"), "b\n");
    const before = await readFile(`${kb}/manifest.json`, "utf8");
    const { code, stderr } = await mmel([
      ...["kb", "import", two, "--update", "--remove", path("b.txt"), "--kb", kb],
    ]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^mmel: FORMAT: entity "b" is also listed for removal in .*b\.txt, .*both\.jsonl, line 2; .*Remove the id from .*\n$/,
      ),
    ]);
    expect(await readFile(`${kb}/manifest.json`, "utf8")).toBe(before);
  });

  it("removes ids without a file of entities, and rejects senseless usage", async () => {
    const kb = path("kb-remove");
    const two = await writeRecords(path("two.jsonl"), [person("a", "Anna"), person("b", "Ben")]);
    await writeFile(path("a.txt"), "a\n");
    const early = await mmel(["kb", "import", two, "--update", "--kb", kb]);
    expect([early.code, early.stderr]).toEqual([2, expect.stringMatching(/^mmel: KB_NOT_FOUND: /)]);
    await mmel(["kb", "import", two, "--kb", kb]);
    const removed = await mmel(["kb", "import", "--update", "--remove", path("a.txt"), "--kb", kb]);
    expect(removed.stdout).toMatch(/^0 added, 0 changed, 1 removed, 1 unchanged/);
    for (const wrong of [["--update"], [], [two, "--remove", path("a.txt")]]) {
      const { code, stderr } = await mmel(["kb", "import", ...wrong, "--kb", kb]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^mmel: USAGE: /)]);
    }
  });
});

describe("kb diff", () => {
  it("prints the differences, streams them as JSON, and sets the exit code on request", async () => {
    const [a, b] = [path("diff-a"), path("diff-b")];
    const before = [
      person("a", "Anna"),
      person("b", "Ben", { properties: { birth: ["1900"] } }),
      person("c", "Cem\u001b[31m"),
    ];
    const after = [
      person("b", "Ben", { properties: { birth: ["1901"] } }),
      person("c", "Cem\u001b[31m"),
      person("d", "Dora"),
    ];
    await mmel(["kb", "import", await writeRecords(path("a.jsonl"), before), "--kb", a]);
    await mmel(["kb", "import", await writeRecords(path("b.jsonl"), after), "--kb", b]);

    const text = await mmel(["kb", "diff", a, b]);
    expect(text.code).toBe(0);
    expect(lines(text.stdout)).toEqual([
      "- a  Anna",
      "~ b  Ben",
      "    properties.birth: 1900 → 1901",
      "+ d  Dora",
      expect.stringMatching(/^1 added, 1 removed, 1 changed, 1 unchanged: diff-a@\w+ → diff-b@\w+$/),
    ]);
    const json = await mmel(["kb", "diff", a, b, "--json", "--limit", "2", "--exit-code"]);
    expect(json.code).toBe(1);
    const { changes, ...counts } = JSON.parse(json.stdout);
    expect(changes).toEqual([
      { id: "a", kind: "removed", before: before[0] },
      { id: "b", kind: "changed", fields: ["properties.birth"], before: before[1], after: after[0] },
    ]);
    expect(counts).toMatchObject({ added: 1, removed: 1, changed: 1, unchanged: 1, shown: 2 });
    expect(lines(json.stdout)).toHaveLength(4);
    const same = await mmel(["kb", "diff", a, a, "--exit-code"]);
    expect(same).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^0 added, 0 removed, 0 changed, 3 unchanged/),
    });
  });
});

describe("kb pack and unpack", () => {
  it("copy a knowledge base in one file, and reject a damaged file", async () => {
    const kb = path("packed-kb");
    const people = await writeRecords(path("people.jsonl"), [person("a", "Anna"), person("b", "Ben")]);
    await mmel(["kb", "import", people, "--kb", kb, "--name", "people"]);
    const file = path("people.kb.tar.gz");
    const packed = await mmel(["kb", "pack", "--kb", kb, "--output", file, "--json"]);
    expect(packed.code).toBe(0);
    const { version, sha256 } = JSON.parse(packed.stdout);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const unpacked = await mmel(["kb", "unpack", file, "--kb", path("there"), "--json"]);
    expect(unpacked.code).toBe(0);
    expect(JSON.parse(unpacked.stdout)).toMatchObject({ name: "people", version, entities: 2 });

    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length - 30));
    const { code, stderr } = await mmel(["kb", "unpack", file, "--kb", path("elsewhere")]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^mmel: KB_DAMAGED: .*people\.kb/)]);
    expect(existsSync(path("elsewhere"))).toBe(false);
    const other = await mmel(["kb", "unpack", people, "--kb", path("elsewhere")]);
    expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/^mmel: FORMAT: .*people\.jsonl/)]);
  });
});
