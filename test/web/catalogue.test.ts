import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { scratch } from "../cli/harness.js";
import { CAPTIONS, CATALOGUE, manyEntities, NEWER_CATALOGUE } from "./archive.js";
import { allLinked, axe, inBrowser, openRecords, running, servedDemo, spanned } from "./browser.js";

const path = scratch();

/** Moves the focus with Tab to a button, link or field with this accessible name. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const target = page.getByRole("button", { name }).and(page.locator(":focus"));
  for (let presses = 0; presses < 80 && (await target.count()) === 0; presses++)
    await page.keyboard.press("Tab");
  expect(await target.count(), `Tab reaches ${name}`).toBe(1);
}

type Chosen = { name: string; mimeType: string; buffer: Buffer };

/** Presses Enter on the focused button, which asks for a file. */
async function chooseFile(page: Page, file: Chosen): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  await chooser.setFiles(file);
}

const dialog = (page: Page, name: string | RegExp) => page.getByRole("dialog", { name });

/** Imports a file as a catalogue and waits until it is ready. */
async function add(page: Page, file: Chosen, name: string): Promise<void> {
  await page.getByLabel("File of a new catalogue").setInputFiles(file);
  await page.getByLabel("Name of the catalogue").fill(name);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await dialog(page, `“${name}” is ready`).waitFor();
}

inBrowser("catalogues in the page", (open) => {
  const address = running(async () => [
    ...["open", "--no-browser", "--home", path("home"), "--port", "0", "--model", "lexical"],
    ...["--max-upload", "4"],
  ]);

  it("links an archive's captions to its own catalogue, with the keyboard only", async () => {
    await using visit = await open(address());
    const { page } = visit;
    page.on("filechooser", () => {}); // intercepts file dialogs from now on, before the first key that opens one
    await page.locator(".start-catalogue").getByText("150 entities").waitFor();
    expect(await axe(page)).toEqual([]);

    await tabTo(page, "Add your catalogue…");
    await chooseFile(page, CATALOGUE);
    await page.getByText("Columns in your file").waitFor();
    const fields = await page
      .locator(".column-choice select:first-child")
      .evaluateAll((selects) => selects.map((one) => (one as HTMLSelectElement).selectedOptions[0]!.text));
    expect(fields).toEqual(["Id", "Name", "Born", "Died", "Occupation", "Other names"]);
    expect(await page.locator(".previews li").first().innerText()).toMatch(
      /Anna Brandl\s+, id\s+0001[\s\S]*Other names\s+A\. Brandl · Brandl-Anna/,
    );
    expect(await axe(page)).toEqual([]);
    await tabTo(page, "Import");
    await page.keyboard.press("Enter");
    await dialog(page, "“town people” is ready").getByText("40 entities imported").waitFor();
    expect(await axe(page)).toEqual([]);

    await page.keyboard.press("Enter"); // Link captions now
    await dialog(page, "Link captions").waitFor();
    await chooseFile(page, CAPTIONS);
    await page.getByText("Names are detected, since no column contains them.").waitFor();
    expect(await axe(page)).toEqual([]);
    await tabTo(page, "Link these captions");
    await page.keyboard.press("Enter");
    await allLinked(page);
    expect(await page.locator(".queue-row").count()).toBe(25);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("a");
    await page.getByText("1 of 50 names").waitFor();

    await page.reload();
    await page.locator(".catalogue-button").getByText("town people").waitFor();
    expect(visit.complaints).toEqual([]);
  });

  it("links again to another catalogue, updates a catalogue and deletes it", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await add(page, { ...CATALOGUE, name: "x.csv" }, "Second");
    await page.keyboard.press("Escape");
    const caption = spanned("1", "Theresia Moser with Jordan.", "Theresia Moser", "Jordan");
    await openRecords(page, "c.jsonl", [caption]);
    await allLinked(page);
    expect(await page.getByText("Suggested: Theresia Moser").count()).toBe(0);

    await page.locator(".catalogue-button").click();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Update Second" }).click();
    await page.getByLabel("File of the catalogue").setInputFiles(NEWER_CATALOGUE);
    await page.getByRole("button", { name: "Update", exact: true }).click();
    await dialog(page, "“Second” is up to date").waitFor();
    await page.getByRole("button", { name: "Link the open caption with it" }).click();
    await page.getByText("Suggested: Theresia Moser").waitFor();
    await page.keyboard.press("a");

    await page.locator(".catalogue-button").click();
    await page.getByRole("button", { name: "Use demo" }).click();
    await page.getByText("Your 1 decision will be kept").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Link again" }).click();
    await page.locator(".candidate").filter({ hasText: "Michael Jordan" }).first().waitFor();

    await page.locator(".catalogue-button").click();
    await page.getByRole("button", { name: "Delete Second" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Use Second" }).waitFor({ state: "detached" });
    expect(visit.complaints).toEqual([]);
  });

  it("cancels an import, and says why a file cannot be read or imported", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const file = page.getByLabel("File of a new catalogue");
    await file.setInputFiles(manyEntities(80_000));
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByRole("button", { name: "Cancel the import" }).click();
    await dialog(page, "The import was cancelled").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator(".catalogue-button").click();
    expect(await page.getByRole("button", { name: "Use many" }).count()).toBe(0);
    await page.keyboard.press("Escape");

    await file.setInputFiles({
      ...CATALOGUE,
      name: "old.xls",
      buffer: Buffer.from("d0cf11e0a1b11ae1", "hex"),
    });
    await page.getByText("The file cannot be read").waitFor();
    expect(await axe(page)).toEqual([]);
    await page
      .getByLabel("Another file")
      .setInputFiles({ ...CATALOGUE, buffer: Buffer.from("Year;Sum\n1900;5\n") });
    await page.getByText("Choose Name for the column with the names").waitFor();
    expect(await page.getByRole("button", { name: "Import", exact: true }).isDisabled()).toBe(true);
    await page.getByLabel("Another file").setInputFiles(manyEntities(150_000));
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await dialog(page, "The import failed").getByText("No catalogue was added").waitFor();
    expect(visit.complaints).toEqual([]);
  });

  it("asks for the captions of several pictures", async () => {
    await using visit = await open(address());
    const { page } = visit;
    const pictures = ["a.png", "b.png", "c.png"].map((name) => ({
      ...{ name, mimeType: "image/png" },
      buffer: Buffer.from(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
        "base64",
      ),
    }));
    await page.getByLabel("Files with captions").setInputFiles(pictures);
    await dialog(page, "Captions for 3 pictures").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel("b.png").fill("Jordan and Pippen.");
    await page.getByRole("button", { name: "Link 1 caption" }).click();
    await page.locator("#caption-text").getByText("Jordan and Pippen.").waitFor();
    expect(await page.locator("img.caption-picture").count()).toBe(1);
    expect(visit.complaints).toEqual([]);
  });
});

inBrowser("catalogues that the page may not change", (open) => {
  const address = servedDemo(path("kb"), "--model", "lexical");

  it("shows the catalogue and links captions, but adds nothing", async () => {
    await using visit = await open(address());
    const { page } = visit;
    await page.getByText("The person who runs this service chooses its catalogues.").waitFor();
    expect(await page.getByLabel("File of a new catalogue").count()).toBe(0);
    await page.locator(".catalogue-button").click();
    await page.getByText("but not add or change them").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await openRecords(page, "entities.jsonl", [{ id: "a", label: "Anna" }]);
    await page.getByText("This service does not let you add catalogues").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Try an example" }).click();
    await page.getByText("Suggested: Michael Jordan").waitFor();
    expect(visit.complaints).toEqual([]);
  });
});
