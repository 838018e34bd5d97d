import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { z } from "zod";
import {
  type Caption,
  type Entity,
  type Gold,
  type Mention,
  MmelError,
  offsetMap,
  type Span,
} from "../core/index.js";
import { bytesOf, linesOf, locateNames, parseWire, readJson } from "../formats/index.js";
import { filesIn, type OnSkipped, unknownSplit } from "./published-files.js";

/** Mention, type, start, end (in code points) and the address of the Wikipedia page; `nil` for NIL. */
const annotation = z.tuple([z.string(), z.string(), z.int(), z.int(), z.string()]);
/** Text, address of the picture, topic and annotations. */
const samples = z.array(z.tuple([z.string(), z.string(), z.string(), z.array(annotation)]));

/**
 * Reads the captions in one split of WikiDiverse from `SPLIT.json`; the split `dev` is `valid.json`. The image of a
 * caption is the name of its file in the published folder of pictures. The id of a gold entity is the title of its
 * Wikipedia page (see `titleOf`). Topics are ignored. A mention whose address is not that of a page has no gold
 * annotation and is reported with `onSkipped`. Throws `USAGE` if the split does not exist.
 */
export async function* readWikidiverseCaptions(
  folder: string,
  split: string,
  onSkipped?: OnSkipped,
): AsyncGenerator<Caption> {
  const present = (await filesIn(folder)).filter((file) => SPLIT_FILES.includes(file));
  const file = [`${split}.json`, ...(split === "dev" ? ["valid.json"] : [])].find((one) =>
    present.includes(one),
  );
  if (file === undefined) {
    const splits = present.map((one) => one.replace(".json", "").replace("valid", "dev"));
    throw unknownSplit(split, folder, [...new Set(splits)]);
  }
  const read = parseWire(samples, await readJson(join(folder, file)), "FORMAT");
  for (const [index, [text, image, , annotations]] of read.entries()) {
    const spans = spansOf(text, annotations);
    yield {
      id: `wikidiverse-${split}-${String(index + 1).padStart(6, "0")}`,
      text,
      ...(image.trim() !== "" && { image: pictureFile(image) }),
      mentions: annotations.map(([name, type, , , address], at): Mention => {
        const gold = goldOf(address);
        if (gold === undefined) onSkipped?.("gold annotations that are not Wikipedia pages");
        const span = spans[at];
        return {
          text: name,
          ...(span && { span }),
          ...(type.trim() !== "" && { type: type.trim() }),
          ...(gold && { gold }),
        };
      }),
    };
  }
}

const SPLIT_FILES: readonly string[] = ["train.json", "valid.json", "dev.json", "test.json"];

type Annotation = z.infer<typeof annotation>;

/**
 * Returns the UTF-16 span of each annotation. An annotation whose offsets do not enclose its mention gets the next free
 * occurrence of the mention, or no span if there is none.
 */
function spansOf(text: string, annotations: readonly Annotation[]): (Span | undefined)[] {
  const { toUtf16 } = offsetMap(text, "codepoint");
  const length = [...text].length;
  const stated = annotations.map(([name, , start, end]) => {
    if (start < 0 || end > length || start >= end) return undefined;
    const span = toUtf16({ start, end });
    return text.slice(span.start, span.end) === name ? span : undefined;
  });
  const lost = annotations.flatMap(([name], at) => (stated[at] === undefined ? [{ name, at }] : []));
  const taken = stated.filter((span) => span !== undefined);
  const names = lost.map(({ name }) => name);
  for (const [i, span] of locateNames(text, names, taken).entries()) stated[lost[i]!.at] = span;
  return stated;
}

/**
 * Returns the name of a picture's file in the published folder of pictures: the MD5 of the last part of its address,
 * with the ending of that part. Drawings (SVG) were published as PNG.
 */
function pictureFile(address: string): string {
  const name = address.split("/").at(-1)!;
  const ending = name.replace(/\S+(?=\.(?:jpe?g|png|svg|JPE?G|PNG|SVG))/, "");
  return createHash("md5").update(name).digest("hex") + ending.replace(/\.svg/i, ".png");
}

function goldOf(address: string): Gold | undefined {
  if (/^nil$/i.test(address.trim())) return { kind: "nil" };
  const [, title] = address.split(/\/wiki\//, 2);
  return title === undefined || title.trim() === "" ? undefined : { kind: "entity", id: titleOf(title) };
}

/**
 * Returns the title of a Wikipedia page in one form, whether it comes from an address or from a list of names: decoded,
 * with underscores and a capital at the start (`detroit%20Lions` becomes `Detroit_Lions`).
 */
function titleOf(written: string): string {
  const title = decoded(written)
    .trim()
    .replace(/[\s_]+/gu, "_");
  const [first = "", ...rest] = title;
  return first.toUpperCase() + rest.join("");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that encodes nothing
  }
}

const SEPARATOR = "@@@@";
/** Maximum length of a line in the file of descriptions, in bytes. */
const MAX_LINE = 1 << 20;

/**
 * Reads the entities of WikiDiverse from the published file of descriptions, whose name contains `entity2desc`. Each line
 * has the name or the address of a Wikipedia page, `@@@@` and a description. Blank lines are ignored. Throws
 * `FILE_NOT_FOUND` if the folder contains no such file, and `FORMAT` with the number of a line that has no separator.
 */
export async function* readWikidiverseEntities(folder: string): AsyncGenerator<Entity> {
  const file = (await filesIn(folder)).sort().find((name) => name.includes("entity2desc"));
  if (file === undefined)
    throw new MmelError("FILE_NOT_FOUND", {
      what: "there is no file of descriptions",
      where: folder,
      expected: "a file whose name contains entity2desc",
      hint: "Put the published file Entity2desc into the folder.",
    });
  for await (const read of linesOf(bytesOf(join(folder, file)), MAX_LINE, basename(file))) {
    if (read.kind === "bad") throw read.error;
    if (read.text.trim() === "") continue;
    const [page, ...description] = read.text.split(SEPARATOR);
    if (description.length === 0)
      throw new MmelError("FORMAT", {
        what: `the line has no ${SEPARATOR}`,
        where: `${file}, line ${read.line}`,
        expected: `a name, ${SEPARATOR} and a description`,
      });
    yield entityFor(page!, description.join(SEPARATOR).trim(), `${file}, line ${read.line}`);
  }
}

function entityFor(page: string, description: string, where: string): Entity {
  const id = titleOf(page.split(/\/wiki\//, 2).at(-1)!);
  if (id === "")
    throw new MmelError("FORMAT", { what: "the name of the page is empty", where, expected: "a name" });
  return {
    id,
    label: id.replaceAll("_", " "),
    aliases: [],
    ...(description !== "" && { description }),
    properties: {},
    images: [],
    url: `https://en.wikipedia.org/wiki/${encodeURI(id)}`,
  };
}
