import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadNative, reinstall } from "../../src/core/native.js";

it("names the project that contains the package, and `npm ci` if it has a lock file", async () => {
  const project = await mkdtemp(join(tmpdir(), "mmel-project-"));
  const installed = join(project, "node_modules", "mmel");
  expect(reinstall(installed)).toMatch(`Delete ${join(project, "node_modules")} and install`);
  await writeFile(join(project, "package-lock.json"), "{}");
  const advice = `Run \`npm ci --include=optional\` in ${project}.`;
  expect(reinstall(installed)).toBe(advice);
  expect(reinstall(join(project, "node_modules", ".pnpm", "mmel@1.0.0", "node_modules", "mmel"))).toBe(
    advice,
  );
  expect(reinstall(project)).toBe(advice);
});

it("reports the first line of the reason, and keeps the cause", async () => {
  const cause = new Error("Cannot find module 'x'\nRequire stack:\n- /a\n- /b");
  await expect(loadNative("sharp", () => Promise.reject(cause))).rejects.toMatchObject({
    code: "INSTALLATION",
    detail: { what: "sharp cannot be loaded (Cannot find module 'x')", cause },
  });
  expect(await loadNative("sharp", async () => 1)).toBe(1);
});
