import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();

const caption = (id: string, ...golds: (string | null | undefined)[]) => ({
  id,
  text: "Jordan and Pippen",
  mentions: ["Jordan", "Pippen"].map((text, at) => ({
    text,
    start: at * 11,
    end: at * 11 + 6,
    ...(golds[at] !== undefined && { gold: golds[at] }),
  })),
});

it("mmel agreement compares two reviewers and writes the differences for the review page", async () => {
  const anna = await writeRecords(path("anna.jsonl"), [
    caption("1", "mj", "sp"),
    caption("2", "mj", null),
    caption("3"),
  ]);
  const ben = await writeRecords(path("ben.jsonl"), [caption("1", "mbj", "sp"), caption("2", "mj", null)]);
  const output = path("differences.jsonl");
  const { code, stdout, stderr } = await mmel(["agreement", anna, ben, "--output", output]);
  expect([code, stderr]).toEqual([0, `mmel: wrote 1 caption with different decisions to ${output}\n`]);
  expect(stdout).toMatch(/^captions +2 in both files \(3 and 2\)\nmentions +4 decided by both; 0 only/);
  expect(stdout).toMatch(/agreement +75.0 % \(95 % interval 50.0 % to 100.0 %\), 3 mentions\n/);
  expect(stdout).toMatch(/differences +1 different entities, 0 entity against NIL\n$/);
  expect(JSON.parse(await readFile(output, "utf8"))).toEqual({
    ...caption("1"),
    mentions: [
      {
        text: "Jordan",
        start: 0,
        end: 6,
        review: {
          choices: [
            { id: "mj", by: "anna" },
            { id: "mbj", by: "ben" },
          ],
        },
      },
      { text: "Pippen", start: 11, end: 17, gold: "sp" },
    ],
  });
  const json = await mmel(["agreement", anna, ben, "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    agreed: 3,
    mentions: { both: 4 },
    kappa: { value: expect.any(Number) },
  });
  const none = await writeRecords(path("none.jsonl"), [caption("9", "mj")]);
  const failed = await mmel(["agreement", anna, none]);
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining("no caption is in both")]);
});
