import { entity, type FieldCase } from "./case.js";

const PAINTERS = [
  entity("1", "Thomas Ashdown", "English painter, 1650–1712", {
    properties: { birth: ["1650"], death: ["1712"] },
  }),
  entity("2", "Thomas Ashdown", "British artist, born 1958", { properties: { birth: ["1958"] } }),
];

/** What the caption and the knowledge base state: dates, companions, relations, kinds, NIL. */
export const EVIDENCE_CASES: readonly FieldCase[] = [
  {
    kind: "years: who lived then",
    source: "invented",
    kb: PAINTERS,
    captions: ["{Thomas Ashdown=1}, etching, 1698", "{Thomas Ashdown=2}, video installation, 1996"],
  },
  {
    kind: "life dates in the caption",
    source: "invented",
    kb: PAINTERS,
    captions: [
      "{Thomas Ashdown=2}, born 1958",
      "{Thomas Ashdown=1} (1650–1712)",
      "{Thomas Ashdown=2} (* 1958)",
      "{Thomas Ashdown=1}, † 1712",
    ],
  },
  {
    kind: "EndDate 0 means still living",
    source: "invented",
    kb: [
      entity("1", "Paula Trentham", "potter", { properties: { birth: ["1851"], death: ["1910"] } }),
      entity("2", "Paula Trentham", "potter", { properties: { birth: ["1931"], death: ["0"] } }),
    ],
    captions: ["{Paula Trentham=2} in her studio, 2009", "{Paula Trentham=1} in her studio, 1893"],
  },
  {
    kind: "repeated-surname",
    source: "invented",
    kb: [
      entity("1", "Ingrid Falkenrath", "Astronomin", { properties: { sex: ["female"] } }),
      entity("2", "Oskar Falkenrath", "Astronom", { properties: { sex: ["male"] }, popularity: 40 }),
      entity("3", "Adele Falkenrath", "Köchin", { properties: { sex: ["female"] }, popularity: 5 }),
    ],
    captions: [
      "{Ingrid Falkenrath=1} at the telescope. {Falkenrath=1} had come from Jena",
      "{Ingrid Falkenrath=1} am Fernrohr. {Frau Falkenrath=1} kam aus Jena",
      "{Adele Falkenrath=3} dans sa cuisine ; {Mme Falkenrath=3} sourit",
    ],
  },
  {
    kind: "surname means the full name of the same caption",
    source: "invented",
    kb: [
      entity("1", "Victor Castellane", "prime minister", { popularity: 90 }),
      entity("2", "Nora Castellane", "beekeeper"),
      entity("3", "Adaeze Okonjole", "judge"),
    ],
    captions: [
      "{Nora Castellane=2} speaks in Leeds. {Castellane=2} is the sister of the prime minister",
      "{Okonjole=3} presides",
    ],
  },
  {
    kind: "first names joined to one surname; siblings; father and son",
    source: "Encyclopædia Britannica: Montgolfier brothers; the others are invented",
    kb: [
      entity("1", "Greta Wesseling", "cellist"),
      entity("2", "Helga Wesseling", "violinist"),
      entity("3", "Greta Holmgren", "swimmer"),
      entity("4", "Joseph Montgolfier", "inventeur"),
      entity("5", "Étienne Montgolfier", "inventeur"),
      entity("6", "Étienne Dolet", "imprimeur"),
    ],
    captions: [
      "Sisters {Greta=1} and {Helga Wesseling=2} in Bonn",
      "Les frères {Joseph=4} et {Étienne Montgolfier=5}",
      "Die Schwestern {Helga=2} und {Greta Wesseling=1}",
    ],
  },
  {
    kind: "two people with one surname stay two",
    source: "invented",
    kb: [
      entity("1", "Gordon Parrish", "sculptor", { properties: { sex: ["male"] } }),
      entity("2", "Louise Parrish", "wife of Gordon Parrish", { properties: { sex: ["female"] } }),
      entity("3", "Parrish", "town in Florida"),
    ],
    captions: [
      "{Gordon Parrish=1} and {Louise Parrish=2}",
      "{Gordon Parrish=1} with {Mrs. Parrish=2}",
      "{Gordon Parrish=1} at home in {Parrish=3}",
    ],
  },
  {
    kind: "the family as a mention",
    source: "invented",
    kb: [
      entity("1", "Astrid Lindstedt", "shipowner"),
      entity("2", "Lindstedt family", "family of shipowners"),
      entity("3", "Carbonell sisters", "vocal trio"),
      entity("4", "Rosa Carbonell", "singer"),
    ],
    captions: ["{The Lindstedts=2} on the quay", "{The Carbonell Sisters=3} on the radio"],
  },
  {
    kind: "NIL although several of the name are there",
    source: "invented",
    kb: [
      entity("1", "Michael Turnbull", "Scottish musician, 1947–2011", {
        properties: { birth: ["1947"], death: ["2011"] },
      }),
      entity("2", "Michael Turnbull", "American novelist, 1901–1971", {
        properties: { birth: ["1901"], death: ["1971"] },
      }),
    ],
    captions: ["Schoolboy {Michael Turnbull=}, aged 12 in 2015, wins the chess cup"],
  },
  {
    kind: "NIL: the person is not there, his employer is",
    source: "invented",
    kb: [entity("1", "Lindgrave Institute", "research institute"), entity("2", "Tomasz Alder", "cyclist")],
    captions: ["{Noor Aldecoa=} on the future of cities, at the {Lindgrave Institute=1}"],
  },
  {
    kind: "NIL: only one half of the double family name is in the knowledge base",
    source: "invented",
    kb: [
      entity("1", "Renate Hollbach", "judge"),
      entity("2", "Martin Pemberley", "rower"),
      entity("3", "Uwe Zandler", "plumber"),
    ],
    captions: [
      "The mayor with {Renate Zandler-Hollbach=}",
      "{Martin Oyelowo-Pemberley=} and {Uwe Zandler=3}, 1998",
    ],
  },
  {
    kind: "exact name before names that contain it",
    source: "invented",
    kb: [
      entity("1", "Kestrel Bay", "town"),
      entity("2", "Radio Kestrel Bay", "broadcaster"),
      entity("3", "Kestrel Bay Yacht Club", "club"),
      entity("4", "Wu Dian", "chemist"),
      entity("5", "Wu Dianzhong", "painter"),
    ],
    captions: ["The harbour of {Kestrel Bay=1}", "{Wu Dian=4} in the laboratory"],
  },
  {
    kind: "case differs from the alias",
    source: "invented",
    kb: [
      entity("1", "Wind Power", "energy from wind", { aliases: ["wind energy"] }),
      entity("2", "Ocean Thermal Energy Conversion", "technology", { aliases: ["OTEC"] }),
    ],
    captions: ["{Wind energy=1} and {Otec=2} compared"],
  },
  {
    kind: "acronyms",
    source: "names of the organisations",
    kb: [
      entity("1", "European Space Agency", "space agency"),
      entity("2", "Organisation for Economic Co-operation and Development", "organisation"),
      entity("3", "Schweizerische Bundesbahnen", "Bahngesellschaft"),
      entity("4", "Médecins Sans Frontières", "organisation humanitaire"),
      entity("5", "World Meteorological Organization", "United Nations agency"),
      entity("6", "Eastern Sales Association", "trade association"),
    ],
    captions: [
      "Offices of {OECD=2}",
      "Lokomotive der {SBB=3}",
      "Une équipe de {MSF=4}",
      "Offices of {W.M.O.=5}",
      "Offices of {European Space Agency (ESA)=1}",
      "Offices of {European Space Agency, Paris=1}",
    ],
  },
  {
    kind: "organisations: acronym, translated, former name",
    source: "invented",
    kb: [
      entity("1", "Universitätsbibliothek Bergstadt", "Bibliothek"),
      entity("2", "Technische Universität Bergstadt", "Universität", {
        aliases: ["Bergstadt University of Technology", "Bergakademie Bergstadt"],
      }),
      entity("3", "Museum Bergstadt", "Museum"),
    ],
    captions: [
      "{UB Bergstadt=1}, Lesesaal",
      "{TU Bergstadt=2}, Hauptgebäude",
      "{T.U. Bergstadt=2}, Hauptgebäude",
      "Students of {Bergstadt University of Technology=2}",
    ],
  },
];
