import { entity, type FieldCase } from "./case.js";

const HONORIFICS = [
  entity("1", "Ilse Hartenfels", "chemist", { properties: { sex: ["female"] } }),
  entity("2", "Carmen Robledo", "composer", { properties: { sex: ["female"] } }),
  entity("3", "Andrés Robledo", "bullfighter", { properties: { sex: ["male"] } }),
  entity("4", "Yvonne Chastaing", "aviator", { properties: { sex: ["female"] } }),
  entity("5", "Zbigniew Wiśniecki", "surveyor", { properties: { sex: ["male"] } }),
  entity("6", "Cornelis Dijkhuis", "engineer", { properties: { sex: ["male"] } }),
];

const FATHER_AND_SONS = [
  entity("1", "Edgar Thornhill", "banker, 1822–1890", { properties: { birth: ["1822"], death: ["1890"] } }),
  entity("2", "Edgar Thornhill Jr.", "architect, 1851–1921", {
    properties: { birth: ["1851"], death: ["1921"] },
  }),
  entity("3", "Edgar Thornhill III", "racing driver, 1884–1955", {
    properties: { birth: ["1884"], death: ["1955"] },
  }),
];

/** Parts of a person's name: titles, suffixes, maiden names, initials, order, endings. */
export const NAME_CASES: readonly FieldCase[] = [
  {
    kind: "honorifics, ranks and post-nominals of several languages",
    source: "invented",
    kb: HONORIFICS,
    captions: [
      "{Frau Dr. Ilse Hartenfels=1}",
      "{Dña. Carmen Robledo=2} saluda al público",
      "{Mlle Chastaing=4} devant son appareil",
      "{Pan Wiśniecki=5} przy mapie",
      "{Mevrouw Hartenfels=1} in het laboratorium",
      "{Ir. C. Dijkhuis=6} bij de sluis",
    ],
  },
  {
    kind: "titles-genitives",
    source: "invented",
    kb: [
      entity("1", "Konrad Ostwaldt", "Politiker", { properties: { sex: ["male"] } }),
      entity("2", "Friederike Sommerlath", "Malerin", { properties: { sex: ["female"] } }),
      entity("3", "Anton Brandmair", "Komponist", { properties: { sex: ["male"] } }),
    ],
    captions: [
      "Besuch bei {Bundespräsident Konrad Ostwaldt=1}",
      "Empfang bei {Ministerpräsident Ostwaldt=1} im Garten",
      "{Ostwaldts=1} Rede im Landtag",
      "In {Friederike Sommerlaths=2} Atelier",
      "{Frau Sommerlath=2} am Fenster",
      "{Brandmairs=3} Flügel",
      "A visit to {Chancellor Ostwaldt=1}",
      "{Le maestro Brandmair=3} à Vienne",
      "{Композитор Брандмайр=3} за роялем",
      "Photo of {Brandmair, Anton, 1831-1902=3}",
    ],
  },
  {
    kind: "postnominals",
    source: "invented",
    kb: [
      entity("1", "Hugh Ellwood", "admiral", { properties: { sex: ["male"] } }),
      entity("2", "Margaret Strand", "physicist", { properties: { sex: ["female"] } }),
      entity("3", "Kurt Wendlandt", "Ingenieur", { properties: { sex: ["male"] } }),
    ],
    captions: [
      "Portrait of {Admiral Sir Hugh Ellwood, KCB, DSO=1}",
      "Portrait of {Dame Margaret Strand, DBE, FRS=2}",
      "Portrait of {M. Strand, Ph.D.=2}",
      "Portrait of {Hugh Ellwood (admiral)=1}",
      "Portrait of {“Hugh Ellwood”=1}",
      "Portrait of {Hugh  Ellwood=1}",
      "Bildnis von {Dipl.-Ing. Kurt Wendlandt=3}",
      "Portrait of {Lady Ellwood=}",
    ],
  },
  {
    kind: "Mr. and Mrs. X",
    source: "invented",
    kb: [
      entity("1", "Alan Whitlock", "publisher", { properties: { sex: ["male"] } }),
      entity("2", "Dora Whitlock", "wife of Alan Whitlock, collector", { properties: { sex: ["female"] } }),
      entity("3", "Allan Whitcombe", "rower", { properties: { sex: ["male"] } }),
    ],
    captions: [
      "{Mr. and Mrs. Alan Whitlock=1} on the pier",
      "{Mr. Whitlock=1} and {Mrs. Whitlock=2}",
      "{Mrs. Alan Whitlock=2} with her dogs",
      "{Herr und Frau Alan Whitlock=1} in Bonn",
    ],
  },
  {
    kind: "Junior / Jr / Filho of one person only",
    source: "invented",
    kb: [
      entity("1", "Marcos Vilhena Júnior", "footballer"),
      entity("2", "Ana Vilhena", "novelist"),
      entity("3", "Walter Harlan IV", "statistician"),
    ],
    captions: [
      "{Marcos Vilhena Jr.=1} scores twice",
      "{Marcos Vilhena, Jnr=1} after the match",
      "{W. Harlan IV=3} at the blackboard",
      "{Harlan=3} at the blackboard",
    ],
  },
  {
    kind: "Jr., Sr., III: father and son of one name",
    source: "invented",
    kb: FATHER_AND_SONS,
    captions: [
      "{Edgar Thornhill, Jr.=2} before the new town hall",
      "{Edgar Thornhill, Sr.=1} at his desk",
      "{Edgar Thornhill, 3rd=3} at the wheel",
      "{Edgar Thornhill the Elder=1} at his desk",
    ],
  },
  {
    kind: "Senior/Junior, I/II, the Younger: written otherwise",
    source: "invented",
    kb: [
      entity("1", "Kesseling, Johann, I", "1701–1766"),
      entity("2", "Kesseling, Johann, II", "1735–1801"),
      entity("3", "Brakel, Pieter, Senior", "1650–1712"),
      entity("4", "Brakel, Pieter, Junior", "1688–1749"),
    ],
    captions: [
      "{Johann Kesseling der Ältere=1}, Ansicht der Brücke",
      "{Johann Kesseling d. J.=2}, Stillleben mit Krug",
      "{Pieter Brakel le Jeune=4}, paysage d’hiver",
      "{Pieter Brakel de Oude=3}, winterlandschap",
    ],
  },
  {
    kind: "maiden names with a marker",
    source: "invented",
    kb: [
      entity("1", "Helga Brandes", "Pilotin"),
      entity("2", "Helga Lorenzen", "Sängerin"),
      entity("3", "Jarmila Svobodová", "herečka"),
      entity("4", "Elena Marchi", "pittrice"),
      entity("5", "Ольга Власова", "балерина"),
    ],
    captions: [
      "{Helga Brandes geb. Lorenzen=1} vor dem Start",
      "{Jarmila Svobodová roz. Králíková=3} na jevišti",
      "{Elena Marchi nata Bellini=4} a Torino",
      "{Ольга Власова, урожд. Зимина=5}, 1911",
    ],
  },
  {
    kind: "the catalogue has the married, the caption the maiden name",
    source: "invented",
    kb: [
      entity("1", "Edith Hallam, née Thornbury", "gardener"),
      entity("2", "Winkler-Stolz, Gerda", "Bildhauerin", { aliases: ["Gerda Winkler geb. Stolz"] }),
      entity("3", 'Margaret "Peggy" Dunmore (Ashe)', "nurse"),
      entity("4", "Thomas Ashe", "miller"),
    ],
    captions: [
      "{Edith Thornbury=1} as a girl, 1899",
      "{Gerda Stolz=2} in ihrer Werkstatt",
      "{Peggy Ashe=3} with her brothers",
      "{Peggy Dunmore=3} retires",
    ],
  },
  {
    kind: "other name in parentheses of the label",
    source: "Encyclopædia Britannica: Novalis, Multatuli, Stendhal",
    kb: [
      entity("1", "Novalis (Friedrich von Hardenberg)", "German poet"),
      entity("2", "Multatuli (Eduard Douwes Dekker)", "Dutch writer"),
      entity("3", "Stendhal (or Marie-Henri Beyle)", "French novelist"),
      entity("4", "Friedrich Dekker", "mason"),
      entity("5", "Henri Dutilh", "notary"),
    ],
    captions: [
      "Grave of {Friedrich von Hardenberg=1}",
      "{Eduard Douwes Dekker=2} in Lebak",
      "{Marie-Henri Beyle=3} à Grenoble",
      "{Multatuli=2}",
    ],
  },
  {
    kind: "possessive within the mention",
    source: "invented",
    kb: [
      entity("1", "Leopold Mahrholz", "composer"),
      entity("2", "Agnes Tolliver", "explorer"),
      entity("3", "Rupert Quayle", "poet"),
    ],
    captions: [
      "{Agnes Tolliver's=2} sledge and {Quayle’s=3} desk",
      "{Mahrholz'=1} letzte Sinfonie",
      "{Tollivers=2} Schlitten im Museum",
    ],
  },
  {
    kind: "patronymic omitted / contradicted",
    source: "invented",
    kb: [
      entity("1", "Sergei Pavlovich Lobachyov", "geologist"),
      entity("2", "Sergei Ivanovich Lobachyov", "geologist"),
    ],
    captions: [
      "{Sergei Ivanovich Lobachyov=2} in camp",
      "{Lobachyov, S.P.=1}, expedition of 1931",
      "{S. I. Lobachyov=2} in camp",
    ],
  },
  {
    kind: "patronymic contradicted: not the same man",
    source: "invented",
    kb: [entity("1", "Igor Petrovich Lazurenko", "geologist")],
    captions: ["{Igor Mikhailovich Lazurenko=} in camp"],
  },
  {
    kind: "Spanish: two surnames, one used, inverted",
    source: "invented",
    kb: [
      entity("1", "Leonor Ibarrola Quiroga", "arquitecta"),
      entity("2", "Tomás Ibarrola", "ciclista"),
      entity("3", "Fernão Teles Bragança", "almirante"),
    ],
    captions: [
      "{Ibarrola Quiroga, Leonor=1}",
      "{Leonor Ibarrola=1}, arquitecta",
      "{L. Ibarrola Quiroga=1}",
      "{Fernão Bragança=3}, almirante",
    ],
  },
  {
    kind: "Dutch filing order",
    source: "invented",
    kb: [
      entity("1", "Joost van der Steur", "printer"),
      entity("2", "Geertje van der Steurink", "swimmer"),
      entity("3", "Joost de Stoute", "printer"),
    ],
    captions: [
      "{Steur, Joost van der=1} at the press",
      "{v.d. Steur=1}, woodcuts",
      "{Van der Steur=1} at the press",
    ],
  },
  {
    kind: "spelling: Dutch ij/y",
    source: "invented",
    kb: [
      entity("1", "Hendrick Wynantsz", "brewer"),
      entity("2", "Sijbrand Kuijpers", "surgeon"),
      entity("3", "Hendrik Weijers", "baker"),
    ],
    captions: ["{Hendrik Wijnantsz=1} in Delft", "{Sybrand Kuypers=2} at work"],
  },
  {
    kind: "German ae/oe/ue/ss, both ways",
    source: "invented",
    kb: [
      entity("1", "Jörg Möllenbrück", "Drucker"),
      entity("2", "Käthe Strasser", "Turnerin"),
      entity("3", "Ursula Goebelmann", "Ärztin"),
      entity("4", "Jürgen Mollenhauer", "Drucker"),
    ],
    captions: [
      "{Joerg Moellenbrueck=1} an der Presse",
      "{Käthe Straßer=2} am Barren",
      "{Göbelmann=3} in der Klinik",
    ],
  },
  {
    kind: "diacritics",
    source: "invented",
    kb: [
      entity("1", "Šárka Dvořáčková", "botanist"),
      entity("2", "Łukasz Żółkiewicz", "glider pilot"),
      entity("3", "Trần Thị Bích Lựu", "engineer"),
      entity("4", "Sára Dvorková", "skater"),
    ],
    captions: [
      "{Sarka Dvorackova=1} in the greenhouse",
      "{Lukasz Zolkiewicz=2} lands",
      "{Tran Thi Bich Luu=3} on site",
    ],
  },
  {
    kind: "apostrophe variants",
    source: "invented",
    kb: [
      entity("1", "Niamh O'Dwyer", "harpist"),
      entity("2", "Sandro D’Aquila", "sailor"),
      entity("3", "Dwyer Niamond", "mayor"),
    ],
    captions: ["{Niamh O’Dwyer=1} and {Sandro D'Aquila=2}", "{NIAMH O´DWYER=1} IN CORK"],
  },
  {
    kind: "hashtags and handles",
    source: "invented",
    kb: [
      entity("1", "Maren Oldfeld", "potter"),
      entity("2", "Karl Oldenfels", "potter"),
      entity("3", "Luz Marina", "place"),
    ],
    captions: ["{#MarenOldfeld=1} fires her kiln", "{@maren_oldfeld=1} fires her kiln"],
  },
  {
    kind: "short given names, one letter off",
    source: "invented",
    kb: [
      entity("1", "Phillip Bergson", "lighthouse keeper"),
      entity("2", "Philippa Berg", "rower"),
      entity("3", "An Li", "botanist"),
    ],
    captions: ["Keeper {Philip Bergson=1} on the rocks"],
  },
  {
    kind: "punctuation: heading ends in a full stop",
    source: "invented",
    kb: [
      entity("1", "Wernickel, Otto.", "Bibliothekar"),
      entity("2", "Wernickel, Hanna", "Geigerin"),
      entity("3", "Otto Werner", "Schmied"),
    ],
    captions: ["Lecture by {Otto Wernickel=1} in Jena", "{Hanna Wernickel=2} on stage"],
  },
  {
    kind: "misspelt",
    source: "invented",
    kb: [
      entity("1", "Theodora Vanderhoeven", "glassmaker"),
      entity("2", "Theo van Hove", "cyclist"),
      entity("3", "Ludmilla Castellanos", "tenor"),
    ],
    captions: ["{Theodora Vanderhoven=1} at the furnace", "{Ludmila Castelanos=3} sings"],
  },
  {
    kind: "regnal numbers, nested names",
    source: "Encyclopædia Britannica: kings of Navarre and Denmark; Norddeutscher Rundfunk",
    kb: [
      entity("1", "Sancho II of Navarre", "king"),
      entity("2", "Sancho III of Navarre", "king"),
      entity("3", "Christian IX of Denmark", "king"),
      entity("4", "Christian X of Denmark", "king"),
      entity("5", "NDR", "Rundfunkanstalt"),
      entity("6", "NDR Bigband", "Jazzorchester"),
    ],
    captions: [
      "{Sancho II=1} was followed by {Sancho III=2}",
      "{Christian X.=4} zu Pferde",
      "Gäste der {NDR=5} Talkshow",
    ],
  },
];
