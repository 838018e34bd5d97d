import { writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { importDemo, scratch } from "../cli/harness.js";
import { allLinked, axe, inBrowser, openRecords, served, spanned } from "./browser.js";

const path = scratch();
const SECRET = "a-secret-of-the-tests";

inBrowser("review page, token", (open) => {
  const tokens = path("tokens");
  const address = served(
    async () => {
      await writeFile(tokens, `link ${SECRET}\n`, { mode: 0o600 });
      await importDemo(path("kb"));
      return path("kb");
    },
    ...["--model", "lexical", "--images", "demo/images", "--tokens", tokens],
  );

  it("asks for a token, sends it, even for pictures, and keeps it only in this tab", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const caption = { ...spanned("1", "Georgia on a mug.", "Georgia"), image: "captions/georgia-mug.png" };
    await openRecords(page, "c.jsonl", [caption]);
    await page.getByRole("button", { name: "Enter a token" }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Enter a token" }).click();
    await page.getByLabel("Access token").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Enter a token" }).click();
    await page.getByLabel("Access token").fill(SECRET);
    await page.keyboard.press("Enter");
    await allLinked(page);
    await page.locator(".candidate .about").getByText("Country in the Caucasus").waitFor();
    for (const picture of [".candidate .entity-picture img", "img.caption-picture"]) {
      const image = page.locator(picture).first();
      await image.waitFor();
      expect(await image.getAttribute("src")).toMatch(/^blob:/);
      await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
    }

    await page.reload();
    await page.locator(".candidate .about").getByText("Country in the Caucasus").waitFor();
    const other = await page.context().newPage();
    await other.goto(address());
    expect(await other.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).not.toContain(
      SECRET,
    );
    expect(page.url()).not.toContain(SECRET);
    expect(visit.complaints).toEqual([]);
  });
});
