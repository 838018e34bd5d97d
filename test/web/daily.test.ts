import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { importDemo, scratch } from "../cli/harness.js";
import { allLinked, axe, exported, inBrowser, openRecords, served, spanned } from "./browser.js";

const path = scratch();
const kb = path("kb");

const CAPTIONS = [
  spanned("1", "Jordan with Pippen, 1996.", "Jordan", "Pippen"),
  spanned("2", "Jordan with Pippen, 1997.", "Jordan", "Pippen"),
  spanned("3", "Jordan with Pippen, 1998.", "Jordan", "Pippen"),
  spanned("4", "A portrait of Zacharias Quill.", "Zacharias Quill"),
];

inBrowser("daily review", (open) => {
  const address = served(async () => {
    await importDemo(kb);
    return kb;
  });
  const notice = (page: Page) => page.locator(".notice");
  const progress = (page: Page): Promise<string | null> => page.locator(".progress-words").textContent();

  it("decides the same name everywhere, accepts many at once, and undoes each in one step", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await page.evaluate(() => localStorage.setItem("mmel-review-preferences", "{}"));
    await page.reload();
    await openRecords(page, "c.jsonl", CAPTIONS);
    await allLinked(page);
    await page.locator(".queue-row").filter({ hasText: "1996" }).click();
    await page.keyboard.press("0");
    await page.getByRole("dialog", { name: "Who is reviewing?" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.type("J. D.");
    await page.keyboard.press("Enter");
    await notice(page).getByText("Same for 2 more “Jordan”").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("s");
    await notice(page).getByText("2 times more").waitFor();
    expect(await progress(page)).toContain("3 of 7 names");
    await page.keyboard.press("u");
    expect(await progress(page)).toContain("1 of 7 names");
    await page.keyboard.press("r");

    await page.keyboard.press("t");
    await page.getByRole("spinbutton").fill("50");
    await page.getByRole("dialog").getByText("4 of 4 undecided names, 1 of them as not in").waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".done-card").getByText("all 7 names in 4 captions are decided").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("u");
    await page.locator(".done-card").waitFor({ state: "detached" });
    await page.keyboard.press("r");
    const records = await exported(page);
    const reviews = records.flatMap(({ mentions = [] }) =>
      mentions.map(({ gold, review }) => [gold, review] as const),
    );
    expect(reviews.map(([gold]) => gold)).toEqual([
      null,
      "scottie-pippen",
      null,
      "scottie-pippen",
      null,
      "scottie-pippen",
      null,
    ]);
    for (const [, review] of reviews)
      expect(review).toMatchObject({
        by: "J. D.",
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        probability: expect.any(Number),
      });
    expect(reviews.map(([, review]) => review?.together ?? false)).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(visit.complaints).toEqual([]);
  });

  it("filters, flags and comments, finds by description, and adds an entity", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await openRecords(page, "c.jsonl", CAPTIONS);
    await allLinked(page);
    const rows = page.locator(".queue-row");
    await page.keyboard.press("f");
    await page.keyboard.type("quill");
    await page.getByText("1 of 4 captions").waitFor();
    expect(await rows.count()).toBe(1);
    await page.keyboard.press("Enter");
    await rows.first().click();
    await page.keyboard.press("g");
    await page.getByRole("button", { name: "Flagged", exact: true }).waitFor();
    await page.keyboard.press("w");
    await page.keyboard.type("The glass plate is broken.");
    await page.keyboard.press("Control+Enter");
    await page.locator(".comment").getByText("glass plate").waitFor();

    await page.keyboard.press("/");
    await page.keyboard.type("chicago basketball");
    await page.locator("[role=option]").filter({ hasText: "Basketball" }).first().waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("b");
    const dialog = page.getByRole("dialog", { name: /New entity/ });
    await dialog.getByLabel("Description").fill("Brewer in York");
    await dialog.getByLabel("Born").fill("1867");
    await dialog.getByLabel("Died").fill("1934");
    await page.keyboard.press("Enter");
    await notice(page).getByText("Zacharias Quill → Zacharias Quill").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await rows.filter({ hasText: "Quill" }).click();
    await page.locator(".candidate.chosen").getByText("1867–1934 · Brewer in York").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.reload();
    await page.locator(".candidate.chosen").getByText("1867–1934 · Brewer in York").waitFor();

    await page.keyboard.press("e");
    await page.getByRole("radio", { name: /^New entities/ }).check();
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    expect(download.suggestedFilename()).toBe("additions.jsonl");
    expect(JSON.parse(await readFile(await download.path(), "utf8"))).toEqual({
      id: "new-zacharias-quill",
      label: "Zacharias Quill",
      description: "Brewer in York",
      properties: { birth: ["1867"], death: ["1934"] },
    });
    await page.keyboard.press("e");
    await page.getByRole("radio", { name: /Excel/ }).check();
    const [table] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    expect((await readFile(await table.path())).subarray(0, 2).toString()).toBe("PK");
    expect(visit.complaints).toEqual([]);
  });

  describe("a workspace", () => {
    it("that an earlier version of the page saved opens", async () => {
      await using visit = await open(address());
      const { page } = visit;
      await page.evaluate(async () => {
        const request = indexedDB.open("mmel-review");
        await new Promise((resolve) => {
          request.onsuccess = resolve;
        });
        const transaction = request.result.transaction(["items", "meta"], "readwrite");
        const item = {
          id: "1",
          text: "Jordan",
          marks: [{ text: "Jordan", start: 0, end: 6, gold: { kind: "nil" } }],
        };
        transaction.objectStore("items").put({ item, linking: { status: "done" } });
        transaction.objectStore("meta").put({ order: ["1"], cursor: { item: "1", mark: 0 } }, "work");
        await new Promise((resolve) => {
          transaction.oncomplete = resolve;
        });
        request.result.close();
      });
      await page.reload();
      await page.locator(".done-card").waitFor();
      await page.keyboard.press("c");
      await page.keyboard.press("0");
      expect((await exported(page))[0]!.mentions).toMatchObject([{ gold: null, review: { by: "R. Test" } }]);
      expect(visit.complaints).toEqual([]);
    });
  });
});
