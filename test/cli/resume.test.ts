import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { captionOf, demoEntities, importDemo, links, mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();
const kb = path("kb");
let captions: { id: string; text: string }[];

const link = async (input: string, output: string, ...more: string[]) =>
  mmel(["link", path(input), "--kb", kb, "--model", "lexical", "--output", path(output), ...more]);
const idsIn = async (output: string): Promise<string[]> =>
  links(await readFile(path(output), "utf8")).map(({ id }) => id);

beforeAll(async () => {
  await importDemo(kb);
  const names = (await demoEntities()).map(({ label }) => label);
  captions = names.slice(0, 30).map((name, at) => captionOf(`c${at}`, name) as { id: string; text: string });
  await writeRecords(path("captions.jsonl"), captions);
  expect((await link("captions.jsonl", "old.jsonl")).code).toBe(0);
});

describe("link --resume after the captions were edited", () => {
  it("links edited and added captions again, and writes what a full run writes", async () => {
    const edited = captions.map((caption, at) =>
      at === 3
        ? captionOf("c3", "Michael Jordan")
        : at === 8
          ? { ...caption, text: `${caption.text}, 1996` }
          : caption,
    );
    edited.splice(12, 0, captionOf("new", "Scottie Pippen") as { id: string; text: string });
    await writeRecords(path("edited.jsonl"), edited);
    expect((await link("edited.jsonl", "full.jsonl")).code).toBe(0);
    await writeFile(path("resumed.jsonl"), await readFile(path("old.jsonl")));
    expect(await link("edited.jsonl", "resumed.jsonl", "--resume")).toMatchObject({
      code: 0,
      stderr: `mmel: ${path("resumed.jsonl")} contains the links of ${edited.length} captions\n`,
    });
    expect(await readFile(path("resumed.jsonl"), "utf8")).toBe(await readFile(path("full.jsonl"), "utf8"));

    // A run that was killed after it had linked two of the edited captions.
    const again = (await readFile(path("full.jsonl"), "utf8"))
      .split("\n")
      .filter((_, at) => at === 3 || at === 8);
    const mark = "\ufeff"; // a text editor may have added it
    const old = await readFile(path("old.jsonl"), "utf8");
    await writeFile(path("killed.jsonl"), `${mark}${old}${again.join("\n")}\n`);
    expect((await link("edited.jsonl", "killed.jsonl", "--resume")).code).toBe(0);
    expect(await readFile(path("killed.jsonl"), "utf8")).toBe(await readFile(path("full.jsonl"), "utf8"));
  });

  it("removes the old links of a caption that can no longer be linked, and keeps those of other captions", async () => {
    const edited = captions
      .filter((_, at) => at !== 20)
      .map((caption, at) => (at === 5 ? { id: "c5", text: "nobody", mentions: [] } : caption));
    await writeRecords(path("bad.jsonl"), edited);
    await writeFile(path("less.jsonl"), await readFile(path("old.jsonl")));
    const { code, stderr } = await link("bad.jsonl", "less.jsonl", "--resume");
    expect([code, stderr]).toEqual([1, expect.stringContaining("CAPTION_INVALID")]);
    const rest = edited.map(({ id }) => id).filter((id) => id !== "c5");
    expect(await idsIn("less.jsonl")).toEqual(["c20", ...rest]);
  });

  it("changes nothing if no caption was edited, and says so if the output has no hashes", async () => {
    const old = await readFile(path("old.jsonl"), "utf8");
    const without = old.replaceAll(/,"captionHash":"[0-9a-f]{16}"/g, "");
    expect(without).not.toBe(old);
    for (const [content, message] of [
      [old, /^mmel: [^\n]* contains the links of 30 captions\n$/],
      [without, /30 captions linked by an earlier version of mmel/],
    ] as const) {
      await writeFile(path("same.jsonl"), content);
      const { code, stderr } = await link("captions.jsonl", "same.jsonl", "--resume");
      expect(code).toBe(0);
      expect(stderr).toMatch(message);
      expect(await readFile(path("same.jsonl"), "utf8")).toBe(content);
    }
  });
});
