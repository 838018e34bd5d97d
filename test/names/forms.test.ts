import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, formsOf, ROLE } from "../../src/names/index.js";
import { mentionText } from "../candidates/names.js";

describe("formsOf", () => {
  it("assigns a role to each token and includes a given or family name", () => {
    fc.assert(
      fc.property(mentionText, (name) => {
        for (const { tokens, roles } of formsOf(name)) {
          expect(roles.length).toBe(tokens.length);
          expect(roles.some((role) => role < ROLE.minor)).toBe(true);
        }
        expect(formsOf(name).length > 0).toBe(fold(name) !== "");
      }),
    );
  });
});
