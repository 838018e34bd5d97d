import { anchorOf, captionCard } from "../../src/formats/html/card.js";
import {
  type PageData,
  SHOWN_AT_ONCE,
  type ShownCaption,
  type ShownEntity,
} from "../../src/formats/html/page-data.js";
import { createSearch, DEFAULT_QUERY, KINDS, ORDERS, PROBABILITIES, type Query } from "./query.js";

/**
 * Script of an HTML page with captions: searches, filters, sorts and pages them. It renders each card with the code
 * that escaped the first cards.
 */
const captions: ShownCaption[] = [];
const entities: ShownEntity[] = [];
for (const part of document.querySelectorAll("script.captions")) {
  const data = JSON.parse(part.textContent) as PageData;
  for (const caption of data.captions) captions.push(caption);
  for (const entity of data.entities) entities.push(entity);
  part.remove();
}
const parts = { entities, pictures: createPictures() };
const search = createSearch(captions);

const cards = document.getElementById("cards")!;
const form = document.getElementById("browse") as HTMLFormElement;
const status = document.getElementById("found")!;
const pager = document.getElementById("pager")!;
const pageNumber = pager.querySelector("input")!;
const [previous, next] = pager.querySelectorAll("button") as unknown as [
  HTMLButtonElement,
  HTMLButtonElement,
];

let found: readonly number[] = captions.map((_, index) => index);
let page = 0;

const pages = (): number => Math.max(1, Math.ceil(found.length / SHOWN_AT_ONCE));

/** Renders one page of the found captions. */
function show(number: number): void {
  page = Math.min(Math.max(number, 0), pages() - 1);
  const shown = found.slice(page * SHOWN_AT_ONCE, (page + 1) * SHOWN_AT_ONCE);
  cards.innerHTML = shown.map((index) => captionCard(captions[index]!, parts).markup).join("");
  describe();
}

function describe(): void {
  const count = (number: number): string => number.toLocaleString("en");
  const all = `${count(captions.length)} ${captions.length === 1 ? "caption" : "captions"}`;
  status.textContent = found.length === captions.length ? all : `${count(found.length)} of ${all}`;
  pager.hidden = pages() === 1;
  pager.querySelector("span")!.textContent = `of ${count(pages())}`;
  pageNumber.value = String(page + 1);
  pageNumber.max = String(pages());
  previous.disabled = page === 0;
  next.disabled = page === pages() - 1;
}

function turn(number: number): void {
  show(number);
  form.scrollIntoView();
}

/** Shows the caption that the address of the page names, if there is one. */
function goToAnchor(): void {
  const index = anchored();
  if (index === undefined) return;
  if (!found.includes(index)) {
    form.reset();
    found = search(query());
  }
  const at = Math.floor(found.indexOf(index) / SHOWN_AT_ONCE);
  if (at !== page || cards.childElementCount === 0) show(at);
  const card = document.getElementById(anchorOf(captions[index]!.id));
  card?.scrollIntoView();
  card?.focus({ preventScroll: true });
}

function anchored(): number | undefined {
  let anchor: string;
  try {
    anchor = decodeURIComponent(location.hash.slice(1));
  } catch {
    return undefined; // the address is not one of this page
  }
  const index = captions.findIndex(({ id }) => anchorOf(id) === anchor);
  return index < 0 ? undefined : index;
}

function query(): Query {
  const value = (name: keyof Query): string => String(new FormData(form).get(name) ?? DEFAULT_QUERY[name]);
  return { words: value("words"), kind: value("kind"), most: value("most"), order: value("order") };
}

/** Fills a select element with those choices that find a caption. Hides it if only the default remains. */
function offer(name: keyof Query, choices: readonly string[]): void {
  const select = form.elements.namedItem(name) as HTMLSelectElement;
  const options = choices.filter(
    (choice, i) => i === 0 || name === "order" || search({ ...DEFAULT_QUERY, [name]: choice }).length > 0,
  );
  select.replaceChildren(...options.map((choice) => new Option(choice)));
  select.parentElement!.hidden = options.length < 2;
}

/** Returns a function that looks up a picture by number. Parts of the data are read when they are first needed. */
function createPictures(): (number?: number) => string | undefined {
  const all = [...document.querySelectorAll("script.pictures")].map((part) => ({
    part,
    first: Number(part.getAttribute("data-first")),
    urls: undefined as readonly string[] | undefined,
  }));
  return (number) => {
    if (number === undefined) return undefined;
    const group = all.findLast(({ first }) => first <= number);
    if (group === undefined) return undefined;
    group.urls ??= JSON.parse(group.part.textContent) as readonly string[];
    return group.urls[number - group.first];
  };
}

offer("kind", Object.keys(KINDS));
offer("most", Object.keys(PROBABILITIES));
offer(
  "order",
  captions.some(({ mentions }) => mentions.some(({ probability }) => probability !== null))
    ? Object.keys(ORDERS)
    : [],
);
let waiting = 0;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = window.setTimeout(() => {
    found = search(query());
    show(0);
  }, 100);
});
form.addEventListener("submit", (event) => event.preventDefault());
previous.addEventListener("click", () => turn(page - 1));
next.addEventListener("click", () => turn(page + 1));
pageNumber.addEventListener("change", () => turn(pageNumber.valueAsNumber - 1 || 0));
addEventListener("hashchange", goToAnchor);

document.getElementById("without-script")?.remove();
const totals = document.getElementById("totals");
if (totals !== null) document.querySelector("main")!.prepend(totals);
form.hidden = captions.length < 2;
describe();
goToAnchor();
