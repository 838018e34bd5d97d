import { entity, type FieldCase } from "./case.js";

/** Captions whose mentions are detected. */
export const DETECTION_CASES: readonly FieldCase[] = [
  {
    kind: "--detect: all capitals, all small",
    source: "invented",
    kb: [
      entity("1", "Heinrich Vosskuhl", "Dirigent"),
      entity("2", "Portugal", "country"),
      entity("3", "Norway", "country"),
    ],
    captions: [
      "{HEINRICH VOSSKUHL=1} DIRIGIERT",
      "an evening with {heinrich vosskuhl=1}",
      "FINAL - {NORWAY=3} STUN {PORTUGAL=2} AGAIN.",
    ],
    detect: true,
  },
  {
    kind: "--detect: the longest name",
    source: "invented",
    kb: [
      entity("1", "Treaty of Westmark", "peace treaty"),
      entity("2", "Bataille de Vaucourt", "bataille"),
      entity("3", "Queens of Harmony", "vocal group"),
    ],
    captions: [
      "The {Treaty of Westmark=1} was signed on 4 May 1782.",
      "La {Bataille de Vaucourt=2} dura trois jours.",
    ],
    detect: true,
  },
  {
    kind: "--detect: particles, titles",
    source: "invented",
    kb: [
      entity("1", "Alexander von Rothenfels", "Naturforscher"),
      entity("2", "Amina bint Salem", "poet"),
      entity("3", "Rodrigo de la Vegarda", "conquistador"),
    ],
    captions: [
      "A letter from Prof. {Alexander von Rothenfels=1}",
      "Princess {Amina bint Salem=2} arrives",
      "Retrato de don {Rodrigo de la Vegarda=3}",
    ],
    detect: true,
  },
  {
    kind: "--detect: left to right with initials and titles",
    source: "invented",
    kb: [
      entity("1", "Karla Adomeit", "weaver"),
      entity("2", "Lore Finkbein", "photographer"),
      entity("3", "Peter J. Overbeek", "architect"),
      entity("4", "Ruth Zellweger-Kamp", "dancer"),
    ],
    captions: [
      "Second row (l. to r.): {K. Adomeit=1}, {Lore Finkbein=2}; seated: Dr. {P. J. Overbeek=3} and {Ruth Zellweger-Kamp=4}",
      "V.l.n.r.: {K. Adomeit=1}, {Lore Finkbein=2} und {P. J. Overbeek=3}",
    ],
    detect: true,
  },
];
