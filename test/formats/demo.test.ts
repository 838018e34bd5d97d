import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { captionLines, entityLines, readCaptions, readEntities } from "../../src/formats/index.js";
import { all, values } from "./files.js";

const demo = (name: string): string => fileURLToPath(new URL(`../../demo/${name}`, import.meta.url));
const warned: string[] = [];
const onWarning = (warning: string): number => warned.push(warning);
const entities = await values(readEntities(demo("entities.jsonl"), { onWarning }));
const captions = await values(readCaptions(demo("captions.jsonl"), { onWarning }));
const pictured = await values(readCaptions(demo("pictured.jsonl"), { onWarning }));

describe("the demo files", () => {
  it("are read without warnings and written back unchanged", async () => {
    expect(warned).toEqual([]);
    const written = async (lines: AsyncIterable<string>): Promise<string> => (await all(lines)).join("");
    const read = (name: string) => readFileSync(demo(name), "utf8");
    expect(JSON.parse(`[${(await written(entityLines(entities))).trimEnd().replaceAll("\n", ",")}]`)).toEqual(
      JSON.parse(`[${read("entities.jsonl").trimEnd().replaceAll("\n", ",")}]`),
    );
    expect((await written(captionLines(captions))).split("\n")).toHaveLength(captions.length + 1);
  });

  it("have entities with descriptions and properties, most of which share a name", () => {
    expect(entities.length).toBeGreaterThanOrEqual(110);
    expect(new Set(entities.map(({ id }) => id)).size).toBe(entities.length);
    const holders = new Map<string, Set<string>>();
    for (const { id, label, aliases } of entities) {
      for (const word of [label, ...aliases]
        .join(" ")
        .toLowerCase()
        .match(/\p{L}{4,}/gu) ?? []) {
        holders.set(word, (holders.get(word) ?? new Set()).add(id));
      }
    }
    const sharing = new Set([...holders.values()].filter(({ size }) => size > 1).flatMap((ids) => [...ids]));
    expect(sharing.size / entities.length).toBeGreaterThan(0.8);
    for (const { description, properties, popularity } of entities) {
      expect(description).toBeDefined();
      expect(Object.keys(properties).length).toBeGreaterThan(0);
      expect(popularity).toBeLessThanOrEqual(100);
    }
  });

  it("have captions whose mentions all have offsets and gold", () => {
    const ids = new Set(entities.map(({ id }) => id));
    expect(new Set([...captions, ...pictured].map(({ id }) => id)).size).toBe(
      captions.length + pictured.length,
    );
    for (const { text, mentions } of [...captions, ...pictured]) {
      expect(mentions.length).toBeGreaterThan(0);
      for (const { text: name, span, gold } of mentions) {
        expect(text.slice(span?.start, span?.end)).toBe(name);
        expect(gold?.kind === "nil" || ids.has(gold?.id ?? "")).toBe(true);
      }
    }
  });

  it("contain several mentions, NIL, other languages and scripts, and emoji", () => {
    const count = (is: (caption: (typeof captions)[number]) => boolean): number => captions.filter(is).length;
    expect(captions.length).toBeGreaterThanOrEqual(24);
    expect(count(({ mentions }) => mentions.length >= 2 && mentions.length <= 4)).toBeGreaterThanOrEqual(9);
    expect(count(({ mentions }) => mentions.some(({ gold }) => gold?.kind === "nil"))).toBeGreaterThanOrEqual(
      1,
    );
    expect(count(({ language }) => language === "fr")).toBeGreaterThanOrEqual(1);
    expect(count(({ text }) => /\p{Script=Arabic}/u.test(text))).toBeGreaterThanOrEqual(1);
    expect(count(({ text }) => /\p{Script=Greek}/u.test(text))).toBeGreaterThanOrEqual(1);
    expect(count(({ text }) => /\p{Extended_Pictographic}/u.test(text))).toBeGreaterThanOrEqual(1);
  });

  it("have only pictures that are used and licensed, by other artists than those of the entities", () => {
    const folder = demo("images");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => name.replaceAll("\\", "/"))
      .filter((name) => name.endsWith(".png"));
    const used = [...entities.flatMap(({ images }) => images), ...pictured.map(({ image }) => image!)];
    expect(used.toSorted()).toEqual(files.toSorted());
    const bytes = new Map(files.map((name) => [name, readFileSync(`${folder}/${name}`)]));
    expect([...bytes.values()].reduce((sum, { length }) => sum + length, 0)).toBeLessThan(2 ** 20);
    const licences = readFileSync(`${folder}/LICENCES.md`, "utf8");
    const artist = (name: string): string[] => {
      const [, line] = licences.split(`| \`${name}\` | `);
      return [...line!.split("\n")[0]!.matchAll(/`([\w-]+):/g)].map(([, set]) => set!);
    };
    for (const name of files) expect(artist(name).length).toBeGreaterThan(0);
    for (const { image, mentions } of pictured)
      for (const { gold } of mentions) {
        const entity = entities.find(({ id }) => gold?.kind === "entity" && id === gold.id)!;
        expect(entity.images).toHaveLength(1);
        expect(artist(image!)).not.toContain(artist(entity.images[0]!)[0]);
      }
    const named = [...licences.matchAll(/\| \[([^\]]+)\]\(https[^|]* \| @iconify/g)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(["CC BY 4.0", "CC0 1.0", "MIT", "MIT", "MIT"]);
  });
});
