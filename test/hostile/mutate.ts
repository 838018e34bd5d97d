import { gzipSync } from "node:zlib";
import type { Random } from "../../src/core/index.js";
import { NUMBERS, TEXTS } from "./hostile-values.js";
import { mutateJson } from "./mutate-json.js";
import type { Files } from "./reader.js";

/** Changes one of the `targets` of an input in one to three ways. */
export function mutate(files: Files, targets: readonly string[], random: Random): Files {
  const name = pick(targets, random);
  let bytes = files[name] ?? new Uint8Array();
  for (let count = 1 + random.below(3); count > 0; count--) bytes = mutateBytes(bytes, random);
  return { ...files, [name]: bytes };
}

export const pick = <T>(items: readonly T[], random: Random): T => items[random.below(items.length)]!;

/** Changes a file as bytes, as text, or as JSON. */
function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const text = textOf(bytes);
  const kind = random.next();
  if (text === undefined || kind < 0.35) return pick(BYTE_CHANGES, random)(bytes, random);
  const changed = kind < 0.75 ? mutateJson(text, random) : undefined;
  return Buffer.from(changed ?? pick(TEXT_CHANGES, random)(text, random));
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

type Change<T> = (content: T, random: Random) => T;

const JUNK: readonly Uint8Array[] = [
  Buffer.from([0]),
  Buffer.from([0xff]),
  Buffer.from([0xef, 0xbb, 0xbf]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xfe, 0xff]),
  Buffer.from([0xed, 0xa0, 0x80]), // a lone surrogate
  Buffer.from([0xc0, 0x80]), // NUL in too many bytes
  Buffer.from([0xf4, 0x90, 0x80, 0x80]), // a code point beyond Unicode
  Buffer.from([0xe2, 0x82]), // an incomplete sequence
  Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]),
  Buffer.from("BZh9"),
  Buffer.from("\r\n\r\n"),
  Buffer.from("PK\u0003\u0004"),
];

const BYTE_CHANGES: readonly Change<Uint8Array>[] = [
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  function flip(bytes, random) {
    const changed = Uint8Array.from(bytes);
    for (let count = 1 + random.below(8); count > 0 && bytes.length > 0; count--)
      changed[random.below(bytes.length)]! ^= 1 << random.below(8);
    return changed;
  },
  function overwriteNumber(bytes, random) {
    const changed = Uint8Array.from(bytes);
    const words = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff, 0xffff, 0x4000_0000];
    const word = Buffer.alloc(4);
    word[random.next() < 0.5 ? "writeUInt32LE" : "writeUInt32BE"](pick(words, random));
    // headers are at the beginning
    const range = random.next() < 0.5 ? Math.min(bytes.length, 64) : bytes.length;
    changed.set(
      word.subarray(0, Math.max(0, Math.min(4, bytes.length))),
      random.below(Math.max(1, range - 4)),
    );
    return changed;
  },
  (bytes, random) => insert(bytes, pick(JUNK, random), random.below(bytes.length + 1)),
  (bytes, random) => insert(bytes, pick(JUNK, random), 0),
  (bytes, random) =>
    insert(bytes, Buffer.alloc(1 + random.below(100_000), random.below(256)), random.below(bytes.length + 1)),
  function cutOut(bytes, random) {
    const from = random.below(bytes.length + 1);
    const to = from + random.below(bytes.length - from + 1);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function repeatPart(bytes, random) {
    const from = random.below(bytes.length + 1);
    const part = bytes.subarray(from, from + 1 + random.below(200));
    return insert(bytes, Buffer.concat(Array<Uint8Array>(1 + random.below(50)).fill(part)), from);
  },
  (bytes) => Buffer.concat([bytes, bytes]),
  (_, random) => (random.next() < 0.5 ? new Uint8Array() : Buffer.from(pick(JUNK, random))),
  (_, random) => Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256))),
  (bytes, random) => {
    const packed = gzipSync(bytes);
    return packed.subarray(0, random.next() < 0.5 ? packed.length : random.below(packed.length));
  },
];

function insert(bytes: Uint8Array, part: Uint8Array, at: number): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
}

const TEXT_CHANGES: readonly Change<string>[] = [
  (text, random) => replaceOne(text, /-?\d+(\.\d+)?/g, pick(NUMBERS, random), random),
  (text, random) => replaceOne(text, /\p{L}+/gu, pick(TEXTS, random), random),
  (text, random) => replaceOne(text, /[^\p{L}\d\s]/gu, pick(TEXTS, random), random),
  (text, random) => replaceOne(text, /[^\p{L}\d\s]/gu, "", random),
  (text, random) =>
    replaceOne(text, /[[{(<"'\\,;\t]/g, (found) => found.repeat(1 + random.below(20_000)), random),
  (text, random) => replaceOne(text, /^.*$/gm, (line) => `${line}\n`.repeat(2 + random.below(50)), random),
  (text, random) => replaceOne(text, /^.*$/gm, "", random),
  (text, random) =>
    replaceOne(text, /\s+/g, pick(["", "\u00a0", "\u2028", "\r", "\t".repeat(1000)], random), random),
  (text, random) => replaceOne(text, /$/g, pick(TEXTS, random), random),
  function shuffleLines(text, random) {
    return random.shuffle(text.split("\n")).join("\n");
  },
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.replaceAll("\n", "\r"),
  (text) => text.replaceAll("\n", " "),
];

/** Replaces one match at random. */
function replaceOne(
  text: string,
  pattern: RegExp,
  by: string | ((found: string) => string),
  random: Random,
): string {
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return text;
  const { 0: found, index } = pick(matches, random);
  const put = typeof by === "string" ? by : by(found);
  return `${text.slice(0, index)}${put}${text.slice(index + found.length)}`;
}
