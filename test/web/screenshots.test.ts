import { stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import sharp from "sharp";
import { expect, it } from "vitest";
import type { WireCaption } from "../../src/formats/index.js";
import { records, scratch } from "../cli/harness.js";
import { CAPTIONS, CATALOGUE } from "./archive.js";
import { allLinked, inBrowser, openRecords, running, servedDemo } from "./browser.js";

const path = scratch();

/** Output folder for the pictures of the documentation; set MMEL_SCREENSHOTS=docs/images to update them. */
const FOLDER = process.env.MMEL_SCREENSHOTS;

const SHOWN = [
  "magnets",
  "simple-life",
  "turkey-and-apple",
  "plains",
  "green-apple",
  "rose-revolution",
  "queen-live",
];
const ALSO = ["marzouki-ar", "bulls-1996", "carthage-palace", "georgia-mug", "python-badge"];

/** Maximum size of a picture in the documentation, in bytes. */
const MAX_BYTES = 150_000;

inBrowser("review page, screenshots", (open) => {
  const address = servedDemo(path("kb"), "--images", "demo/images");

  /** Opens the demo's captions without gold, decides some names, and shows the caption with this beginning. */
  async function reviewing(page: Page, beginning: string): Promise<void> {
    await openRecords(page, "captions.jsonl", await demoCaptions());
    await allLinked(page);
    for (const key of ["a", "a", "3"]) await page.keyboard.press(key);
    const captions = page.getByRole("button", { name: "Captions" });
    if (await captions.isVisible()) await captions.click();
    await page.locator(".queue-row:visible").filter({ hasText: beginning }).click();
    await page.locator(".candidate .probability").first().waitFor();
    await page.evaluate("document.querySelector('.notice [aria-label=\"Close the message\"]')?.click()"); // or it closed itself
    await page.mouse.move(0, 0);
    await page.evaluate(() => {
      scrollTo(0, 0);
      document.querySelector(".side")?.scrollTo(0, 0);
    });
    await page.waitForLoadState("networkidle");
  }

  const SCREENSHOTS: readonly [string, string, BrowserContextOptions][] = [
    ["review-desktop.png", "Paris and London", {}],
    ["review-dark.png", "Paris and London", { colorScheme: "dark" }],
    [
      "review-phone.png",
      "Paris and London",
      { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    ],
  ];
  for (const [name, beginning, options] of SCREENSHOTS) {
    it(`takes ${name}`, async () => {
      await using visit = await open(address(), options);
      await reviewing(visit.page, beginning);
      await shoot(visit.page, name);
      if (name === "review-desktop.png") await showConfident(visit.page);
      expect(visit.complaints).toEqual([]);
    });
  }

  /** Shows what would be accepted from a probability on. */
  async function showConfident(page: Page): Promise<void> {
    await page.keyboard.press("t");
    await page.getByRole("spinbutton").fill("70");
    await page.locator(".proposal-entity").first().waitFor();
    await page.locator(".proposal .about", { hasText: /^…$/ }).first().waitFor({ state: "detached" });
    await shoot(page, "review-confident.png");
  }
});

async function shoot(page: Page, name: string): Promise<void> {
  const picture = await sharp(await page.screenshot())
    .png({ palette: true, quality: 90, effort: 8 })
    .toBuffer();
  const file = FOLDER === undefined ? path(name) : join(resolve(FOLDER), name);
  await writeFile(file, picture);
  expect((await stat(file)).size).toBeLessThan(MAX_BYTES);
  const { entropy } = await sharp(picture).stats();
  expect(entropy).toBeGreaterThan(1); // not blank
}

inBrowser("catalogue part of the page, screenshots", (open) => {
  const address = running(async () => [
    ...["open", "--no-browser", "--home", path("home"), "--port", "0", "--model", "lexical"],
  ]);

  const SCREENSHOTS: readonly [string, (page: Page) => Promise<void>, BrowserContextOptions][] = [
    ["start-desktop.png", async (page) => await page.getByText("to try the page with").waitFor(), {}],
    [
      "catalogue-columns.png",
      async (page) => {
        await page.getByLabel("File of a new catalogue").setInputFiles(CATALOGUE);
        await page.getByText("Columns in your file").waitFor();
      },
      {},
    ],
    [
      "captions-columns.png",
      async (page) => {
        await page.getByLabel("Files with captions").setInputFiles(CAPTIONS);
        await page.getByText("Columns in your file").waitFor();
      },
      { viewport: { width: 1280, height: 720 } },
    ],
  ];
  for (const [name, show, options] of SCREENSHOTS) {
    it(`takes ${name}`, async () => {
      await using visit = await open(address(), options);
      await show(visit.page);
      await shoot(visit.page, name);
      expect(visit.complaints).toEqual([]);
    });
  }
});

async function demoCaptions(): Promise<WireCaption[]> {
  const all = [
    ...(await records<WireCaption>("demo/pictured.jsonl")),
    ...(await records<WireCaption>("demo/captions.jsonl")),
  ];
  return [...SHOWN, ...ALSO].map((wanted) => {
    const { mentions = [], ...caption } = all.find(({ id }) => id === wanted)!;
    return { ...caption, mentions: mentions.map(({ gold: _, ...mention }) => mention) };
  });
}
