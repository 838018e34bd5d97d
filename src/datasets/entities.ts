import { join } from "node:path";
import { z } from "zod";
import { type Entity, MmelError } from "../core/index.js";
import { parseWire, readJson } from "../formats/index.js";
import { parseProperties } from "./property-text.js";

const textOfId = z.record(z.string(), z.string());

/** The knowledge base of Wikidata-MEL: `qid2ne.json` and `qid2abs.json` of its folder. */
export function readWikimelEntities(folder: string): AsyncGenerator<Entity> {
  return readEntities(folder, "qid2abs.json");
}

/** The knowledge base of Richpedia-MEL: `qid2ne.json` and `qid2abs_long.json` of its folder. */
export function readRichpediaEntities(folder: string): AsyncGenerator<Entity> {
  return readEntities(folder, "qid2abs_long.json");
}

/** Labels as published, "Fred (footballer, born 1979)" among them. There are no pictures and no aliases to go with them. */
async function* readEntities(folder: string, descriptions: string): AsyncGenerator<Entity> {
  const labels = parseWire(textOfId, await readJson(join(folder, "qid2ne.json")), "FORMAT");
  const texts = parseWire(textOfId, await readJson(join(folder, descriptions)), "FORMAT");
  const nameless = Object.keys(texts).find((id) => !Object.hasOwn(labels, id));
  if (nameless !== undefined) {
    throw new MmelError("FORMAT", {
      what: `${nameless} has no label`,
      where: `qid2ne.json beside ${descriptions}`,
      expected: "a label for every entity",
    });
  }
  for (const [id, label] of Object.entries(labels)) {
    yield {
      id,
      label,
      aliases: [],
      properties: parseProperties(texts[id] ?? "", `${descriptions}, ${id}`),
      images: [],
      url: `https://www.wikidata.org/wiki/${id}`,
    };
  }
}
