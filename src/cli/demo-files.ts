import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Caption, Entity } from "../core/index.js";
import { html, type Markup } from "../formats/html/index.js";
import { type Read, readCaptions, readEntities } from "../formats/index.js";

const DEMO = fileURLToPath(new URL("../../demo/", import.meta.url));

/** Path of the folder with the demo's pictures. */
export const DEMO_IMAGES = join(DEMO, "images");

export const demoEntities = (): AsyncGenerator<Entity> =>
  values<Entity>(readEntities(join(DEMO, "entities.jsonl")));

/** Reads the captions of the demo: first the captions without a picture, then the captions with a picture. */
export async function demoCaptions(): Promise<Caption[]> {
  const captions: Caption[] = [];
  for (const file of ["captions.jsonl", "pictured.jsonl"])
    for await (const caption of values<Caption>(readCaptions(join(DEMO, file)))) captions.push(caption);
  return captions;
}

interface Credit {
  readonly set: string;
  readonly by: string;
  readonly address: string;
  readonly licence: string;
  readonly licenceAddress: string;
}

/** Returns the authors and licences of the demo's pictures as markup for the end of the report. */
export async function demoCredits(): Promise<Markup> {
  const credits: Credit[] = JSON.parse(await readFile(join(DEMO_IMAGES, "credits.json"), "utf8"));
  const sets = credits.map(
    ({ set, address, by, licence, licenceAddress }) =>
      html`<li>${set} (${address}), ${by}; licence ${licence} (${licenceAddress})</li>`,
  );
  return html`<h2>Pictures</h2>
<p class="soft">The drawings are by several artists and have not been changed. A caption never shows the same drawing as its entity. Logos are trademarks of their owners.</p>
<ul class="soft">${sets}</ul>`;
}

async function* values<T>(reads: AsyncIterable<Read<T>>): AsyncGenerator<T> {
  for await (const read of reads) {
    if (read.kind === "rejected") throw read.error;
    yield read.value;
  }
}
