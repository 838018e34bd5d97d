import { expect, it } from "vitest";
import { driverFor } from "../../src/kb/index.js";
import { mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();

it("kb info shows how many values name another entity, and of which properties", async () => {
  const kb = path("kb");
  const entities = await writeRecords(path("entities.jsonl"), [
    { id: "t1", label: "Ostwick", properties: { type: ["town"] } },
    { id: "t2", label: "Tarn Hollow", properties: { type: ["town"], county: ["Mere County"] } },
    { id: "p1", label: "Ada Fenn", properties: { born: ["1902, Tarn Hollow"], works: ["Ostwick"] } },
    { id: "p2", label: "Ivo Marl", properties: { born: ["12 May 1911 in Ostwick"], spouse: ["p1"] } },
  ]);
  const info = async (...options: string[]): Promise<string> =>
    (await mmel(["kb", "info", "--kb", kb, ...options])).stdout;

  expect((await mmel(["kb", "import", entities, "--kb", kb])).code).toBe(0);
  expect(await info()).toMatch(
    /^4 property values name another entity\n\nproperty +values +that name an entity\n─.*\nborn +2 +2\nspouse +1 +1\nworks +1 +1\n$/m,
  );
  expect(JSON.parse(await info("--json"))).toMatchObject({
    entities: 4,
    relations: {
      properties: [
        { name: "born", values: 2, named: 2 },
        { name: "county", values: 1, named: 0 },
        { name: "spouse", values: 1, named: 1 },
        { name: "type", values: 2, named: 0 },
        { name: "works", values: 1, named: 1 },
      ],
    },
  });

  await (await driverFor(kb)).import(kb, []); // without relations, as an older version of mmel
  expect(await info()).toContain("Import it again to add them.");
  expect(JSON.parse(await info("--json")).relations).toBeNull();

  const plain = await writeRecords(path("plain.jsonl"), [{ id: "a", label: "Ada" }]);
  await mmel(["kb", "import", plain, "--kb", kb, "--replace"]);
  expect(await info()).toContain("No property value names another entity.\n");
});
