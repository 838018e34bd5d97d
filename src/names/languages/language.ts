/**
 * A language's words and endings for parsing names. Each list is in lower case with accents; commas separate its
 * entries.
 */
export interface NameLanguage {
  /** BCP 47 language code. */
  readonly code: string;
  /** Source of the entries. */
  readonly source: string;
  /** Forms of address, ranks and offices before a name, grouped by the sex that they imply. */
  readonly titles: { readonly male?: string; readonly female?: string; readonly either?: string };
  /** Words in a name that help little to identify a person: "van der", "de la". */
  readonly particles?: string;
  /** Words after a name for the older of two namesakes (`senior`) and for the younger (`junior`). */
  readonly senior?: string;
  readonly junior?: string;
  /** Words before a maiden name. */
  readonly maiden?: string;
  /** Words before another name of the same person or thing: "alias", "dit". */
  readonly alias?: string;
  /** Words before a date of birth (`born`), before a date of death (`died`), and next to an age (`aged`). */
  readonly born?: string;
  readonly died?: string;
  readonly aged?: string;
  /** Words that reveal the sex of the person they refer to. */
  readonly male?: string;
  readonly female?: string;
  /**
   * Words for a relative of another person, or for several members of a family: "wife", "father and son", "brothers".
   */
  readonly kin?: string;
  /** Words for a couple, siblings or a complete family: "couple", "brothers", "family". */
  readonly family?: string;
  /** Words between two names, such as "and". */
  readonly and?: string;
  /** Words by which a statement applies to each of the people named before it: "both", "each". */
  readonly both?: string;
  /** Words that occur before places and organisations but not before people: "in", "at", "from". */
  readonly places?: string;
  /**
   * Comma-separated pairs `oblique>nominative`: the ending of an inflected name, and the nominative ending that
   * replaces it. The stem before the ending has at least three letters. The nominative ending may be empty: "а>" turns
   * Пушкина into Пушкин.
   */
  readonly endings?: string;
}
