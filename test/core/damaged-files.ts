import { readFile, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { expect } from "vitest";

/**
 * Checks that a file of tables is rejected if it is truncated, or if one byte is altered, at any place. Leaves the undamaged
 * file at `path`. Returns a function that writes other bytes to `path` and opens them: it returns "opened" or the code of the
 * error.
 */
export async function expectDamageFound(
  path: string,
  open: () => Promise<unknown>,
): Promise<(changed: Uint8Array) => Promise<string>> {
  const bytes = await readFile(path);
  const code = async (changed: Uint8Array): Promise<string> => {
    await writeFile(path, changed);
    return open().then(
      () => "opened",
      (error) => error.code,
    );
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      expect(await code(bytes.subarray(0, at))).toBe("KB_DAMAGED");
      const altered = Uint8Array.from(bytes);
      altered[at]! ^= change;
      expect(await code(altered)).toBe("KB_DAMAGED");
    }),
  );
  expect(await code(bytes)).toBe("opened");
  return code;
}
