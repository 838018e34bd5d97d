import { mkdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { described, jpeg, shown } from "../datasets/pictures/make.js";
import { lines, mmel, records, scratch, writeRecords } from "./harness.js";

const path = scratch();

describe("dataset captions and dataset sidecar", () => {
  it("turn pictures into captions, and links into sidecars", async () => {
    const photos = path("photos");
    await mkdir(`${photos}/1996`, { recursive: true });
    await writeFile(
      `${photos}/1996/kerry.jpg`,
      await jpeg(described(["x-default", "John Kerry in Paris"]) + shown("John Kerry", "Nobody Known")),
    );
    await writeFile(`${photos}/notes.txt`, "no picture");
    const captions = path("captions.jsonl");
    const made = await mmel([
      "dataset",
      "captions",
      photos,
      "--output",
      captions,
      "--rejects",
      path("rejects"),
    ]);
    expect(made.code).toBe(1);
    expect(made.stderr).toMatch(/IMAGE_UNREADABLE: the file is not a picture.*, notes\.txt;/);
    expect(made.stderr).toMatch(/wrote 1 caption with 2 people/);
    const json = await mmel(["dataset", "captions", photos, "--output", captions, "--json"]);
    expect(JSON.parse(json.stdout)).toEqual({ captions: 1, mentions: 2, rejected: 1, output: captions });
    expect(await mmel(["dataset", "captions", photos, "--json"])).toMatchObject({ code: 2 });
    expect(await records(captions)).toEqual([
      {
        id: "1996/kerry.jpg",
        text: "John Kerry in Paris",
        image: "1996/kerry.jpg",
        mentions: [
          { text: "John Kerry", start: 0, end: 10, type: "person" },
          { text: "Nobody Known", type: "person" },
        ],
      },
    ]);

    const kb = path("kb");
    const people = [
      { id: "Q1", label: "John Kerry" },
      { id: "Q2", label: "Teresa Heinz" },
    ];
    await mmel(["kb", "import", await writeRecords(path("people.jsonl"), people), "--kb", kb]);
    const links = path("links.jsonl");
    const linked = await mmel(["link", captions, "--kb", kb, "--model", "lexical", "--output", links]);
    expect(linked.code).toBe(0);
    const sidecar = [
      "dataset",
      "sidecar",
      links,
      "--images",
      photos,
      "--id-prefix",
      "http://www.wikidata.org/entity/",
    ];
    const written = await mmel([...sidecar, "--json"]);
    expect({ code: written.code, stderr: written.stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(written.stdout)).toEqual({
      pictures: 1,
      written: 1,
      unchanged: 0,
      none: 0,
      rejected: 0,
    });
    const xmp = await readFile(`${photos}/1996/kerry.jpg.xmp`, "utf8");
    expect(xmp).toContain("<rdf:li>http://www.wikidata.org/entity/Q1</rdf:li>");
    expect((await mmel([...sidecar, "--captions", captions])).stdout).toMatch(
      /^Wrote 0 sidecars; 1 unchanged/,
    );
    const before = await readFile(captions, "utf8");
    await mmel(["dataset", "captions", photos, "--output", captions]);
    expect(await readFile(captions, "utf8")).toBe(before); // the links in the sidecar are not mentions
    expect(await mmel(["dataset", "captions", photos, "--on-error", "fail"])).toMatchObject({ code: 1 });
  });

  it("write all captions to standard output and all rejections to a file", async () => {
    const photos = path("some-rejected");
    await mkdir(photos);
    for (const name of ["a.jpg", "c.jpg"]) await writeFile(`${photos}/${name}`, "not a picture");
    for (const name of ["b.jpg", "d.jpg"])
      await writeFile(`${photos}/${name}`, await jpeg(described(["x-default", `The text of ${name}`])));
    const rejects = path("some-rejected.jsonl");
    const { code, stdout, stderr } = await mmel(["dataset", "captions", photos, "--rejects", rejects]);
    expect(code).toBe(1);
    expect(lines(stdout).map((line) => JSON.parse(line).id)).toEqual(["b.jpg", "d.jpg"]);
    expect((await records<{ id: string }>(rejects)).map(({ id }) => id)).toEqual(["a.jpg", "c.jpg"]);
    expect(stderr).toMatch(/2 records were rejected; see /);
  });

  it("write nothing outside the folder, and continue", async () => {
    const photos = path("inside");
    await mkdir(photos);
    await writeFile(`${photos}/a.jpg`, await jpeg());
    await writeFile(path("secret.jpg"), await jpeg());
    const link = (id: string): object => ({
      id,
      mentions: [
        {
          text: "x",
          outcome: "linked",
          entity: { id: "Q1", label: "A <b>" },
          probability: 0.9,
          candidates: [],
        },
      ],
      model: "m",
      kb: "k",
    });
    const links = await writeRecords(
      path("hostile.jsonl"),
      ["../secret.jpg", "/etc/passwd", "none.jpg", "a.jpg"].map(link),
    );
    const { code, stdout, stderr } = await mmel(["dataset", "sidecar", links, "--images", photos]);
    expect(code).toBe(1);
    expect(stdout).toBe("Wrote 1 sidecar; 0 unchanged, 0 pictures without a linked person.\n");
    expect(stderr.match(/PATH_OUTSIDE|FILE_NOT_FOUND/g)).toEqual([
      "PATH_OUTSIDE",
      "PATH_OUTSIDE",
      "FILE_NOT_FOUND",
    ]);
    await expect(readFile(path("secret.jpg.xmp"))).rejects.toThrow("ENOENT");
    expect(await readFile(`${photos}/a.jpg.xmp`, "utf8")).toContain("A &lt;b&gt;");
  });
});
