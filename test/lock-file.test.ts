import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";

interface Lock {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
}

const read = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, "utf8"));

/** See docs/decisions/0002-onnxruntime-install.md. */
it("keeps npm from running install scripts", async () => {
  const { packages } = await read<Lock>("package-lock.json");
  const { allowScripts } = await read<{ allowScripts: Record<string, boolean> }>("package.json");
  const withScripts = Object.keys(packages).filter((path) => packages[path]!.hasInstallScript);
  const names = withScripts.map((path) => path.replace(/^.*node_modules\//, ""));
  expect(names, "delete the line hasInstallScript").not.toContain("onnxruntime-node"); // for npm 10
  expect(names.filter((name) => allowScripts[name] !== false)).toEqual([]); // for npm 11
  expect(allowScripts["onnxruntime-node"]).toBe(false);
});
