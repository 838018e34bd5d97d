import fc from "fast-check";
import { expect, it } from "vitest";
import { commonsAddress, localImage } from "../../src/core/index.js";

const fileOf = (name: string): string => localImage(commonsAddress(name)).slice("commons/".length);

it("a file name of up to 255 bytes is kept", () => {
  const name = `${"é".repeat(125)}.jpeg`;
  expect(Buffer.byteLength(name)).toBe(255);
  expect(fileOf(name)).toBe(name);
});

it("a longer file name is cut before its extension, and never within a character", () => {
  const stems = fc.array(fc.constantFrom("a", "é", "桜", "🍎", "."), { minLength: 90, maxLength: 300 });
  fc.assert(
    fc.property(stems, fc.constantFrom(".jpg", ".JPEG", ".svg", ".ünï"), (characters, extension) => {
      const name = `x${characters.join("")}${extension}`;
      const file = fileOf(name);
      expect(file.endsWith(extension)).toBe(true);
      expect(name.startsWith(file.slice(0, -extension.length))).toBe(true);
      expect(encodeURIComponent(file)).not.toContain("%EF%BF%BD"); // throws for half a surrogate pair
      const bytes = Buffer.byteLength(file);
      if (bytes < Buffer.byteLength(name)) expect(bytes).toBeGreaterThan(255 - 4);
      expect(bytes).toBeLessThanOrEqual(255);
    }),
  );
});

it("an extension of more than ten characters is part of the name", () => {
  expect(fileOf(`${"a".repeat(200)}.${"b".repeat(200)}`)).toBe(`${"a".repeat(200)}.${"b".repeat(54)}`);
});
