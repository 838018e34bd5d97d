import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { writeAtomically } from "../../src/formats/index.js";
import { temporaryPath } from "../../src/formats/temporary.js";
import { folder } from "./files.js";

it("temporary files of ended processes are removed by the next write of the same file, and no others", async () => {
  const place = join(folder, "abandoned");
  await mkdir(place);
  const target = join(place, "people.kb.tar.gz");
  const ours = basename(temporaryPath(target));
  const { pid: ended } = spawnSync(process.execPath, ["-e", ""]);
  const abandoned = ours.replace(`-${process.pid}-`, `-${ended}-`);
  const kept = [
    ours, // this process may be writing it
    abandoned.replace("people", "places"),
    abandoned.replace(/\.[0-9a-f]{6}-/, ".other1-"), // another machine
    `${abandoned}.more`,
  ];
  for (const name of [abandoned, ...kept]) await writeFile(join(place, name), "half");
  await writeAtomically(target, ["whole"]);
  expect((await readdir(place)).sort()).toEqual([...kept, basename(target)].sort());
  expect((await readFile(target)).length).toBeGreaterThan(0);
});
