import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import reader from "exifreader";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CaptionLinks } from "../../../src/core/index.js";
import { personsByImage, writeSidecar } from "../../../src/datasets/pictures/index.js";
import { readPictureText } from "../../../src/datasets/pictures/metadata.js";
import { described, shown, xmp } from "./make.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-sidecar-"));
});
afterEach(() => rm(folder, { recursive: true }));

const picture = (): string => join(folder, "photo.jpg");
const sidecar = (): string => `${picture()}.xmp`;

/** Returns the people that an XMP reader finds in the sidecar. */
async function persons(): Promise<{ id: string; name: string }[]> {
  const tags = reader.load(await readFile(sidecar()), { expanded: true }).xmp as unknown as Record<
    string,
    { value: unknown }
  >;
  const list = tags.PersonInImageWDetails?.value as {
    PersonId: { value: { value: string }[] };
    PersonName: { value: { value: string }[] };
  }[];
  return list.map(({ PersonId, PersonName }) => ({
    id: PersonId.value[0]!.value,
    name: PersonName.value[0]!.value,
  }));
}

const ANN = { id: "http://www.wikidata.org/entity/Q1", name: "Ann Lee" };
const BO = { id: "Q2", name: "Bo" };

/** Characters that XML 1.0 cannot represent. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

describe("writeSidecar without an existing sidecar", () => {
  it("writes people that any XMP reader finds", async () => {
    expect(await writeSidecar(picture(), [ANN, BO])).toBe("written");
    expect(await persons()).toEqual([ANN, BO]);
    expect((await readPictureText(await readFile(sidecar()))).persons).toEqual(["Ann Lee", "Bo"]);
    expect(await readdir(folder)).toEqual(["photo.jpg.xmp"]);
    expect(await writeSidecar(join(folder, "other.jpg"), [])).toBe("none");
  });

  it("escapes hostile names and ids", async () => {
    const hostile = [
      '"><script>alert(1)</script>',
      "</rdf:li></rdf:Bag></rdf:RDF></x:xmpmeta>",
      '<![CDATA[ ]]> <!-- --> &amp; &#65; &lol; <?xpacket end="w"?>',
      "' onload='x",
      "نجيب 王 👍 é",
    ];
    const all = hostile.map((text) => ({ id: text, name: text }));
    await writeSidecar(picture(), all);
    expect(await persons()).toEqual(all);
    expect(await readFile(sidecar(), "utf8")).not.toContain("<script");
  });

  it("round-trips any text except characters that XML cannot represent", async () => {
    const texts = fc.string({ unit: "binary", minLength: 1, maxLength: 20 }).map((text) => `a${text}z`);
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        await rm(sidecar(), { force: true });
        await writeSidecar(picture(), [{ id: text, name: text }]);
        const held = text.replace(UNWRITABLE, "\ufffd");
        expect(await persons()).toEqual([{ id: held, name: held }]);
      }),
      { numRuns: 80 },
    );
  });

  it("is idempotent and replaces people that it wrote earlier", async () => {
    await writeSidecar(picture(), [ANN]);
    const first = await readFile(sidecar(), "utf8");
    expect(await writeSidecar(picture(), [ANN])).toBe("unchanged");
    await writeSidecar(picture(), [BO]);
    expect(await persons()).toEqual([BO]);
    await writeSidecar(picture(), [ANN]);
    expect(await readFile(sidecar(), "utf8")).toBe(first);
  });
});

describe("writeSidecar with a sidecar of another program", () => {
  const theirs = xmp(described(["x-default", "A &lt;caption&gt;"]) + shown("Somebody")).replace(
    'rdf:about=""',
    'rdf:about="uuid:1&amp;2"',
  );

  it("keeps the existing contents byte for byte", async () => {
    await writeFile(sidecar(), theirs);
    expect(await writeSidecar(picture(), [ANN])).toBe("written");
    const merged = await readFile(sidecar(), "utf8");
    expect(await persons()).toEqual([ANN]);
    expect(merged.match(/rdf:about="[^"]*"/g)).toEqual([
      'rdf:about="uuid:1&amp;2"',
      'rdf:about="uuid:1&amp;2"',
    ]);
    expect(await readPictureText(Buffer.from(merged))).toMatchObject({
      description: "A <caption>",
      persons: ["Somebody", "Ann Lee"],
    });
    await writeSidecar(picture(), []);
    expect(await readFile(sidecar(), "utf8")).toBe(theirs);
    await writeFile(
      sidecar(),
      `<?xml version="1.0" encoding="UTF-8"?>\n${theirs.replace(/<\?xpacket.*?\?>/g, "")}`,
    );
    expect(await writeSidecar(picture(), [ANN])).toBe("written");
  });

  it.each<[string, string | Buffer]>([
    [
      "people with details",
      theirs.replace("</rdf:Description>", "<Iptc4xmpExt:PersonInImageWDetails/></rdf:Description>"),
    ],
    ["a DOCTYPE", `<!DOCTYPE x [<!ENTITY a "b">]>${theirs}`],
    ["comments", theirs.replace("<dc:description>", "<!-- </rdf:RDF> --><dc:description>")],
    ["broken XML", theirs.replace("</dc:description>", "")],
    ["nothing", ""],
    ["text", "hello"],
    ["UTF-16", Buffer.from(theirs, "utf16le")],
  ])("rejects and keeps a sidecar with %s", async (_, content) => {
    await writeFile(sidecar(), content);
    await expect(writeSidecar(picture(), [ANN])).rejects.toMatchObject({ code: "FORMAT" });
    expect(await readFile(sidecar())).toEqual(Buffer.from(content));
    expect(await readdir(folder)).toEqual(["photo.jpg.xmp"]);
  });

  it("rejects a sidecar if another program has edited our element", async () => {
    await writeSidecar(picture(), [ANN]);
    const title =
      '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Alt><rdf:li xml:lang="x-default">T</rdf:li></rdf:Alt></dc:title>';
    const added = (await readFile(sidecar(), "utf8")).replace(
      "  </rdf:Description>",
      `${title}  </rdf:Description>`,
    );
    await writeFile(sidecar(), added);
    await expect(writeSidecar(picture(), [BO])).rejects.toMatchObject({ code: "FORMAT" });
    expect(await readFile(sidecar(), "utf8")).toBe(added);
  });

  it("rejects a sidecar that is too large, without parsing it", async () => {
    await writeFile(sidecar(), theirs + " ".repeat(5 << 20));
    await expect(writeSidecar(picture(), [ANN])).rejects.toMatchObject({
      code: "FORMAT",
      message: expect.stringContaining("the sidecar is too large"),
    });
  });

  it("does not follow a symbolic link", async () => {
    const outside = join(folder, "outside");
    await writeFile(outside, theirs);
    await symlink(outside, sidecar());
    await expect(writeSidecar(picture(), [ANN])).rejects.toMatchObject({ code: "PATH_OUTSIDE" });
    expect(await readFile(outside, "utf8")).toBe(theirs);
  });
});

describe("personsByImage", () => {
  it("collects the linked entities of all captions of a picture without duplicates and unlikely links", async () => {
    const entity = (id: string) => ({ id, label: `Label ${id}`, aliases: [], properties: {}, images: [] });
    const link = (id: string, ...found: readonly (readonly [string | null, number?])[]): CaptionLinks => ({
      id,
      mentions: found.map(([target, probability]) => ({
        text: "x",
        ...(target === null
          ? { outcome: "nil", entity: null }
          : { outcome: "linked", entity: entity(target) }),
        probability: probability ?? null,
        candidates: [],
      })),
      model: "m",
      kb: "k",
    });
    async function* links() {
      yield link("1", ["a", 0.9], ["b", 0.4], [null, 0.9]);
      yield link("2", ["a", 0.8], ["c"]);
      yield link("3", ["d", 1]);
    }
    const imageOf = (id: string) => ({ 1: "x.jpg", 2: "x.jpg" })[id];
    const ids = async (minProbability?: number) => {
      const found = await personsByImage(links(), {
        imageOf,
        ...(minProbability !== undefined && { minProbability }),
      });
      return [...found].map(([image, all]) => [image, all.map(({ id }) => id)]);
    };
    expect(await ids()).toEqual([["x.jpg", ["a", "b", "c"]]]);
    expect(await ids(0.5)).toEqual([["x.jpg", ["a"]]]);
  });
});
