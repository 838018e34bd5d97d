/** Kinds of files that the page exports. Their names are kept in browsers, so they never change. */
export type ExportKind =
  | "captions-reviewed.jsonl"
  | "captions-reviewed.xlsx"
  | "captions-reviewed.csv"
  | "links-reviewed.jsonl"
  | "additions.jsonl"; // never remembered

/** The reviewer's settings, saved in this browser. */
export interface Preferences {
  /** Whether keyboard shortcuts without a modifier key, such as letters and digits, are enabled. */
  readonly singleKeys: boolean;
  /** Whether to move to the next undecided name after a decision. */
  readonly advance: boolean;
  /**
   * Order in which the page lists the captions: least certain first (`unsure`), or in the order in which they were
   * opened (`file`).
   */
  readonly order: "unsure" | "file";
  /** The reviewer's name, for the records of decisions; empty for none; absent until the page has asked for it. */
  readonly reviewer?: string;
  /** Which file the reviewer exports: the form in which captions came in last, or what was chosen after that. */
  readonly export?: ExportKind;
  /** What divides the columns of an exported CSV file: as in the table that was opened last. */
  readonly delimiter?: string;
  /** Name of the catalogue to link to. If undefined, the service's default catalogue is used. */
  readonly catalogue?: string;
}

export const DEFAULT_PREFERENCES: Preferences = { singleKeys: true, advance: true, order: "unsure" };

const KEY = "mmel-review-preferences";
const TOKEN = "mmel-token";

export function loadPreferences(): Preferences {
  try {
    return { ...DEFAULT_PREFERENCES, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as object) };
  } catch {
    return DEFAULT_PREFERENCES;
  }
}

export function savePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // storage is blocked, so the preferences are lost when the page is reloaded
  }
}

/** Returns the bearer token, or undefined if there is none. The token is stored until the tab closes. */
export function loadToken(): string | undefined {
  try {
    return sessionStorage.getItem(TOKEN) ?? undefined;
  } catch {
    return undefined;
  }
}

export function saveToken(token: string | undefined): void {
  try {
    if (token === undefined) sessionStorage.removeItem(TOKEN);
    else sessionStorage.setItem(TOKEN, token);
  } catch {
    // storage is blocked, so the token is lost when the page is reloaded
  }
}
