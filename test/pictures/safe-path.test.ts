import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileInFolders } from "../../src/pictures/safe-path.js";

/** Number of symbolic links to follow for the picture in the first folder, so that it takes longer to find. */
const LINKS = 30;

describe("fileInFolders", () => {
  let root: string;
  let folders: string[];

  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "mmel-folders-")));
    folders = ["first", "second"].map((name) => join(root, name));
    for (const folder of folders) await mkdir(folder);
    await writeFile(join(folders[0]!, "0.png"), "");
    for (let index = 1; index <= LINKS; index++)
      await symlink(`${index - 1}.png`, join(folders[0]!, `${index}.png`));
    await writeFile(join(folders[1]!, `${LINKS}.png`), "");
    await writeFile(join(folders[1]!, "other.png"), "");
    await writeFile(join(root, "outside.png"), "");
    await symlink("../outside.png", join(folders[0]!, "outside.png"));
  });

  afterAll(() => rm(root, { recursive: true }));

  it("finds a picture in the first folder that contains it, even if another folder is faster", async () => {
    const found = await Promise.all(
      Array.from({ length: 500 }, () => fileInFolders(folders, `${LINKS}.png`)),
    );
    expect(new Set(found)).toEqual(new Set([join(folders[0]!, "0.png")]));
  });

  it("finds a picture that only a later folder contains", async () => {
    expect(await fileInFolders(folders, "other.png")).toBe(join(folders[1]!, "other.png"));
  });

  it("rejects pictures that no folder contains, and paths outside the folders", async () => {
    await expect(fileInFolders(folders, "none.png")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(fileInFolders(folders, "../outside.png")).rejects.toMatchObject({ code: "PATH_OUTSIDE" });
    await expect(fileInFolders(folders, "outside.png")).rejects.toMatchObject({ code: "PATH_OUTSIDE" });
  });
});
