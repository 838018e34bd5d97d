import type { Page, Route } from "playwright-core";
import { expect, it } from "vitest";
import { scratch } from "../cli/harness.js";
import { allLinked, axe, exported, inBrowser, openRecords, servedDemo, spanned } from "./browser.js";

const path = scratch();
const kb = path("kb");

const TWO = [
  spanned("1", "Jordan with Pippen.", "Jordan", "Pippen"),
  spanned("2", "Andrew Ng lectures.", "Andrew Ng"),
];

const problem = (status: number, detail: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { "content-type": "application/problem+json", ...headers },
  body: JSON.stringify({ type: "about:blank", title: "x", status, detail, code: "BUSY" }),
});

const banner = (page: Page) => page.locator(".banner");

inBrowser("review page, faults", (open) => {
  const address = servedDemo(kb, "--model", "lexical");

  it("reports an unreachable server, loses nothing, and continues when it is back", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await page.route("**/v1/**", (route) => route.abort("connectionrefused"));
    await openRecords(page, "c.jsonl", TWO);
    await banner(page).getByText("cannot be reached").waitFor();
    await page.locator(".verdict").getByText("Not linked yet").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("0");
    await page.keyboard.press("/");
    await page.getByRole("dialog").getByText("The search failed").waitFor();
    await page.keyboard.press("Escape");
    await page.unroute("**/v1/**");
    await page.getByRole("button", { name: "Retry now" }).click();
    await allLinked(page);
    await banner(page).waitFor({ state: "detached" });
    const [first] = await exported(page);
    expect(first!.mentions![0]).toMatchObject({ gold: null });
    expect(visit.complaints).toEqual([]);
  });

  it("waits for as long as a busy server asks, and resumes on its own", async () => {
    await using visit = await open(address());
    const { page } = visit;
    let refusals = 0;
    await page.route("**/v1/link", (route) => {
      if (refusals++ < 2) return route.fulfill(problem(429, "too much to do", { "retry-after": "1" }));
      return route.continue();
    });
    await openRecords(page, "c.jsonl", TWO);
    await banner(page).getByText("The server is busy").waitFor();
    expect(await axe(page)).toEqual([]);
    await allLinked(page);
    await banner(page).waitFor({ state: "detached" });
    expect(refusals).toBeGreaterThan(2);
  });

  it("shows why the server rejects a caption, and links the others", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const refuse = (route: Route): Promise<void> =>
      route.request().postDataJSON().id === "1"
        ? route.fulfill(problem(422, "the picture is damaged"))
        : route.continue();
    await page.route("**/v1/link", refuse);
    await openRecords(page, "c.jsonl", TWO);
    await allLinked(page);
    await page.locator(".queue-row").filter({ hasText: "could not be linked" }).click();
    await page.getByText("could not be linked: the picture is damaged").waitFor();
    expect(await page.locator(".queue .status").allTextContents()).toContain("could not be linked");
    expect(await axe(page)).toEqual([]);
    await page.unroute("**/v1/link", refuse);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText(/^Suggested:/).waitFor();
  });

  it("reports a damaged picture, and links the caption after the picture is removed", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const damaged = { name: "damaged.png", mimeType: "image/png", buffer: Buffer.from("not a picture") };
    await page.getByLabel("Picture of the caption").setInputFiles(damaged);
    await page.getByLabel("Caption", { exact: true }).fill("Jordan with Pippen.");
    await page.keyboard.press("Control+Enter");
    await page.getByText("This caption could not be linked").waitFor();
    await page.getByRole("button", { name: "Remove picture" }).click();
    await page.getByText(/^Suggested:/).waitFor();
    expect((await exported(page))[0]).not.toHaveProperty("image");
  });

  it("offers a search if no entity has the name, and reports if it finds nothing", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await openRecords(page, "c.jsonl", [spanned("1", "漢漢 was here.", "漢漢")]);
    await page.getByText("No entity has a name like “漢漢”").waitFor();
    expect(await page.locator(".candidate .probability").allTextContents()).toEqual(["100%"]); // NIL
    await page.keyboard.press("/");
    await page.getByRole("dialog").getByText("No entity has a name or description like “漢漢”").waitFor();
    expect(await axe(page)).toEqual([]);
  });

  it("shows linked captions after a reload while the server is unreachable", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await openRecords(page, "c.jsonl", TWO);
    await allLinked(page);
    await page.route("**/v1/**", (route) => route.abort("connectionrefused"));
    await page.reload();
    await page.getByText(/^Suggested:/).waitFor();
    await page.keyboard.press("a");
    await page.getByText("1 of 3 names").waitFor();
    expect(visit.complaints).toEqual([]);
  });

  it("reports when the browser cannot save, and still exports", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await openRecords(page, "c.jsonl", TWO);
    await banner(page).getByText("this browser's storage is full").waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await exported(page)).toHaveLength(2);
  });

  it("lets only one tab save, and another take over", async () => {
    await using visit = await open(address());
    const { page: first } = visit;
    await openRecords(first, "c.jsonl", TWO);
    await allLinked(first);
    const second = await first.context().newPage();
    await second.goto(address());
    await banner(second).getByText("open in another tab").waitFor();
    await second.getByRole("button", { name: "Continue here" }).click();
    await second.getByText(/^Suggested:/).waitFor();
    expect(await banner(second).count()).toBe(0);
    await banner(first).getByText("open in another tab").waitFor();
    await first.keyboard.press("0"); // not saved
    await second.keyboard.press("a");
    await second.getByText("1 of 3 names").waitFor();
    await second.reload();
    await second.getByText("1 of 3 names").waitFor();
    expect((await exported(second))[0]!.mentions![0]!.gold).toBeTruthy();
  });
});
