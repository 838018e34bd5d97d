/** What a reviewer may set; kept in this browser. */
export interface Preferences {
  /** Letters and digits act without a modifier key. */
  readonly singleKeys: boolean;
  /** After a decision the next undecided name comes up. */
  readonly advance: boolean;
  readonly order: "unsure" | "file";
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
    // they hold until the tab closes
  }
}

/** The bearer token lives as long as the tab. */
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
    // it holds until the tab closes
  }
}
