import { createRequire } from "node:module";
import type * as OpenCc from "opencc-js";

/** Matches text that contains Han characters or kana. */
export const HAN_OR_KANA = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u;

const HAN = /\p{sc=Han}/u;
const KATAKANA = /[\u30a1-\u30f6]/g;
/** Distance between a katakana and the hiragana with the same sound. */
const KANA_SHIFT = 0x60;

/**
 * Variants of characters in Japanese and Korean family names that opencc-js does not convert: pairs of a variant and the
 * simplified character. Source: the fields kZVariant and kSemanticVariant of the Unicode Unihan database.
 */
const VARIANTS: ReadonlyMap<string, string> = new Map(
  "邉边 齐斋 﨑崎 嵜崎 碕崎 嶋岛 嶌岛 冨富 桒桑 栁柳 濵滨 靑青 淸清 眞真 曽曾 槇槙 峯峰 舘馆 裵裴 煕熙 凞熙 愼慎 尙尚 曺曹 髙高 舩船 邨村 埜野 穐秋 籔薮 𠮷吉"
    .split(" ")
    .map((pair) => [...pair] as [string, string]),
);

/**
 * Returns a text with all Han characters in simplified form and all katakana as hiragana, so that names in simplified,
 * traditional and old or new Japanese characters are equal: `沢田`, `澤田` and `泽田` all become `泽田`. Without the package
 * `opencc-js`, which a bundler may have left out, only the variants of a few characters are replaced.
 */
export function simplifiedHan(text: string): string {
  const kana = text.replace(KATAKANA, (letter) => String.fromCharCode(letter.charCodeAt(0) - KANA_SHIFT));
  if (!HAN.test(kana)) return kana;
  converter ??= createConverter();
  return Array.from(converter(kana), (letter) => VARIANTS.get(letter) ?? letter).join("");
}

type Converter = (text: string) => string;

/** Created when the first Han character occurs, because loading the tables takes about 60 ms. */
let converter: Converter | undefined;

function createConverter(): Converter {
  const { Converter } = loadOpenCc() ?? {};
  if (Converter === undefined) return (text) => text;
  const toTraditional = Converter({ from: "jp", to: "t" });
  const toSimplified = Converter({ from: "t", to: "cn" });
  return (text) => toSimplified(toTraditional(text));
}

function loadOpenCc(): typeof OpenCc | undefined {
  try {
    return createRequire(import.meta.url)("opencc-js") as typeof OpenCc;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
