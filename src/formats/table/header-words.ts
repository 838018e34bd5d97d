import { foldTogether, lifeProperty } from "../../names/index.js";
import { PROPERTY } from "../csv/columns.js";

/*
 * Names of columns in the tables of archives and museums, in eleven languages. Source: written for this project from
 * general knowledge.
 */

/**
 * Returns the key of the name of a column: "Inv.-Nr. (alt)" → "invnr", "dc:title" → "title", "birthDate" → "birthdate".
 */
export function keyOf(column: string): string {
  const bare = column.replace(/\([^)]*\)|\[[^\]]*\]/g, " ").replace(/^\s*[a-z]{2,10}:(?=\S)/i, "");
  return foldTogether(bare) || foldTogether(column);
}

/** Words in order of preference, as keys. */
const list = (text: string): readonly string[] => [...new Set(text.split(", ").map(keyOf))];

/** Names of columns by meaning; within a meaning, the most certain first. */
const ENTITY_WORDS = {
  id: list(
    "id, identifier, identifikator, identifiant, identificador, identificativo, identyfikator, identifikátor, идентификатор, kimlik, " +
      "inventory no, inventory number, inventory nr, inventory, inv no, inv nr, inv num, inv, inventarnummer, inventarnr, inventar nr, " +
      "numéro d'inventaire, no d'inventaire, n° d'inventaire, n° inventaire, número de inventario, n.º de inventario, nº inventario, " +
      "numero di inventario, numero d'inventario, n. inventario, número de inventário, nº de inventário, inventarisnummer, " +
      "numer inwentarzowy, nr inwentarzowy, nr inw, inventární číslo, inv č, инвентарный номер, инв №, инв номер, инвентарный №, envanter no, envanter numarası, " +
      "accession no, accession number, object number, object no, objektnummer, objectnummer, catalogue no, catalogue number, catalog number, katalognummer, " +
      "signature, signatur, cote, signatura, segnatura, cota, sygnatura, signatuur, шифр, yer numarası, " +
      "shelfmark, call number, reference, reference code, ref, ref no, archive no, archivnummer, record no, record number, record id, " +
      "person id, personen id, personid, entity id, authority id, number, nummer, numéro, número, numero, numer, číslo, номер, numara, sıra no, " +
      "no, nr, n°, nº, num, č, №, n, code, key, schlüssel, kennung, laufende nummer, lfd nr, laufnr, " +
      "qid, wikidata, wikidata id, wikidata qid, gnd, gnd id, gnd nummer, viaf, viaf id, ulan, ulan id, isni, uri, iri",
  ),
  label: list(
    "label, preferred label, preferred name, full name, name of person, person name, display name, headword, heading, entity, " +
      "vollständiger name, voller name, ansetzungsform, personenname, bezeichnung, benennung, nom complet, nom et prénom, noms et prénoms, nom prénom, prénom et nom, dénomination, " +
      "nombre completo, nombre y apellidos, apellidos y nombre, denominación, nome completo, nome e cognome, cognome e nome, denominazione, denominação, " +
      "volledige naam, imię i nazwisko, nazwisko i imię, nazwa, jméno a příjmení, příjmení a jméno, název, " +
      "фио, полное имя, имя и фамилия, фамилия и имя, фамилия имя отчество, название, наименование, ad soyad, adı soyadı, adı ve soyadı, isim, unvan",
  ),
  /** Words for the full name. Beside a column of given or family names, they can mean the other part instead. */
  name: list("name, names, nom, nombre, nome, naam, imię, jméno, имя, ad, adı, nazwisko"),
  given: list(
    "given name, given names, first name, first names, forename, forenames, christian name, vorname, vornamen, rufname, prénom, prénoms, " +
      "nombre de pila, nombres, nome proprio, prenome, primeiro nome, nome próprio, voornaam, voornamen, imię, imiona, křestní jméno, имя, ön ad",
  ),
  middle: list(
    "middle name, middle names, patronymic, отчество, tussenvoegsel, voorvoegsel, namenszusatz, particle, nobiliary particle, second prénom",
  ),
  family: list(
    "family name, surname, last name, nachname, familienname, zuname, nom de famille, patronyme, apellido, apellidos, cognome, apelido, sobrenome, " +
      "achternaam, familienaam, nazwisko, příjmení, фамилия, soyad, soyadı, soyisim",
  ),
  /** Words that name a thing or a person, used if there is no other label. */
  title: list(
    "title, titel, titre, título, titolo, tytuł, titul, заглавие, заголовок, başlık, person, persona, personne, pessoa, persoon, osoba, персона, kişi, " +
      "artist, künstler, künstlerin, artiste, artista, kunstenaar, artysta, umělec, художник, sanatçı, maker, creator, author, autor, auteur, autore, автор, yazar, photographer, fotograf, " +
      "place name, place, ort, ortsname, lieu, lugar, luogo, plaats, miejsce, místo, место, yer, organisation, organization, company, firm, firma, institution, object, objekt, objet, term, concept, begriff",
  ),
  aliases: list(
    "aliases, alias, also known as, aka, other names, other name, alternative names, alternative name, alternate names, alternate name, alt names, alt name, alt label, alternative label, name variants, variants, variant names, " +
      "synonyms, synonym, pseudonym, pseudonyms, nickname, nicknames, former names, see from, non preferred, auch, auch bekannt als, auch genannt, andere namen, weitere namen, alternative namen, namensvarianten, " +
      "namensvariante, varianten, synonyme, pseudonyme, spitzname, verweisungsform, verweisungsformen, genannt, dit, alias et pseudonymes, autres noms, autre nom, autres formes, variantes, variante, synonymes, surnom, surnoms, " +
      "pseudonymes, aussi connu sous le nom de, otros nombres, otro nombre, también conocido como, sinónimos, sobrenombre, apodo, seudónimo, variantes del nombre, " +
      "altri nomi, altro nome, noto come, conosciuto come, sinonimi, pseudonimo, varianti, soprannome, outros nomes, outro nome, também conhecido como, sinónimos, sinônimos, pseudónimo, " +
      "ook bekend als, andere namen, varianten, synoniemen, bijnaam, inne nazwy, inne imiona, znany jako, warianty, synonimy, przydomek, pseudonim, další jména, jiná jména, též, také známý jako, varianty, synonyma, přezdívka, " +
      "другие имена, варианты имени, варианты, также известен как, псевдоним, псевдонимы, синонимы, прозвище, diğer adlar, diğer adları, diğer isimleri, bilinen adı, takma ad, takma adı, lakap",
  ),
  description: list(
    "description, short description, abstract, summary, note, notes, scope note, remarks, remark, comment, comments, biography, bio, biographical note, about, " +
      "beschreibung, kurzbeschreibung, bemerkung, bemerkungen, anmerkung, anmerkungen, biographie, biografie, kurzbiographie, kurzbiografie, biographische angaben, notiz, " +
      "notice, notice biographique, remarque, remarques, résumé, commentaire, descripción, resumen, nota, notas, observaciones, biografía, descrizione, note biografiche, osservazioni, biografia, " +
      "descrição, resumo, observações, beschrijving, omschrijving, opmerking, opmerkingen, opis, uwagi, notatka, biogram, popis, poznámka, poznámky, životopis, описание, примечание, примечания, биография, комментарий, açıklama, tanım, not, notlar, biyografi",
  ),
  url: list(
    "url, link, web, website, web page, webpage, homepage, webseite, web address, permalink, lien, site web, enlace, página web, sito web, indirizzo web, ligação, koppeling, odkaz, strona, strona www, adres www, ссылка, сайт, bağlantı, web sitesi",
  ),
  images: list(
    "images, image, picture, pictures, photo, photos, image file, file name, filename, file, datei, bild, bilder, bilddatei, dateiname, foto, fotos, photographie, fichier, fichier image, imagen, imágenes, archivo, fotografía, " +
      "immagine, immagini, fotografia, imagem, imagens, ficheiro, afbeelding, afbeeldingen, bestand, bestandsnaam, obraz, zdjęcie, plik, obrázek, soubor, изображение, фото, фотография, файл, resim, görsel, fotoğraf, dosya",
  ),
  popularity: list(
    "popularity, sitelinks, page views, pageviews, views, popularität, bekanntheit, popularité, popularidad, popolarità, popularidade, populariteit, popularność, popularita, популярность, popülerlik",
  ),
  occupation: list(
    "occupation, occupations, profession, professions, job, trade, beruf, berufe, tätigkeit, beschäftigung, métier, activité, fonction, profesión, ocupación, oficio, professione, mestiere, occupazione, attività, " +
      "profissão, ocupação, ofício, beroep, beroepen, zawód, zawody, povolání, profese, профессия, род занятий, занятие, meslek, mesleği",
  ),
  /** Words for dates of birth and death that `lifeProperty` does not know. */
  birth: list(
    "born on, geb, geb am, geboren am, né le, née le, nacido el, nato il, nata il, nascido em, geboren op, ur, nar, род",
  ),
  death: list(
    "died on, gest, gest am, gestorben am, mort le, décédé le, décédée le, morto il, morta il, falecido em, overleden op, zm, zemř, ум",
  ),
  birthPlace: list(
    "birth place, birthplace, place of birth, born in, p19, geburtsort, lieu de naissance, né à, lugar de nacimiento, luogo di nascita, local de nascimento, lugar de nascimento, naturalidade, geboorteplaats, " +
      "miejsce urodzenia, místo narození, место рождения, doğum yeri",
  ),
  deathPlace: list(
    "death place, place of death, died in, p20, sterbeort, todesort, lieu de décès, lieu de mort, lugar de fallecimiento, lugar de defunción, luogo di morte, luogo di decesso, local de falecimento, lugar de falecimento, local de morte, " +
      "overlijdensplaats, plaats van overlijden, sterfplaats, miejsce śmierci, místo úmrtí, место смерти, ölüm yeri",
  ),
  type: list(
    "type, entity type, instance of, category, class, typ, art, objektart, kategorie, catégorie, tipo, categoría, categoria, soort, rodzaj, kategoria, druh, тип, категория, tür, kategori",
  ),
  /** Words for dates, which are life dates if the cells say so. */
  dates: list(
    "dates, date, daten, lebenszeit, jahre, years, fechas, fecha, data, anni, datum, data życia, lata życia, даты, годы, tarih, tarihler, yaşam",
  ),
} as const;

export type EntityMeaning = keyof typeof ENTITY_WORDS;

/** Words for a caption that name nothing else. */
const CAPTION = list(
  "text, caption, captions, picture caption, photo caption, caption text, legend, bildunterschrift, bildunterschriften, bildlegende, bildtext, legende, légende, légendes, leyenda, pie de foto, pie de imagen, didascalia, legenda, " +
    "bijschrift, onderschrift, fotobijschrift, podpis, opis zdjęcia, popisek, popis fotografie, подпись, подпись к фото, надпись, resim yazısı, fotoğraf altı, altyazı",
);

const CAPTION_WORDS = {
  caption: CAPTION,
  text: [
    ...CAPTION,
    ...list(
      "açıklama, description, beschreibung, descripción, descrizione, descrição, beschrijving, omschrijving, opis, popis, описание, scope and content, content, inhalt, contenu, " +
        "title, titel, titre, título, titolo, tytuł, název, заглавие, название, başlık, headline, texte, texto, testo, tekst, текст, metin",
    ),
  ],
  /** Numbers of pictures come after the words for ids. */
  id: [
    ...ENTITY_WORDS.id,
    ...list(
      "photo no, photo nr, photo num, photo number, photo id, photo ref, photo reference, photograph no, photograph number, image no, image nr, image num, image number, image id, image ref, image reference, " +
        "picture no, picture nr, picture number, picture id, picture ref, negative no, negative number, slide no, slide number, plate no, plate number, print no, print number, item no, item number, item id, caption no, caption number, caption id, " +
        "foto nr, foto no, foto nummer, foto id, bild nr, bild no, bildnummer, bild id, negativ nr, negativnummer, dia nr, dianummer, aufnahme nr, aufnahmenummer, abbildung nr, abb nr, " +
        "n° photo, no photo, numéro de photo, numéro photo, n° de photo, n° image, numéro d'image, n° de cliché, numéro de cliché, référence, référence photo, número de foto, nº foto, nº de foto, foto nº, número de imagen, referencia, " +
        "numero foto, n. foto, foto n, numero immagine, riferimento, número da foto, nº da foto, número da imagem, referência, fotonummer, beeldnummer, afbeelding nr, afbeeldingsnummer, referentie, " +
        "nr zdjęcia, numer zdjęcia, nr fotografii, číslo fotografie, číslo snímku, č fotografie, номер фото, № фото, фото №, номер снимка, fotoğraf no, fotoğraf numarası, resim no, görsel no",
    ),
  ],
  image: ENTITY_WORDS.images,
  language: list(
    "language, lang, sprache, langue, idioma, lengua, lingua, língua, taal, język, jazyk, язык, dil",
  ),
  mention: list("mention, erwähnung, mention text, surface form"),
  start: list("start"),
  end: list("end"),
  gold: list("gold, gold id"),
  type: list("type"),
  mentions: list(
    "mentions, names, people, persons, persons shown, people shown, person in image, personen, abgebildete personen, dargestellte personen, namen, personnes, personnes représentées, noms, personas, personas retratadas, nombres, persone, " +
      "persone ritratte, nomi, pessoas, pessoas retratadas, nomes, personen op foto, namen, osoby, osoby na zdjęciu, nazwiska, osoby na fotografii, jména, персоны, люди, имена, изображены, kişiler, isimler",
  ),
} as const;

export type CaptionMeaning = keyof typeof CAPTION_WORDS;

/** The columns with a meaning, the most certain first; columns with the same word in the order of the table. */
function byMeaning<Meaning extends string>(words: Readonly<Record<Meaning, readonly string[]>>) {
  return (header: readonly string[], meaning: Meaning): string[] => {
    const keys = header.map((column) => [column, words[meaning].indexOf(keyOf(column))] as const);
    return keys
      .filter(([, place]) => place >= 0)
      .sort(([, a], [, b]) => a - b)
      .map(([column]) => column);
  };
}

export const entityColumnsFor = byMeaning<EntityMeaning>(ENTITY_WORDS);
export const captionColumnsFor = byMeaning<CaptionMeaning>(CAPTION_WORDS);

const ALL_WORDS: ReadonlySet<string> = new Set([ENTITY_WORDS, CAPTION_WORDS].flatMap(Object.values).flat());

/** Returns whether a text usually names a column of a table of entities or captions. */
export function isHeaderWord(text: string): boolean {
  const key = keyOf(text);
  return ALL_WORDS.has(key) || lifeProperty(key) !== undefined || text.startsWith(PROPERTY);
}
