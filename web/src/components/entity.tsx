import { type ComponentChildren, Fragment, type JSX } from "preact";
import { useState } from "preact/hooks";
import type { EntityAnswer } from "../api/index.js";
import { currentPlace, type EntityState } from "../app/index.js";
import { type Occurrence, otherEntities } from "../review/index.js";
import { useApp, useStore, useWork } from "./context.js";
import { useServerPicture } from "./use-picture.js";

/** Maximum number of entities to list that name an entity. */
const MAX_NAMED_BY = 8;

/** Shows all facts about an entity from the knowledge base, and its relations to other entities. */
export function EntityFacts({
  id,
  state,
}: {
  readonly id: string;
  readonly state: EntityState;
}): JSX.Element {
  const detailed = useStore(useApp().details.watch(id));
  const others = useOtherEntities();
  if (state.kind !== "found") return <p class="facts">{id}</p>;
  const { aliases = [], properties = {}, url } = state.entity;
  const relations = detailed.kind === "found" ? detailed.entity.relations : undefined;
  return (
    <dl class="facts">
      {aliases.length > 0 && <Fact name="also called" values={aliases.map((text) => ({ text }))} />}
      {Object.entries(properties).map(([property, values]) => (
        <Fact
          key={property}
          name={toWords(property)}
          values={values.map((text) => ({
            text,
            entities: relations?.values.find((one) => one.property === property && one.value === text)
              ?.entities,
          }))}
          others={others}
        />
      ))}
      {relations !== undefined && relations.namedBy.length > 0 && (
        <NamedBy relations={relations} others={others} />
      )}
      {detailed.kind === "failed" && <Fact name="relations" values={[{ text: "could not be loaded" }]} />}
      <Fact name="id" values={[{ text: id }]} />
      {url !== undefined && isWebAddress(url) && (
        <div>
          <dt>source</dt>
          <dd>
            <a href={url} target="_blank" rel="noopener noreferrer">
              {url}
            </a>
          </dd>
        </div>
      )}
    </dl>
  );
}

type OtherEntities = ReadonlyMap<string, Occurrence>;

/** Returns the entities of the other names of the current caption. */
function useOtherEntities(): OtherEntities {
  const work = useWork();
  const place = currentPlace(work);
  if (place === undefined) return new Map();
  return otherEntities(place.item, work.linkings.get(place.item.id), place.index);
}

type Relations = NonNullable<EntityAnswer["relations"]>;
type RelatedEntity = Relations["namedBy"][number]["entity"];

interface Value {
  readonly text: string;
  /** The entities that the value names. */
  readonly entities?: readonly RelatedEntity[] | undefined;
}

interface FactProps {
  readonly name: string;
  readonly values: readonly Value[];
  readonly others?: OtherEntities;
}

function Fact({ name, values, others = new Map() }: FactProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {values.map(({ text, entities = [] }, index) => {
          const end = index + 1 < values.length ? ", " : "";
          if (entities.length > 0)
            return <Reference key={index} text={text} entities={entities} others={others} end={end} />;
          return (
            <Fragment key={index}>
              <bdi>{text}</bdi>
              {end}
            </Fragment>
          );
        })}
      </dd>
    </div>
  );
}

interface NamedByProps {
  readonly relations: Relations;
  readonly others: OtherEntities;
}

/** Shows the entities that name an entity, first those of the caption's other names. */
function NamedBy({ relations: { namedBy, namedByCount }, others }: NamedByProps): JSX.Element {
  const rank = ({ id }: RelatedEntity): number => {
    const other = others.get(id);
    return other === undefined ? 2 : other.isLinked ? 0 : 1;
  };
  const shown = [...namedBy].sort((a, b) => rank(a.entity) - rank(b.entity)).slice(0, MAX_NAMED_BY);
  const more = namedByCount - shown.length;
  return (
    <div>
      <dt>named by</dt>
      <dd>
        <ul>
          {shown.map(({ properties, entity }) => (
            <li key={entity.id}>
              <span class="soft">{certainty(entity)}</span>
              <Reference text={entity.label} entities={[entity]} others={others}>
                <span class="soft">
                  {" "}
                  (<bdi>{properties.map(toWords).join(", ")}</bdi>)
                </span>
              </Reference>
            </li>
          ))}
          {more > 0 && <li class="soft">and {more.toLocaleString("en")} more</li>}
        </ul>
      </dd>
    </div>
  );
}

interface ReferenceProps {
  readonly text: string;
  /** The entities that the text may mean. */
  readonly entities: readonly RelatedEntity[];
  readonly others: OtherEntities;
  /** A remark to show after the text. */
  readonly children?: ComponentChildren;
  /** The text between this reference and the next. */
  readonly end?: string;
}

/** Shows a text that names entities as a button, which describes the entities. */
function Reference({ text, entities, others, children, end }: ReferenceProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const other = entities.map(({ id }) => others.get(id)).find((found) => found !== undefined);
  return (
    <>
      <button
        type="button"
        class="link reference"
        title={entities.map((one) => `${certainty(one)}${one.label}: ${about(one)}`).join("\n")}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <bdi>{text}</bdi>
      </button>
      {children}
      {other !== undefined && (
        <>
          {" "}
          <OccurrenceTag {...other} />
        </>
      )}
      {end}
      {isOpen &&
        entities.map((entity) => (
          <span key={entity.id} class="related">
            {certainty(entity)}
            <bdi class="label">{entity.label}</bdi>: <bdi>{about(entity)}</bdi>
          </span>
        ))}
    </>
  );
}

function OccurrenceTag({ name, isLinked }: Occurrence): JSX.Element {
  if (isLinked) return <span class="tag">also in this caption</span>;
  return (
    <span class="tag unsure">
      candidate for “<bdi>{name}</bdi>”
    </span>
  );
}

const about = ({ id, description = "" }: RelatedEntity): string => (description === "" ? id : description);

/** Returns a word if it is not certain that a value means this entity and not another of the same name. */
const certainty = ({ share }: RelatedEntity): string =>
  share === 1 ? "" : share > 0.5 ? "probably " : "maybe ";

/** Converts a property name to words: `almaMater` → `alma mater`. */
const toWords = (name: string): string => name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase();

/** Returns whether a URL is an http(s) URL. A knowledge base may contain any URL, even `javascript:…`. */
const isWebAddress = (url: string): boolean =>
  URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);

interface EntityPictureProps {
  readonly id: string;
  readonly label: string;
  readonly state: EntityState;
}

/**
 * Shows an entity's first picture. If the entity has no picture, shows the first letter of its label. Hidden from
 * screen readers, because the label is next to the picture.
 */
export function EntityPicture({ id, label, state }: EntityPictureProps): JSX.Element {
  const app = useApp();
  const [broken, setBroken] = useState<string>();
  const hasPicture = state.kind === "found" && (state.entity.images?.length ?? 0) > 0;
  const src = useServerPicture(hasPicture ? app.api.entityPicture(id) : undefined);
  return (
    <span class="entity-picture" aria-hidden="true">
      {src !== undefined && src !== broken ? (
        <img src={src} alt="" loading="lazy" decoding="async" onError={() => setBroken(src)} />
      ) : (
        <span class="initial">{initialOf(label)}</span>
      )}
    </span>
  );
}

function initialOf(label: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(label.trim());
  return (first?.segment ?? "?").toLocaleUpperCase();
}
