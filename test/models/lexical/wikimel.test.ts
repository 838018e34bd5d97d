import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCandidateSource } from "../../../src/candidates/index.js";
import type { Caption, Entity } from "../../../src/core/index.js";
import { DATASETS } from "../../../src/datasets/index.js";
import { loadModel } from "../../../src/models/registry.js";

const folder = join(
  process.env.MMEL_SHARED ?? join(import.meta.dirname, "../../../../shared"),
  "data/wikimel",
);
const CAPTIONS = 400;

describe.skipIf(!existsSync(folder))(
  "the lexical model on Wikidata-MEL (needs ../shared/data/wikimel)",
  () => {
    it(`ranks the right entity first for more than 86 % of the mentions of the first ${CAPTIONS} dev captions`, async () => {
      const entities: Entity[] = [];
      for await (const entity of DATASETS.wikimel.entities(folder)) entities.push(entity);
      const source = createCandidateSource(entities);
      await using model = await loadModel("lexical");
      const captions: Caption[] = [];
      for await (const caption of DATASETS.wikimel.captions(folder, "dev"))
        if (captions.push(caption) === CAPTIONS) break;
      const hits: boolean[] = [];
      for (const caption of captions) {
        const candidates = await source.candidates(
          caption.mentions.map(({ text }) => text),
          100,
        );
        const [scores] = await model.score([{ caption, candidates }]);
        caption.mentions.forEach(({ gold }, at) => {
          const match = scores![at]!.match as number[];
          const best = candidates[at]![match.indexOf(Math.max(...match))]?.entity.id;
          hits.push(gold?.kind === "entity" && best === gold.id);
        });
      }
      expect(hits.filter(Boolean).length / hits.length).toBeGreaterThan(0.86);
    });
  },
);
