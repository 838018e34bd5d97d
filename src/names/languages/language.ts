/** The words and endings that a language adds to names. Lists are in lower case with accents, separated by commas. */
export interface NameLanguage {
  /** BCP 47. */
  readonly code: string;
  /** Where the entries come from. */
  readonly source: string;
  /** Forms of address, ranks and offices before a name, by the sex of the person they address. */
  readonly titles: { readonly male?: string; readonly female?: string; readonly either?: string };
  /** Words inside a name that say little about its owner: "van der", "de la". */
  readonly particles?: string;
  /** After a name: the older and the younger of two namesakes. */
  readonly senior?: string;
  readonly junior?: string;
  /** Words before a maiden name. */
  readonly maiden?: string;
  /** Words before another name of the same person or thing: "alias", "dit". */
  readonly alias?: string;
  /** Words before a date of birth or death, and words next to an age. */
  readonly born?: string;
  readonly died?: string;
  readonly aged?: string;
  /** Words that reveal the sex of the person they refer to. */
  readonly male?: string;
  readonly female?: string;
  /** Words that show that two people of one family are meant: "wife", "father and son", "brothers". */
  readonly kin?: string;
  /** Words for a family as a whole: "family", "brothers". */
  readonly family?: string;
  /** "and", between names. */
  readonly and?: string;
  /** Words that occur before places and organisations but not before people: "in", "at". */
  readonly places?: string;
  /**
   * Endings of inflected names: `oblique>nominative`, "" for none: "а>" makes Пушкина out of Пушкин. A form agrees when both have
   * the same stem of at least three letters.
   */
  readonly endings?: string;
}
