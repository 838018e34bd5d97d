import { createRequire } from "node:module";
import type * as OpenCc from "opencc-js";

const HAN = /\p{sc=Han}/u;
const KATAKANA = /[\u30a1-\u30f6]/g;
/** Distance between a katakana and the hiragana with the same sound. */
const KANA_SHIFT = 0x60;

/**
 * Variants of characters in names that opencc-js does not convert: pairs of a variant and the simplified character.
 * Source: the fields kZVariant and kSemanticVariant of the Unicode Unihan database.
 */
const VARIANTS: ReadonlyMap<string, string> = new Map(
  "邉边 齐斋 﨑崎 嵜崎 碕崎 嶋岛 嶌岛 冨富 桒桑 栁柳 濵滨 靑青 淸清 眞真 曽曾 槇槙 峯峰 舘馆 裵裴 煕熙 凞熙 愼慎 尙尚 曺曹 髙高 舩船 邨村 埜野 穐秋 籔薮 𠮷吉 槗桥 亰京 圀国 寳宝 渕渊 薗园 篭笼 靏鹤 靍鹤 衞卫 鄕乡 緖绪 竝并 冢塚 倶俱"
    .split(" ")
    .map((pair) => [...pair] as [string, string]),
);

/**
 * Returns a text with all Han characters in simplified form and all katakana as hiragana. This makes names equal
 * whether they are in simplified or traditional Chinese characters, or in old or new Japanese characters: `沢田`, `澤田`
 * and `泽田` all become `泽田`. Converts each character independently of the other characters. Without the package
 * `opencc-js`, which a bundler may have left out, converts only kana and the variants of a few characters.
 */
export function simplifiedHan(text: string): string {
  const kana = text.replace(KATAKANA, (letter) => String.fromCharCode(letter.charCodeAt(0) - KANA_SHIFT));
  return HAN.test(kana) ? Array.from(kana, simplified).join("") : kana;
}

const known = new Map<string, string>();

function simplified(letter: string): string {
  let found = known.get(letter);
  if (found === undefined) {
    found = HAN.test(letter) ? convert(letter) : letter;
    known.set(letter, found);
  }
  return found;
}

/** Maximum number of conversions of a character, one after the other: 戱 becomes 戯 and then 戏. */
const MAX_STEPS = 3;

function convert(letter: string): string {
  converters ??= createConverters();
  const { toTraditional, toSimplified } = converters;
  let last = letter;
  for (let step = 0; step < MAX_STEPS; step++) {
    const direct = toSimplified(last);
    const next = direct === last ? toSimplified(toTraditional(last)) : direct;
    const common = VARIANTS.get(next) ?? next;
    if (common === last) break;
    last = common;
  }
  return last;
}

interface Converters {
  /** Converts new Japanese characters to traditional Chinese characters. */
  readonly toTraditional: (text: string) => string;
  /** Converts traditional to simplified Chinese characters. */
  readonly toSimplified: (text: string) => string;
}

/** Created when the first Han character occurs, because loading the tables takes about 60 ms. */
let converters: Converters | undefined;

function createConverters(): Converters {
  const { Converter } = loadOpenCc() ?? {};
  if (Converter === undefined) return { toTraditional: (text) => text, toSimplified: (text) => text };
  return {
    toTraditional: Converter({ from: "jp", to: "t" }),
    toSimplified: Converter({ from: "t", to: "cn" }),
  };
}

function loadOpenCc(): typeof OpenCc | undefined {
  try {
    return createRequire(import.meta.url)("opencc-js") as typeof OpenCc;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

const RUN = /[\p{sc=Han}\p{sc=Hira}ー]{2,}/gu;

/**
 * Returns all pairs of neighbouring Han characters and kana in a folded text. They are used instead of words in
 * languages that are written without spaces: "网球" in "网球运动员".
 */
export function hanPairs(text: string): readonly string[] {
  return (text.match(RUN) ?? []).flatMap((run) => {
    const letters = [...run];
    return letters.slice(1).map((letter, index) => letters[index]! + letter);
  });
}
