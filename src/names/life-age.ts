import { isYear, phrasesAt, type Token, type Years } from "./dates.js";
import { fold } from "./fold.js";
import { AGE_MARKERS } from "./lexicon.js";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" ").map(fold));

/** Words for years after a number. They mean an age only where no noun follows: not in "10 ans de l'école". */
const UNITS = words(
  "ans años anni anos лет года lat let letech år éves évesen vuotta ετών χρονών років عاما سنة",
);
/** Units of the age of a small child. Source: written for this project from general knowledge. */
const SHORT_UNITS = words(
  "month months week weeks day days hour hours monat monate monaten woche wochen tag tage mois semaines jours meses mesi maanden miesięcy měsíců месяцев",
);
const STARTS = new Set([...AGE_MARKERS].map((phrase) => phrase.split(" ")[0]!));
const MAX_AGE = 110;

/**
 * Computes the two possible years of birth from an age and a year ("aged 9 in 2019", "at age 18, 1936"): the year
 * nearest to the age, or else the first year in the text. Returns undefined if the age or the year is missing.
 */
export function birthByAge(tokens: readonly Token[]): Years | undefined {
  for (let start = 0; start < tokens.length; start++) {
    if (!STARTS.has(tokens[start]!.word)) continue;
    const phrase = phrasesAt(tokens, start).find((phrase) => AGE_MARKERS.has(phrase));
    if (phrase === undefined) continue;
    const end = start + phrase.split(" ").length;
    const age = ageBeside(tokens, start, end, UNITS.has(phrase));
    const year = age === undefined ? undefined : yearNear(tokens, start);
    if (age !== undefined && year !== undefined) return [year - age - 1, year - age];
  }
  return undefined;
}

/** Returns the number next to an age marker: after "aged", before "years old" or "ans". */
function ageBeside(
  tokens: readonly Token[],
  start: number,
  end: number,
  isUnit: boolean,
): number | undefined {
  const before = ageAt(tokens, start - 1);
  if (before !== undefined && (!isUnit || isAge(tokens, start, end))) return before;
  if (isUnit) return undefined;
  const after = ageAt(tokens, end) ?? ageAt(tokens, end + 1);
  const unit = tokens[ageAt(tokens, end) === undefined ? end + 2 : end + 1];
  return unit !== undefined && SHORT_UNITS.has(unit.word) ? undefined : after;
}

function ageAt(tokens: readonly Token[], index: number): number | undefined {
  const word = tokens[index]?.word ?? "";
  return /^\d{1,3}$/.test(word) && Number(word) <= MAX_AGE ? Number(word) : undefined;
}

/**
 * Returns whether a number with a unit is an age: it is set off by a comma or bracket, or has a preposition before it
 * ("à 18 ans", "de 18 años"), and no noun follows ("10 ans de l'école", "50 лет Октября").
 */
function isAge(tokens: readonly Token[], start: number, end: number): boolean {
  const [before, number, next] = [tokens[start - 2], tokens[start - 1]!, tokens[end]];
  const isSetOff = before === undefined || /[,(]\s*$/u.test(number.gap);
  const isIn = before !== undefined && /^\p{Ll}{1,7}$/u.test(before.written) && PREPOSITIONS.has(before.word);
  if (!isSetOff && !isIn) return false;
  return next === undefined || /[,();.]/u.test(next.gap) || isYear(next.word) || AFTER_AGE.has(next.word);
}

const PREPOSITIONS = words("à de a los di aos com con в возрасте wieku věku v w ηλικία i alder af ålder von");
const AFTER_AGE = words("en in im nel em w v в i année anno ano año rok roku year el το gammel gammal gamle");

function yearNear(tokens: readonly Token[], marker: number): number | undefined {
  for (let step = 1; step <= 6; step++)
    for (const at of step <= 3 ? [marker + step, marker - step] : [marker + step])
      if (isYear(tokens[at]?.word)) return Number(tokens[at]!.word);
  const first = tokens.find(({ word }) => isYear(word));
  return first && Number(first.word);
}
