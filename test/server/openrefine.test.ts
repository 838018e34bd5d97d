import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WireEntity } from "../../src/formats/index.js";
import { scratch, serving } from "./harness.js";
import { isOpenRefineInstalled, type OpenRefine, startOpenRefine } from "./openrefine-peer.js";

const why = isOpenRefineInstalled ? "" : " (SKIPPED: /usr/bin/openrefine is not installed)";
const CHROMIUM = process.env.MMEL_CHROMIUM ?? "/usr/bin/chromium";
const noBrowser = existsSync(CHROMIUM) ? "" : ` (SKIPPED: no ${CHROMIUM})`;
/** Output folder for the pictures of the documentation; set MMEL_SCREENSHOTS=docs/images to update them. */
const FOLDER = process.env.MMEL_SCREENSHOTS;
const engine = JSON.stringify({ facets: [], mode: "row-based" });

describe.skipIf(!isOpenRefineInstalled)(`OpenRefine${why}`, () => {
  const path = scratch();
  const { server } = serving({ model: "mmel-mini-en" });
  let refine: OpenRefine;
  let reconciled: string;
  let entities: WireEntity[] = [];
  beforeAll(async () => {
    refine = await startOpenRefine(path("openrefine"));
    entities = (await readFile("demo/entities.jsonl", "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as WireEntity);
  });
  afterAll(async () => refine?.[Symbol.asyncDispose]());

  it("reconciles a column of 200 names and fetches properties of the matches", async () => {
    const invented = Array.from({ length: 200 - entities.length }, (_, at) => `Xyzzy Quuxley ${at}`);
    const names = [...entities.map(({ label }) => label), ...invented];
    expect(names).toHaveLength(200);
    const project = await refine.createProject("name", names);
    const service = { identifierSpace: "urn:mmel:kb:demo", schemaSpace: "urn:mmel:properties" };
    const config = {
      mode: "standard-service",
      service: `${server().url}/reconcile`,
      ...service,
      type: null,
      autoMatch: true,
      columnDetails: [],
      limit: 0,
    };
    await refine.run("reconcile", { project, columnName: "name", engine, config: JSON.stringify(config) });

    reconciled = project;
    const rows = await refine.rows(project);
    expect(rows.map(({ cells: [cell] }) => cell?.v)).toEqual(names);
    const judged = rows.map(({ cells: [cell] }) => cell!.recon!);
    const matched = judged.filter(({ j }) => j === "matched");
    for (const [at, { label, id }] of entities.entries()) {
      const { j, m, c = [] } = judged[at]!;
      if (j === "matched") expect(m).toMatchObject({ name: label });
      else expect(c.map((candidate) => candidate.id)).toContain(id);
    }
    expect(judged.slice(entities.length).filter(({ j }) => j === "matched")).toEqual([]);
    const right = entities.filter(({ id }, at) => judged[at]!.m?.id === id).length;
    expect(right).toBeGreaterThanOrEqual(0.95 * matched.length);
    expect(right).toBeGreaterThanOrEqual(0.7 * entities.length);

    await refine.run("extend-data", {
      project,
      engine,
      columnName: "name",
      baseColumnName: "name",
      endpoint: config.service,
      ...service,
      columnInsertIndex: "1",
      extension: JSON.stringify({ properties: [{ id: "country", name: "country" }] }),
    });
    const extended = await refine.rows(project);
    const pippen = extended.find(({ cells: [cell] }) => cell?.v === "Scottie Pippen");
    expect(pippen?.cells.map((cell) => cell?.v)).toContain("United States");
  }, 120_000);

  it.skipIf(noBrowser !== "")(
    `shows matches and candidates on its page${noBrowser}`,
    async () => {
      await using browser = await chromium.launch({ executablePath: CHROMIUM });
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(`${refine.address}/project?project=${reconciled}`);
      const candidate = page.locator(".data-table-recon-candidate").first();
      await candidate.waitFor({ timeout: 60_000 });
      const match = page.locator(".data-table-cell-content", { hasText: "Choose new match" }).first();
      expect(await match.isVisible()).toBe(true);
      const picture = await sharp(await page.screenshot())
        .png({ palette: true, quality: 90 })
        .toBuffer();
      if (FOLDER !== undefined) await writeFile(join(resolve(FOLDER), "openrefine.png"), picture);
    },
    180_000,
  );
});
