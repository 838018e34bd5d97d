import { readFile } from "node:fs/promises";
import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { importDemo, mmel, scratch, writeRecords } from "../cli/harness.js";
import {
  allLinked,
  axe,
  drop,
  exported,
  inBrowser,
  openRecords,
  running,
  servedDemo,
  spanned,
} from "./browser.js";

const path = scratch();
const kb = path("kb");

const CAPTIONS = [
  spanned("1", "Jordan with Pippen, 1996.", "Jordan", "Pippen"),
  spanned("2", "Jordan with Pippen, 1997.", "Jordan", "Pippen"),
  spanned("3", "Jordan with Pippen, 1998.", "Jordan", "Pippen"),
  spanned("4", "A portrait of Zacharias Quill.", "Zacharias Quill"),
];

const PHONE = { viewport: { width: 390, height: 740 }, isMobile: true, hasTouch: true };
const VIEWS: readonly (readonly [string, BrowserContextOptions])[] = [
  ["desktop", {}],
  ["dark phone", { ...PHONE, colorScheme: "dark" }],
];

inBrowser("daily review", (open) => {
  const address = servedDemo(kb, "--model", "lexical");
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
    await page.keyboard.press("s");
    await notice(page).getByText("2 times more").waitFor();
    expect(await progress(page)).toContain("3 of 7 names");
    await page.keyboard.press("u");
    expect(await progress(page)).toContain("1 of 7 names");
    await page.keyboard.press("r");

    await page.keyboard.press("t");
    await page.getByRole("spinbutton").fill("50");
    await page.getByRole("dialog").getByText("4 of 4 undecided names, 1 of them as not in").waitFor();
    expect(await page.getByRole("checkbox").count()).toBe(4);
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

  it.each(VIEWS)(
    "lists before what it would accept, and leaves out what is unticked, on a %s",
    async (_, options) => {
      await using visit = await open(address(), options);
      const { page } = visit;
      await openRecords(page, "c.jsonl", CAPTIONS);
      await page.locator(".progress-words").getByText("of 7 names").waitFor();
      await page.locator(".linking").waitFor({ state: "detached" });
      await page.keyboard.press("t");
      await page.getByRole("spinbutton").fill("50");
      const rows = page.getByRole("list", { name: "Suggestions to accept" }).getByRole("listitem");
      const pippen = rows.filter({ hasText: "1996" });
      await pippen.getByText("born 1965 · ").waitFor();
      expect(await pippen.locator("strong").textContent()).toBe("Pippen");
      expect(await pippen.locator(".proposal-caption").textContent()).toBe("Jordan with Pippen, 1996.");
      await rows.getByText("Not in the knowledge base").waitFor();
      const sure = (await rows.locator(".probability").allTextContents()).map((one) =>
        Number.parseInt(one.replace(">", ""), 10),
      );
      expect(sure.length).toBeGreaterThan(3);
      expect(sure).toEqual(sure.toSorted((a, b) => a - b));
      expect(await axe(page)).toEqual([]);
      expect(
        await page.evaluate(
          () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
        ),
      ).toBe(true);

      await pippen.getByRole("checkbox").focus();
      await page.keyboard.press("Space");
      await page.getByRole("dialog").getByText("1 left out").waitFor();
      await page.keyboard.press("Enter");
      await notice(page)
        .getByText(`Accepted ${sure.length - 1} suggestions`)
        .waitFor();
      expect(await progress(page)).toContain(`${sure.length - 1} of 7 names`);
      await page.keyboard.press("u");
      expect(await progress(page)).toContain("0 of 7 names");
      expect(visit.complaints).toEqual([]);
    },
  );

  it("never covers the caption with a message, on low and narrow screens", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await openRecords(page, "c.jsonl", CAPTIONS);
    await allLinked(page);
    await page.locator(".queue-row").filter({ hasText: "1996" }).click();
    await page.keyboard.press("0");
    await notice(page).getByText("Same for 2 more").waitFor();
    for (const [width, height] of [
      [1280, 860],
      [1280, 420],
      [1000, 340],
      [800, 360],
      [390, 480],
      [360, 620],
    ] as const) {
      await page.setViewportSize({ width, height });
      const covered = await page.evaluate(() => {
        scrollTo(0, 0);
        const text = document.querySelector("#caption-text")!.getBoundingClientRect();
        const message = document.querySelector(".notice")!.getBoundingClientRect();
        return message.top < text.bottom && message.bottom > text.top;
      });
      expect(covered, `${width} x ${height}`).toBe(false);
    }
    expect(visit.complaints).toEqual([]);
  });

  it("shows the order of the captions, and the most probable row first, which it suggests", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const candidates = [0.3, 0.25].map((probability, at) => ({
      id: `e${at}`,
      label: `Quill ${at}`,
      match: 0.9,
      collaborative: 0,
      score: 0.9 - at / 10,
      probability,
    }));
    const doubtful = spanned("doubtful", "Quill at the fair.", "Quill");
    const link = { outcome: "linked", entity: candidates[0], probability: 0.3, nilProbability: 0.45 };
    const mentions = [{ ...doubtful.mentions![0]!, ...link, candidates }];
    await openRecords(page, "c.jsonl", [
      ...CAPTIONS,
      doubtful,
      { id: "doubtful", mentions, model: "m@1", kb: "k@1" },
    ]);
    await allLinked(page);
    const least = async (): Promise<number[]> =>
      (await page.locator(".queue .least").allTextContents()).map((one) => Number(/(\d+)%/.exec(one)![1]));
    await page.getByRole("group", { name: "Order of the captions" }).getByText("Unsure first").waitFor();
    expect(await least()).toHaveLength(5);
    expect(await least()).toEqual((await least()).toSorted((a, b) => a - b));
    await page.locator(".caption").getByText("1 of 5 · unsure first").first().waitFor();
    await page.getByRole("radio", { name: "As opened" }).check();
    await page.locator(".caption").getByText("of 5 · as opened").first().waitFor();
    await page.locator(".queue-row").filter({ hasText: "45%" }).click();
    await page.getByText("Suggested: not in the knowledge base, 45% sure").waitFor();
    expect(await page.locator(".candidate .probability").allTextContents()).toEqual(["45%", "30%", "25%"]);
    expect(await page.locator(".candidate").first().locator(".tag").textContent()).toBe("suggested");
    expect(await axe(page)).toEqual([]);
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
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("The glass plate is broken.");
    await page.keyboard.press("Control+Enter");
    await page.locator(".comment").getByText("glass plate").waitFor();

    await page.keyboard.press("/");
    await page.getByRole("dialog").waitFor();
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

  it("adds a dropped picture to the open caption, and shows the choices of two reviewers", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const decided = (gold: string | null) =>
      CAPTIONS.slice(0, 2).map((caption) => ({
        ...caption,
        mentions: caption.mentions!.map((one) => ({
          ...one,
          gold: one.text === "Jordan" ? gold : "scottie-pippen",
        })),
      }));
    const differences = path("differences.jsonl");
    const anna = await writeRecords(path("anna.jsonl"), decided("michael-jordan"));
    const ben = await writeRecords(path("ben.jsonl"), decided(null));
    await mmel(["agreement", anna, ben, "--output", differences]);
    await page.getByLabel("Files with captions").setInputFiles(differences);
    await allLinked(page);
    expect(await progress(page)).toContain("2 of 4 names");
    await page
      .locator(".candidate")
      .filter({ hasText: "Michael Jordan" })
      .getByText("chosen by anna")
      .waitFor();
    await page.getByText("chosen by ben").waitFor();
    expect(await axe(page)).toEqual([]);

    const picture = await readFile("demo/images/captions/georgia-mug.png");
    await drop(page, { "court.png": picture });
    await notice(page).getByText("Added court.png to the caption.").waitFor();
    await page.locator("img.caption-picture[src^='blob:']").waitFor();
    await page.keyboard.press("1");
    await page.keyboard.press("s");
    await page.locator(".done-card").waitFor();
    const records = await exported(page);
    expect(records.map(({ image }) => image).sort()).toEqual(["court.png", undefined]);
    expect(records.map(({ mentions }) => mentions![0]!.gold)).toEqual(["michael-jordan", "michael-jordan"]);
    expect(visit.complaints).toEqual([]);
  });

  it("filters and explains on a phone", async () => {
    await using visit = await open(address(), {
      viewport: { width: 390, height: 800 },
      isMobile: true,
      hasTouch: true,
    });
    const { page } = visit;
    const fits = async (): Promise<void> =>
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await openRecords(page, "c.jsonl", CAPTIONS);
    await page.getByRole("button", { name: "Captions" }).tap();
    await allLinked(page);
    const list = page.locator("dialog");
    await list.getByLabel("Filter by name or entity").fill("quill");
    await list.getByText("1 of 4 captions").waitFor();
    await list.getByLabel("Filter by probability").selectOption("below 50%");
    await fits();
    expect(await axe(page)).toEqual([]);
    await list.getByRole("button", { name: "Show all" }).tap();
    await list.locator(".queue-row").filter({ hasText: "1996" }).tap();
    await page.getByRole("button", { name: "Why" }).tap();
    await page
      .getByRole("region", { name: "Scores" })
      .getByRole("rowheader", { name: "Michael Jordan", exact: true })
      .waitFor();
    await fits();
    expect(await axe(page)).toEqual([]);
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

inBrowser("new entities of a catalogue that the page may change", (open) => {
  const catalogues = path("catalogues");
  const address = running(async () => {
    await importDemo(`${catalogues}/town`);
    const options = ["--port", "0", "--model", "lexical"];
    return ["serve", "--kb", `${catalogues}/town`, "--catalogues", catalogues, ...options];
  });

  it("are sent to the catalogue, again after a failure, and are then found", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await openRecords(page, "c.jsonl", [
      CAPTIONS[3]!,
      { ...CAPTIONS[3]!, id: "5", text: "A portrait of Zacharias Quill, 1890." },
    ]);
    await allLinked(page);
    await page.route("**/entities", (route) => route.abort(), { times: 1 });
    await page.keyboard.press("b");
    const dialog = page.getByRole("dialog", { name: /New entity/ });
    await dialog.getByText("is added to the catalogue “demo” at once").waitFor();
    expect(await axe(page)).toEqual([]);
    await dialog.getByLabel("Description").fill("Brewer in York");
    await page.keyboard.press("Enter");
    const notice = page.locator(".notice");
    await notice.getByText("“Zacharias Quill” could not be added to “demo”").waitFor();
    await page.getByText("The export saves it as a new entity").first().waitFor();
    await notice.getByRole("button", { name: "Try again" }).click();
    await page.locator(".catalogue-button").getByText("151 entities").waitFor({ state: "attached" });
    await page.getByText("Suggested: Zacharias Quill").waitFor(); // in the other caption
    expect(await page.locator(".candidate .tag.unsure").count()).toBe(0);
    await page.keyboard.press("/");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("quill brewer");
    await page.getByRole("option", { name: /Zacharias Quill/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("e");
    await page.getByRole("dialog").waitFor();
    expect(await page.getByRole("radio", { name: /^New entities/ }).count()).toBe(0);
    await page.keyboard.press("Escape");

    await page.locator(".catalogue-button").click();
    await page.getByText("It cannot be deleted, because the service was started with it").waitFor();
    expect(await page.getByRole("button", { name: "Delete demo" }).count()).toBe(0);
    expect(await axe(page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
  });
});
