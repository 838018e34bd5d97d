import { fold, wordsOf } from "./fold.js";
import type { EntityKind } from "./roles.js";

/**
 * Words and tags that name a kind as a whole: the word in several languages, the tags of common taggers (CoNLL, spaCy),
 * the types of library authority files, and ids of general Wikidata classes. Source: written for this project from
 * general knowledge.
 */
const KIND_WORDS: Readonly<Record<EntityKind, string>> = {
  person:
    "per, pers, person, persons, people, human, human being, individual, natural person, fictional human, fictional character, " +
    "differentiated person, mensch, natürliche person, personne, personne physique, humain, être humain, persona, ser humano, " +
    "essere umano, pessoa, persoon, mens, osoba, człowiek, člověk, человек, персона, личность, людина, особа, kişi, insan, " +
    "henkilö, ihminen, személy, ember, människa, menneske, πρόσωπο, άνθρωπος, شخص, إنسان, q5, q15632617",
  organisation:
    "org, organisation, organization, corp, corporate body, legal person, institution, body, körperschaft, juristische person, " +
    "einrichtung, organisme, collectivité, personne morale, organización, institución, entidad, organizzazione, istituzione, ente, " +
    "organização, instituição, entidade, organisatie, instelling, organizacja, instytucja, organizace, instituce, организация, " +
    "учреждение, організація, установа, kuruluş, örgüt, kurum, organisasjon, organisaatio, szervezet, intézmény, οργανισμός, " +
    "منظمة, مؤسسة, q43229",
  place:
    "loc, gpe, fac, place, location, locality, place or geographic name, geographic name, geographical name, ort, geografikum, " +
    "lieu, localité, lugar, luogo, località, local, plaats, locatie, miejsce, miejscowość, místo, место, місце, yer, sted, plats, " +
    "paikka, hely, τόπος, τοποθεσία, مكان, موقع",
  work:
    "work, work of art, artwork, creative work, werk, kunstwerk, werktitel, œuvre, œuvre d'art, obra, obra de arte, opera d'arte, " +
    "dzieło, dzieło sztuki, dílo, umělecké dílo, произведение, твір, eser, verk, teos, mű, έργο, عمل, q386724, q838948",
};

/**
 * Words for narrower classes that are not in `roles.ts`, and the ids of frequent Wikidata classes. Source: written for
 * this project from general knowledge; the ids are from wikidata.org.
 */
const CLASS_WORDS: Readonly<Record<EntityKind, string>> = {
  person:
    "mother, father, brother, sister, founder, secretary, character, woman, man, leaders, chairman, chairwoman, leader, bandleader, presenter, owner, clerk, ceo, chief executive, victim, director, direktor, direktorin, directeur, directrice, direttore, direttrice, councillor, personality, celebrity, wife, husband, " +
    "son, daughter, widow, ehefrau, sohn, tochter, witwe, épouse, fils, fille, veuve",
  organisation:
    "publishing house, record label, television station, tv station, radio station, television channel, tv channel, ngo, charity, embassy, " +
    "sports team, business, council, parliament, government, court, police, airline, retailer, manufacturer, brand, parlament, regierung, gericht, " +
    "hersteller, fluggesellschaft, gouvernement, tribunal, fabricant, gobierno, fabricante, governo, " +
    "q4830453, q783794, q3918, q33506, q476028, q215380, q7278",
  place:
    "house, tower, continent, stadium, cemetery, farm, mine, highway, facility, toponym, capital, capital city, settlement, human settlement, populated place, landmark, building, station, railway station, airport, " +
    "bridge, mountain range, valley, bay, sea, ocean, volcano, desert, peninsula, cape, port, harbour, suburb, neighbourhood, borough, " +
    "hamlet, prefecture, territory, kingdom, empire, hauptstadt, ortschaft, siedlung, gebäude, bauwerk, bahnhof, flughafen, brücke, " +
    "hafen, tal, ozean, vulkan, wüste, halbinsel, stadtteil, ortsteil, königreich, capitale, bâtiment, gare, aéroport, pont, vallée, " +
    "baie, océan, quartier, royaume, localidad, edificio, estación, aeropuerto, puente, valle, barrio, stazione, aeroporto, ponte, " +
    "quartiere, localidade, edifício, gebouw, budynek, stolica, dworzec, most, sídlo, budova, hlavní město, населённый пункт, здание, " +
    "столица, мост, населений пункт, by, sø, tó, vár, see, il, yerleşim, bina, başkent, köprü, település, κτίριο, " +
    "q515, q486972, q6256, q3624078, q532, q4022, q23397, q8502, q23442, q41176, q484170, q262166, q5119",
  work: "literary work, musical work, portrait, poem, drawing, print, engraving, fresco, mosaic, television series, tv series, video game, manuscript, opera, q3305213, q11424, q571, q7725634, q47461344, q860861, q105543609",
};

const entriesOf = (lists: Readonly<Record<EntityKind, string>>): readonly (readonly [string, EntityKind])[] =>
  (Object.entries(lists) as [EntityKind, string][]).flatMap(([kind, list]) =>
    list.split(", ").map((word) => [wordsOf(word).join(" "), kind] as const),
  );

/** The kind of each folded word or tag that names a kind as a whole. */
export const GENERAL: ReadonlyMap<string, EntityKind> = new Map(entriesOf(KIND_WORDS));

/** The kind of each folded word in the two tables above. */
export const KIND_OF_WORD: ReadonlyMap<string, EntityKind> = new Map([...entriesOf(CLASS_WORDS), ...GENERAL]);

/** Names of properties that state what an entity is, folded and without spaces. */
export const TYPE_PROPERTIES: ReadonlySet<string> = new Set(
  "type types kind kinds class category instanceof p31 entitytype recordtype isa typ tipo soort rodzaj druh tür тип".split(
    " ",
  ),
);

/**
 * Names of properties that only one kind of entity usually has, folded and without spaces. One property in `strong` is
 * enough to decide the kind. Properties in `weak` also occur on entities of other kinds, so two of them are needed.
 */
const PROPERTY_NAMES: Readonly<Record<"strong" | "weak", Readonly<Record<EntityKind, string>>>> = {
  strong: {
    person:
      "occupation, occupations, profession, sex, gender, sexorgender, birth, born, birthdate, dateofbirth, birthyear, yearofbirth, " +
      "birthplace, placeofbirth, death, died, deathdate, dateofdeath, deathyear, yearofdeath, deathplace, placeofdeath, spouse, " +
      "almamater, givenname, firstname, familyname, lastname, surname, maidenname, countryofcitizenship, citizenship, positionheld, " +
      "beruf, geschlecht, geburt, geboren, geburtsdatum, geburtsjahr, geburtsort, gestorben, tod, todesdatum, sterbedatum, sterbeort, " +
      "vorname, nachname, familienname, métier, sexe, naissance, datedenaissance, lieudenaissance, décès, datededécès, prénom, " +
      "ocupación, profesión, sexo, nacimiento, fechadenacimiento, fallecimiento, apellido, professione, sesso, nascita, " +
      "datadinascita, morte, cognome, ocupação, profissão, nascimento, datadenascimento, beroep, geslacht, geboorte, geboortedatum, " +
      "overlijden, zawód, płeć, urodzony, dataurodzenia, zgon, povolání, pohlaví, narození, datumnarození, úmrtí, профессия, пол, " +
      "датарождения, местосмерти, датасмерти, meslek, cinsiyet, doğum, doğumtarihi, ölüm",
    organisation:
      "headquarters, headquarterslocation, foundedby, founder, founders, industry, employees, numberofemployees, ceo, legalform, " +
      "subsidiaries, subsidiary, parentorganisation, parentorganization, stockexchange, hauptsitz, gründung, gründer, rechtsform, " +
      "mitarbeiterzahl, siègesocial, fondateur, sedecentral, fundador, fondatore, hoofdkantoor, siedziba, założyciel",
    place:
      "population, elevation, timezone, postalcode, postcode, zipcode, einwohner, einwohnerzahl, postleitzahl, vorwahl, " +
      "habitants, nombred'habitants, población, habitantes, popolazione, abitanti, população, inwoners, ludność, obyvatelé, население, nüfus",
    work:
      "author, authors, creator, artist, composer, director, publisher, performer, publicationdate, dateofpublication, releasedate, " +
      "isbn, medium, technique, depicts, inventorynumber, urheber, künstler, autor, regisseur, verlag, erscheinungsjahr, auteur, " +
      "réalisateur, autore, regista, auteur, director de cine, автор, yazar",
  },
  weak: {
    person:
      "nationality, nationalität, nationalité, nacionalidad, nazionalità, nacionalidade, spouses, father, mother, children, workstart",
    organisation:
      "inception, founded, foundedin, gegründet, fondée, fundada, website, products, members, memberships, sitz, sede",
    place:
      "coordinates, coordinate, coordinatelocation, latitude, longitude, lat, lon, lng, area, country, region, state, county, district, " +
      "province, capital, locatedin, municipality, continent, koordinaten, fläche, land, bundesland, kreis, pays, superficie, país, " +
      "paese, regione, provincia, kraj, země, страна",
    work: "date, dimensions, material, genre, collection, pages, published, released, masse, abmessungen, sammlung",
  },
};

/** The kind and the weight of each property name: 2 for a strong property, 1 for a weak property. */
export const KIND_OF_PROPERTY: ReadonlyMap<string, readonly [kind: EntityKind, weight: number]> = new Map(
  (["weak", "strong"] as const).flatMap((strength) =>
    entriesOf(PROPERTY_NAMES[strength]).map(
      ([name, kind]) => [name.replaceAll(" ", ""), [kind, strength === "strong" ? 2 : 1] as const] as const,
    ),
  ),
);

/** Words that end the head of a noun phrase: "mayor | of Kiel", "peintre | de marines". Folded. */
export const HEAD_ENDS: ReadonlySet<string> = new Set(
  (
    "of in at from for by with on near who which that since until during after and to about founded built directed written designed " +
    "located situated established based published owned gegründet erbaut gebaut fondé fondée construit construite fundado fundada " +
    "fondato fondata założony założona założone " +
    "von vom in im aus der des fur bei mit am an zu zum zur nahe und de du des d en a au aux dans par et del della dei di da do dos das " +
    "dello dell nel nella per con por para y e em no na op te uit van w we z ze dla i v ve s z pro ze u na из в во на для у и " +
    "i fra fran av og och til till pa"
  )
    .split(" ")
    .map(fold),
);

/** Words that can denote a person or a company. Folded. */
export const PERSON_OR_COMPANY: ReadonlySet<string> = new Set(
  "manufacturer hersteller fabricant fabricante producer publisher retailer dealer developer".split(" "),
);

/** Words before the creator of a work: "opera by Verdi". Folded. */
export const BY_WORDS: ReadonlySet<string> = new Set("by von de di do van af av od от".split(" "));

/** Words that may precede "of" without naming a kind: "one of the largest cities". Folded. */
export const FILLERS: ReadonlySet<string> = new Set(
  "one a an the ein eine einer eines un une una uno um uma een member mitglied membre miembro membro".split(
    " ",
  ),
);
