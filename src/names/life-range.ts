import { ABOUT_YEARS, laterYear, type Years } from "./dates.js";
import { fold, wordsOf } from "./fold.js";
import { isMonth } from "./months.js";
import { rolesIn } from "./role-words.js";
import { ROLES } from "./roles.js";

const YEAR = "(1\\d{3}|20\\d{2}|[3-9]\\d{2})";
const ABOUT = "(?:(?:c(?:a|irca)?\\.?|um|vers|circa|około|ok\\.|kolem|около|ок\\.)\\s*)?";
/** Day and month before a year: "12 May ", "May 12, ", "3.5.". Any word is matched as a month. */
const DAY = "(?:\\d{1,2}(?:st|nd|rd|th)?[.,\\s/]\\s*|\\p{L}{2,12}\\.?,?\\s+)";
const HAN_DAY = "(?:年(?:\\d{1,2}月)?(?:\\d{1,2}日)?)?";
/** Matches years of life: "(1889–1915)", "1728 or 32–1784", "c.1815-62", "1949–", "12 May 1889 – 3 June 1915". */
const RANGE = new RegExp(
  `(?<![\\p{L}\\d])(${ABOUT})${YEAR}${HAN_DAY}(?:-\\d{2}-\\d{2})?(\\?)?(?:\\s*(?:or|/)\\s*(\\d{1,4}))?(\\s*)[-–—－](\\s*)` +
    `(?:(?:(?:d|died|†)\\.?\\s*)?${ABOUT}(${DAY}{0,4})(\\d{4})${HAN_DAY}(?:-\\d{2}-\\d{2})?(?![\\d-])|(\\d{2,3})(?![\\p{L}\\d./-])|` +
    "(?=\\s*(?:[)\\]?）]|\\.?$|(?:present|today|now|heute)(?!\\p{L}))))",
  "gu",
);
/** Matches years with a place before each: "(Paris, 1889 – Lyon, 1915)". */
const PLACED = new RegExp(
  `\\([^()\\d]{0,40}(?:\\d{1,2}[.\\s][^()\\d]{0,20}){0,2}${YEAR}[^()\\d]{0,30}[-–—][^()\\d]{1,40}(?:\\d{1,2}[.\\s][^()\\d]{0,20}){0,2}${YEAR}[^()\\d]{0,30}\\)`,
  "gu",
);
const DEATH_ONLY = /\(\s*\??\s*[-–—]\s*(1\d{3}|20\d{2})\s*\)/u;

/** Words before the years of work or office of a person. Source: written for this project from general knowledge. */
const ACTIVE =
  /(?:^|[^\p{L}])(?:fl|floruit|active|act|worked|works|reign|reigned|ruled|r|office|tätig|wirkte|nachweisbar|regierte|reg|actif|règne|attivo|attiva|activo|activa|ativo|ativa|reinó|regnò|czynny|czynna|działał|работал|правил|pp|no|nr|inv)[.:]?\s*(?:from\s+|in\s+|von\s+|c\.?\s*)?$/iu;

/** The first words of the rows of `roles.ts` that are offices. */
const OFFICES = new Set([
  "ambassador",
  "bishop",
  "chancellor",
  "emperor",
  "governor",
  "king",
  "mayor",
  "minister",
  "president",
]);

/** Years of birth and death. */
interface Lifetime {
  readonly birth?: Years;
  readonly death?: Years;
}

/** Reads the first range of years in a text that may be a lifetime. */
export function lifeRangeIn(text: string): Lifetime {
  for (const found of text.matchAll(RANGE)) {
    const [whole, about, year, doubt, other, spaceBefore, spaceAfter, day, full, digits] = found;
    const birth = Number(year);
    const before = text.slice(0, found.index);
    if (isOfWork(before.slice(-40)) || !isDay(day ?? "")) continue;
    const isOpen = full === undefined && digits === undefined;
    if (isOpen && spaceBefore !== "" && !isBracketed(before)) continue;
    if (digits !== undefined && `${spaceBefore}${spaceAfter}` !== "" && digits.length === 2) continue;
    if (year!.length === 3 && !isApart(before, text.slice(found.index + whole.length))) continue;
    const span = isOpen ? 0 : lifeSpan(birth, full ?? digits!);
    if (span === undefined) continue;
    const unsure = about !== "" || doubt !== undefined ? ABOUT_YEARS : 0;
    const latest = other === undefined ? birth : Math.max(birth, laterYear(birth, other));
    return {
      birth: [birth - unsure, latest + unsure],
      ...(span > 0 && { death: [birth + span - unsure, birth + span + unsure] as const }),
    };
  }
  for (const { 1: from, 2: to } of text.matchAll(PLACED)) {
    const [birth, death] = [Number(from), Number(to)];
    if (lifeSpan(birth, to!) !== undefined) return { birth: [birth, birth], death: [death, death] };
  }
  const death = DEATH_ONLY.exec(text)?.[1];
  return death === undefined ? {} : { death: [Number(death), Number(death)] };
}

/** Returns whether the words before a range show that it is not a lifetime: "fl.", "mayor", "Photographs". */
function isOfWork(before: string): boolean {
  if (ACTIVE.test(before)) return true;
  const word = /\p{L}+(?=\s+$)/u.exec(before)?.[0];
  if (word === undefined) return false;
  return rolesIn([fold(word)]).some(
    ({ kind, role }) => kind === "work" || OFFICES.has(ROLES[role]!.words[0]!),
  );
}

/** Returns whether all words of a text may precede a year: "3 May", "de mayo de". */
const isDay = (text: string): boolean =>
  wordsOf(text).every((word) => word === "de" || /^\d/.test(word) || isMonth(word));

/** Returns whether a text ends inside brackets. */
const isBracketed = (before: string): boolean => /[([（][^)\]）]*$/u.test(before);

/** Returns whether nothing but punctuation is around a range: "(742–814)", but not "300–400 people". */
const isApart = (before: string, after: string): boolean =>
  /(?:^|[(（[,;])\s*$/u.test(before) && /^\s*(?:$|[)）\],;.])/u.test(after);

/**
 * Returns the number of years from birth to death, or undefined if this number is not between 15 and 115. Two digits
 * mean a year of the same century: "1815-62".
 */
function lifeSpan(birth: number, end: string): number | undefined {
  const span = (end.length === 2 ? laterYear(birth, end) : Number(end)) - birth;
  return span >= 15 && span <= 115 ? span : undefined;
}
