/** Mentions and captions that are not yet linked as they should be, for one reason. */
interface OpenCases {
  readonly reason: string;
  /** The models that fail; default: both. */
  readonly models?: readonly string[];
  /** "mention in text", or "spans in text" if the detected mentions are wrong. */
  readonly names: readonly string[];
}

/** The cases that fail. A case that passes must be removed from this list. */
export const OPEN: readonly OpenCases[] = [
  {
    reason: "ranked first, but NIL is more probable",
    names: [
      "Lobachyov, S.P. in Lobachyov, S.P., expedition of 1931",
      "S. I. Lobachyov in S. I. Lobachyov in camp",
      "Jamal Abd al-Nasir in Jamal Abd al-Nasir speaks",
      "UB Bergstadt in UB Bergstadt, Lesesaal",
      "T.U. Bergstadt in T.U. Bergstadt, Hauptgebäude",
    ],
  },
  {
    reason: "another entity ranks first",
    names: [
      "Mrs. Alan Whitlock in Mrs. Alan Whitlock with her dogs",
      "The Lindstedts in The Lindstedts on the quay",
      "TU Bergstadt in TU Bergstadt, Hauptgebäude",
    ],
  },
  {
    reason: "linked although the facts contradict",
    names: [
      "Renate Zandler-Hollbach in The mayor with Renate Zandler-Hollbach",
      "Martin Oyelowo-Pemberley in Martin Oyelowo-Pemberley and Uwe Zandler, 1998",
    ],
  },
  {
    reason: "the entity is not among the candidates",
    names: ["OECD in Offices of OECD", "SBB in Lokomotive der SBB"],
  },
];
