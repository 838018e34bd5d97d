import { wordsOf } from "./name-parts.js";

/** What a property is about, whatever the knowledge base calls it. */
export const KINDS = [
  "place",
  "school",
  "kin",
  "occupation",
  "language",
  "religion",
  "nickname",
  "other",
] as const;
export type Kind = (typeof KINDS)[number];
/** Folded values by kind, in the order given. */
export type Values = Readonly<Record<Kind, readonly string[]>>;

/** What an entity's properties say in terms that the features use. */
export interface Facts {
  readonly values: Values;
  readonly sex?: "female" | "male";
  readonly birth?: number;
  readonly death?: number;
  readonly workStart?: number;
}

const list = (text: string): readonly string[] => text.split(" ");

/** A property is of the first kind one of whose parts its name contains; names are compared by their letters only. */
const KIND_PARTS: Readonly<Record<Exclude<Kind, "other">, readonly string[]>> = {
  school: list("alma school university educat"),
  kin: list("spouse husband wife father mother child sibling partner relative family parent"),
  occupation: list("occupation profession position office genre industry sport instanceof fieldof type"),
  language: list("language"),
  religion: list("religion faith"),
  nickname: list("nickname pseudonym"),
  place: list("birth death born died place city country citizen national location located"),
};

const YEARS: Readonly<Record<"birth" | "death" | "workStart", readonly string[]>> = {
  birth: list("birth born dateofbirth birthdate birthyear inception founded foundedin"),
  death: list("death died dateofdeath deathdate deathyear dissolved abolished"),
  workStart: list("workstart workstarts workperiodstart activesince yearsactive"),
};
const SEX = list("sex gender sexorgender");

export function readProperties(properties: Readonly<Record<string, readonly string[]>>): Facts {
  const values = Object.fromEntries(KINDS.map((kind) => [kind, [] as string[]])) as Record<Kind, string[]>;
  const facts: { -readonly [K in keyof Facts]?: Facts[K] } = {};
  for (const [property, texts] of Object.entries(properties)) {
    const key = property.toLowerCase().replace(/[^a-z]/g, "");
    const fact = (Object.keys(YEARS) as (keyof typeof YEARS)[]).find((name) => YEARS[name].includes(key));
    const year = fact === undefined ? undefined : yearOf(texts[0] ?? "");
    if (fact !== undefined && year !== undefined) facts[fact] = year;
    if (SEX.includes(key)) Object.assign(facts, sexOf(texts[0] ?? ""));
    else values[kindOf(key)].push(...texts.map((text) => folded(text, fact !== undefined)).filter(Boolean));
  }
  return { ...facts, values };
}

/** Of a date with a place only the place. */
function folded(text: string, dated: boolean): string {
  const words = wordsOf(text);
  return (dated ? words.filter((word) => !/\d/.test(word)) : words).join(" ");
}

function kindOf(key: string): Kind {
  for (const [kind, parts] of Object.entries(KIND_PARTS) as [Kind, readonly string[]][])
    if (parts.some((part) => key.includes(part))) return kind;
  return "other";
}

/** The first number of three or four digits, or one before "BC": "1891, Central Falls", "0900", "2 May 1891", "-229". */
export function yearOf(value: string): number | undefined {
  const found =
    /(?<![\p{L}\d])(-?)(\d{1,4})\s*(BCE?)\b/u.exec(value) ?? /(?<![\p{L}\d])(-?)(\d{3,4})(?!\d)/u.exec(value);
  if (found === null) return undefined;
  const year = Number(found[2]);
  return found[1] === "-" || found[3] !== undefined ? -year : year;
}

function sexOf(value: string): Pick<Facts, "sex"> {
  const words = wordsOf(value);
  if (words.some((word) => word === "female" || word === "woman")) return { sex: "female" };
  return words.some((word) => word === "male" || word === "man") ? { sex: "male" } : {};
}
