import { romanise, scriptOfWord } from "./romanise.js";

/** Sounds that Arabic does not tell apart, or writes with one letter. */
const SAME: Readonly<Record<string, string>> = { p: "b", v: "f", z: "s", j: "g" };

/**
 * The consonants of a folded word as Arabic, which writes no short vowels, would have them: `mohamed`, `мохамед` and `محمد`
 * are `mhmd`. Vowels go, and h at the end (`sarah`); the u that begins an Arabic word is a w (`واشنطن`).
 */
export function consonants(word: string): readonly string[] {
  const arabic = scriptOfWord(word) === "arabic";
  const skeletons = romanise(word).map((reading) => {
    const sounds = (arabic ? reading.replace(/^u/, "f") : reading).replace(/h$/, "").replace(/[aeiou]/g, "");
    return sounds.replace(/[pvzj]/g, (sound) => SAME[sound]!).replace(/(.)\1+/gu, "$1");
  });
  return [...new Set(skeletons)].filter((skeleton) => skeleton !== "");
}
