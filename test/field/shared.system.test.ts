import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Measured, measureSets } from "../../experiments/field/measure.js";
import {
  figuresOf,
  formatFailures,
  formatSpans,
  formatTable,
  rowsOf,
} from "../../experiments/field/report.js";
import { fieldSets, SHARED } from "../../experiments/field/sets.js";
import { readCaptions, readEntities } from "../../src/formats/index.js";
import { createLinker, importKb } from "../../src/linker/index.js";
import { loadModel } from "../../src/models/registry.js";

/** Minimum share of right mentions for each group, with the default model. */
const LEVELS: Readonly<Record<string, number>> = { cases: 0.92, moma: 0.88, repeated: 0.97, languages: 0.93 };
/** Minimum share of captions whose detected spans are exactly the expected spans. */
const EXACT_SPANS = 0.9;
const TIMEOUT = 15 * 60_000;

/** Links all sets with both bundled models, prints the figures by kind, and returns what the default model measured. */
async function measureField(): Promise<Measured> {
  const build = { createLinker, importKb, readCaptions, readEntities, loadModel };
  const columns = await measureSets(build, [undefined, "lexical"], fieldSets());
  const names = ["default", "lexical"];
  const table = formatTable(names, rowsOf(columns.map(({ mentions }) => mentions)));
  const spans = formatSpans(
    names,
    columns.map(({ spans }) => spans),
  );
  console.log(`${table}\n${spans}\n\n${formatFailures(columns[0]!)}`);
  return columns[0]!;
}

describe.skipIf(!existsSync(join(SHARED, "field")))(
  "linking of captions as people write them (skipped without ../shared/field)",
  { timeout: TIMEOUT },
  () => {
    let measuring: Promise<Measured> | undefined;
    const measured = (): Promise<Measured> => {
      measuring ??= measureField();
      return measuring;
    };

    it.each(Object.entries(LEVELS))("%s: a share of at least %d is right", async (group, level) => {
      const { mentions } = await measured();
      const { right, mentions: all } = figuresOf(mentions.filter((mention) => mention.group === group));
      expect(right / all).toBeGreaterThanOrEqual(level);
    });

    it(`a share of at least ${EXACT_SPANS} of the captions has exactly the expected detected spans`, async () => {
      const { spans } = await measured();
      expect(spans.filter(({ exact }) => exact).length / spans.length).toBeGreaterThanOrEqual(EXACT_SPANS);
    });
  },
);
