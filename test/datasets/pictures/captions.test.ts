import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Caption } from "../../../src/core/index.js";
import {
  type PictureCaptionOptions,
  pictureCaptions,
  writeSidecar,
} from "../../../src/datasets/pictures/index.js";
import { readSidecarText } from "../../../src/datasets/pictures/sidecar-file.js";
import { described, headline, jpeg, jpegWithExif, jpegWithIptc, regions, shown, webp, xmp } from "./make.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-pictures-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(name: string, bytes: Buffer | string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), bytes);
}

async function read(options: PictureCaptionOptions = {}) {
  const captions: Caption[] = [];
  const rejected: (readonly [string | undefined, string])[] = [];
  for await (const record of pictureCaptions(folder, options)) {
    if (record.kind === "record") captions.push(record.value);
    else rejected.push([record.id, record.error.code]);
  }
  return { captions, rejected };
}

describe("pictureCaptions", () => {
  it("reads the description as text and the people shown as mentions, with or without spans", async () => {
    await put(
      "a/meeting.jpg",
      await jpeg(
        described(["x-default", "👍 Ann Lee with Bo &amp; Ann in Paris"]) +
          headline("Talks") +
          shown("Ann", "Ann Lee", "Carl Carlson"),
      ),
    );
    const { captions, rejected } = await read();
    expect(rejected).toEqual([]);
    expect(captions).toEqual([
      {
        id: "a/meeting.jpg",
        text: "👍 Ann Lee with Bo & Ann in Paris",
        image: "a/meeting.jpg",
        mentions: [
          { text: "Ann Lee", span: { start: 3, end: 10 }, type: "person" },
          { text: "Ann", span: { start: 21, end: 24 }, type: "person" },
          { text: "Carl Carlson", type: "person" },
        ],
      },
    ]);
    for (const { text, span } of captions[0]!.mentions)
      if (span) expect(captions[0]!.text.slice(span.start, span.end)).toBe(text);
  });

  it("falls back to IPTC, EXIF and the headline", async () => {
    await put("1-iptc.jpg", await jpegWithIptc({ 120: "Édith in Café", 105: "Head" }));
    await put("2-exif.jpg", await jpegWithExif("from the camera"));
    await put("3-headline.webp", await webp(headline("only a headline") + shown("nobody")));
    await put("4-iptc-headline.jpg", await jpegWithIptc({ 105: "Short" }));
    const { captions, rejected } = await read();
    expect(rejected).toEqual([]);
    expect(captions.map(({ text }) => text)).toEqual([
      "Édith in Café",
      "from the camera",
      "only a headline",
      "Short",
    ]);
  });

  it("selects the description in the preferred language and sets the language of the caption", async () => {
    const language = "<dc:language><rdf:Bag><rdf:li>fr</rdf:li></rdf:Bag></dc:language>";
    await put(
      "a.jpg",
      await jpeg(described(["x-default", "default"], ["de-AT", "deutsch"], ["en", "english"])),
    );
    await put("b.jpg", await jpeg(described(["x-default", "français"]) + language));
    const textsIn = async (wanted?: string) =>
      (await read(wanted === undefined ? {} : { language: wanted })).captions.map(
        ({ text, language: spoken }) => [text, spoken],
      );
    expect(await textsIn()).toEqual([
      ["default", undefined],
      ["français", "fr"],
    ]);
    expect(await textsIn("de")).toEqual([
      ["deutsch", "de-AT"],
      ["français", "fr"],
    ]);
  });

  it("builds the text from the people shown if there is no description and no headline", async () => {
    await put("a.jpg", await jpeg(shown("Ewa", "Ewa Nowicka") + regions([["Face", "Tomás Oliveira"]])));
    await put("b.jpg", await jpeg(shown("Ewa Nowicka") + headline("Opening night")));
    const [names, titled] = (await read()).captions;
    expect(names).toMatchObject({
      text: "Ewa, Ewa Nowicka, Tomás Oliveira",
      mentions: [
        { text: "Ewa", span: { start: 0, end: 3 } },
        { text: "Ewa Nowicka", span: { start: 5, end: 16 } },
        { text: "Tomás Oliveira", span: { start: 18, end: 32 } },
      ],
    });
    expect(titled).toMatchObject({ text: "Opening night", mentions: [{ text: "Ewa Nowicka" }] });
  });

  it("ignores texts that the camera wrote", async () => {
    const camera = "MINOLTA DIGITAL CAMERA";
    const inXmp = described(["x-default", camera]);
    await put("1-headline.jpg", await jpeg(inXmp + headline("Opening night")));
    await put("2-other-headline.jpg", await jpegWithIptc({ 120: "DSC_0042", 105: "Short" }));
    await put("3-people.jpg", await jpeg(inXmp + headline("DSC_0042.JPG") + shown("Ewa Nowicka")));
    await put("4-language.jpg", await jpeg(described(["x-default", camera], ["pl", "Koncert"])));
    await put("5-model.jpg", await jpegWithExif("Lumen S40", { Make: "ACME", Model: "Lumen S40" }));
    await put("6-nothing.jpg", await jpegWithExif(`${camera}          `));
    const { captions, rejected } = await read();
    expect(captions.map(({ text }) => text)).toEqual(["Opening night", "Short", "Ewa Nowicka", "Koncert"]);
    expect(rejected).toEqual([
      ["5-model.jpg", "CAPTION_INVALID"],
      ["6-nothing.jpg", "CAPTION_INVALID"],
    ]);
  });

  it("rejects files that are not pictures, damaged, without text, too large or not followed, and continues", async () => {
    const good = await jpeg(described(["x-default", "good"]));
    await put("1-good.jpg", good);
    await put("2-text.jpg", "this is not a picture but only some plain text");
    await put("3-empty.jpg", "");
    await put("4-silent.jpg", await jpeg());
    await put("5-large.jpg", Buffer.concat([good, Buffer.alloc(300_000)]));
    await put("6-xmp.webp", await webp(described(["x-default", "text"]) + " ".repeat(5 << 20)));
    await put("7-nested.jpg", await jpeg("<a>".repeat(8_000)));
    await put("8-long.jpg", await jpeg(described(["x-default", "text"]) + shown("n".repeat(1_001))));
    await put("9-notes.txt", "notes");
    await put("a-good.jpg", good);
    await put(".hidden.jpg", "x");
    await put("no-picture.jpg.xmp", "<sidecar/>");
    const outside = await mkdtemp(join(tmpdir(), "mmel-outside-"));
    await writeFile(join(outside, "secret.jpg"), good);
    await symlink(join(outside, "secret.jpg"), join(folder, "b-link.jpg"));
    await symlink(outside, join(folder, "c-folder"));
    const { captions, rejected } = await read({ maxBytes: 6 << 20 });
    expect(captions.map(({ id }) => id)).toEqual(["1-good.jpg", "5-large.jpg", "a-good.jpg"]);
    expect(rejected).toEqual([
      ["2-text.jpg", "IMAGE_UNREADABLE"],
      ["3-empty.jpg", "IMAGE_UNREADABLE"],
      ["4-silent.jpg", "CAPTION_INVALID"],
      ["6-xmp.webp", "IMAGE_TOO_LARGE"],
      ["7-nested.jpg", expect.stringMatching(/CAPTION_INVALID|IMAGE_UNREADABLE/)],
      ["8-long.jpg", "CAPTION_INVALID"],
      ["9-notes.txt", "IMAGE_UNREADABLE"],
      ["b-link.jpg", "PATH_OUTSIDE"],
      ["c-folder", "PATH_OUTSIDE"],
    ]);
    expect((await read({ maxBytes: 200_000 })).rejected).toContainEqual(["5-large.jpg", "IMAGE_TOO_LARGE"]);
    await rm(outside, { recursive: true });
  });

  it("reads or rejects a picture truncated at any point", async () => {
    const whole = await jpeg(described(["x-default", "whole"]));
    for (let index = 0; index < whole.length; index += 37)
      await put(`${String(index).padStart(5, "0")}.jpg`, whole.subarray(0, index));
    const { captions, rejected } = await read();
    expect(captions.length + rejected.length).toBe(Math.ceil(whole.length / 37));
    for (const { text } of captions) expect(text).toBe("whole");
    expect(rejected.length).toBeGreaterThan(5);
  });
});

describe("pictureCaptions with sidecars", () => {
  it.each(["a.jpg.xmp", "a.xmp", "a.XMP", "a.jpg.XMP"])("reads %s", async (name) => {
    await put("sub/a.jpg", await jpeg());
    await put(`sub/${name}`, xmp(described(["pl", "Ewa Nowicka w Łodzi"]) + shown("Ewa Nowicka")));
    expect(await read()).toEqual({
      captions: [
        {
          id: "sub/a.jpg",
          text: "Ewa Nowicka w Łodzi",
          image: "sub/a.jpg",
          language: "pl",
          mentions: [{ text: "Ewa Nowicka", span: { start: 0, end: 11 }, type: "person" }],
        },
      ],
      rejected: [],
    });
  });

  it("prefers a.jpg.xmp to a.xmp, and sidecars to the picture, field by field, and merges the people", async () => {
    await put(
      "a.jpg",
      await jpeg(described(["de", "im Bild"]) + headline("in the picture") + shown("Ewa", "Bo")),
    );
    await put("a.xmp", xmp(described(["en", "second"]) + shown("Mara")));
    await put("a.jpg.xmp", xmp(described(["fr", "first"]) + shown("Bo", "Ji-ho")));
    const textIn = async (language?: string) =>
      (await read(language === undefined ? {} : { language })).captions[0]!.text;
    expect(await textIn()).toBe("first");
    expect(await textIn("en")).toBe("second");
    expect(await textIn("de")).toBe("im Bild");
    expect((await read()).captions[0]!.mentions.map(({ text }) => text)).toEqual([
      "Bo",
      "Ji-ho",
      "Mara",
      "Ewa",
    ]);
    await put("a.jpg.xmp", xmp(headline("first")));
    expect(await textIn("de")).toBe("im Bild");
  });

  it("rejects sidecars that cannot be read, and reads the picture without them", async () => {
    const good = await jpeg(described(["x-default", "good"]));
    const entities = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${xmp(headline("&b;"))}`;
    const sidecars: Readonly<Record<string, string | Buffer>> = {
      "1-empty": "",
      "2-text": "hello",
      "3-broken": xmp("<dc:description>"),
      "4-doctype": entities,
      "5-entity": xmp(headline("&b;")),
      "6-utf-16": Buffer.from(xmp(headline("text")), "utf16le"),
      "7-large": xmp(headline("text") + " ".repeat(5 << 20)),
      "8-no-rdf": "<x:xmpmeta><text/></x:xmpmeta>",
    };
    for (const [name, content] of Object.entries(sidecars)) {
      await put(`${name}.jpg`, good);
      await put(`${name}.xmp`, content);
    }
    await put("9-link.jpg", good);
    await symlink(join(folder, "5-entity.xmp"), join(folder, "9-link.xmp"));
    const { captions, rejected } = await read();
    expect(captions.map(({ text }) => text)).toEqual(Array(9).fill("good"));
    expect(rejected).toEqual([
      ...Object.keys(sidecars).map((name) => [`${name}.xmp`, "FORMAT"]),
      ["9-link.xmp", "PATH_OUTSIDE"],
    ]);
  });

  it("reports a sidecar that exists but cannot be opened", async () => {
    await put("a.jpg", await jpeg(described(["x-default", "good"])));
    await symlink("loop", join(folder, "loop"));
    await expect(readSidecarText(join(folder, "loop", "a.xmp"))).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
    });
    expect(await readSidecarText(join(folder, "a.jpg", "a.xmp"))).toBeUndefined();
  });

  it("returns the same captions after linked people were written to sidecars", async () => {
    await put("a.jpg", await jpeg(described(["x-default", "Nowicka at the opening"]) + shown("Nowicka")));
    await put("b.jpg", await jpeg());
    await put("b.jpg.xmp", xmp(shown("Mara")));
    const before = await read();
    for (const name of ["a.jpg", "b.jpg"])
      expect(await writeSidecar(join(folder, name), [{ id: "Q1", name: "Ewa Nowicka" }])).toBe("written");
    expect(await read()).toEqual(before);
  });
});
