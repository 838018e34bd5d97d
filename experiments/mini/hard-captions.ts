/**
 * Writes captions that are hard to link: `npx tsx experiments/mini/hard-captions.ts short|long CAPTIONS OUTPUT`. `short` cuts
 * every name to its last word, in the text too. `long` joins such captions, in the order of the file, until they have 150
 * characters and at least two mentions; captions without a sentence (fewer than 40 characters) are left out.
 */
import { writeFile } from "node:fs/promises";
import type { Caption, Mention } from "../../src/core/index.js";
import { readCaptions } from "../../src/formats/index.js";
import { withShortNames } from "../../src/training/mmel/captions.js";

const [kind, file, output] = process.argv.slice(2);
if ((kind !== "short" && kind !== "long") || file === undefined || output === undefined)
  throw new Error("usage: hard-captions.ts short|long CAPTIONS OUTPUT");

const captions: Caption[] = [];
for await (const read of readCaptions(file))
  if (read.kind === "record") {
    const short = withShortNames(read.value);
    if (short !== undefined) captions.push(short);
  }

const lines = (kind === "short" ? captions : joined(captions)).map(({ id, text, mentions }) =>
  JSON.stringify({ id, text, mentions: mentions.map(lineOf) }),
);
await writeFile(output, `${lines.join("\n")}\n`);
console.log(`${lines.length} captions`);

function lineOf({ text, span, gold }: Mention): object {
  const place = span === undefined ? {} : { start: span.start, end: span.end };
  return { text, ...place, ...(gold !== undefined && { gold: gold.kind === "entity" ? gold.id : null }) };
}

function joined(all: readonly Caption[]): Caption[] {
  const long: Caption[] = [];
  let part: Caption | undefined;
  for (const caption of all) {
    if (caption.text.length < 40) continue;
    part = part === undefined ? caption : after(part, caption);
    if (part.text.length < 150 || part.mentions.length < 2) continue;
    if (part.mentions.length <= 5 && part.text.length <= 220) long.push(part);
    part = undefined;
  }
  return long;
}

/** Returns the first caption followed by the second. */
function after(first: Caption, second: Caption): Caption {
  const head = /[.!?]$/u.test(first.text) ? `${first.text} ` : `${first.text}. `;
  const mentions = second.mentions.map(
    ({ span, ...mention }): Mention =>
      span === undefined
        ? mention
        : { ...mention, span: { start: span.start + head.length, end: span.end + head.length } },
  );
  return { ...first, text: head + second.text, mentions: [...first.mentions, ...mentions] };
}
