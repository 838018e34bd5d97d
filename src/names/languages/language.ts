/** What a language adds to names: lists are separated by commas, lower case, as written (accents and all). */
export interface NameLanguage {
  /** BCP 47. */
  readonly code: string;
  /** Where the entries come from. */
  readonly source: string;
  /** Forms of address, ranks and offices before a name, by the sex of the person they address. */
  readonly titles: { readonly male?: string; readonly female?: string; readonly either?: string };
  /** Words inside a name that carry little of it: "van der", "de la". */
  readonly particles?: string;
  /** After a name: the older and the younger of two namesakes. */
  readonly senior?: string;
  readonly junior?: string;
  /** Before the name a person was born with. */
  readonly maiden?: string;
  /** Before another name of the same person or thing: "alias", "dit". */
  readonly alias?: string;
  /** Before a year or date of birth, of death; before or after an age. */
  readonly born?: string;
  readonly died?: string;
  readonly aged?: string;
  /** Words that give away the sex of the person they refer to. */
  readonly male?: string;
  readonly female?: string;
  /** Words between two names of one family that keep the persons apart: "and his wife", "father and son", "brothers". */
  readonly kin?: string;
  /** Words for a family as a whole: "family", "brothers". */
  readonly family?: string;
  /** "and", between names. */
  readonly and?: string;
  /** Only before a place or an organisation: "in", "at". Not words like "of" and "from", which also come before persons. */
  readonly places?: string;
  /**
   * Endings of inflected names: `oblique>nominative`, "" for none: "а>" makes Пушкина out of Пушкин. A form agrees when both have
   * the same stem of at least three letters.
   */
  readonly endings?: string;
}
