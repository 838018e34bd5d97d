import type { JSX } from "preact";
import type { BeforeAfter } from "../review/index.js";

/** How far the name alone carries a candidate, and what the caption's other names add or take away. */
export function Bar({ own, all }: Pick<BeforeAfter, "own" | "all">): JSX.Element {
  const [low, high] = own < all ? [own, all] : [all, own];
  return (
    <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="rail" width="100" height="6" rx="1" />
      <rect class={own <= all ? "gained" : "lost"} x="0" width={100 * high} height="6" />
      <rect class="own" x="0" width={100 * low} height="6" />
    </svg>
  );
}

interface ScoresProps {
  readonly row: BeforeAfter;
  readonly together: boolean;
}

/** The same in figures, with the rank before when it was another. */
export function Scores({ row, together }: ScoresProps): JSX.Element {
  const { before, after, all, rankBefore, rankAfter } = row;
  if (all === 0 && before === undefined) {
    return (
      <span class="scores" title="Too unlike the name for the network to have looked at it">
        <span aria-hidden="true">–</span>
        <span class="sr">not looked at by the network</span>
      </span>
    );
  }
  if (!together) return <span class="scores">{after.toFixed(2)}</span>;
  const moved = rankBefore !== undefined && rankBefore !== rankAfter;
  return (
    <span class="scores">
      {moved && (
        <span class={rankAfter < rankBefore ? "moved up" : "moved down"}>
          <span aria-hidden="true">{rankAfter < rankBefore ? "▲" : "▼"}</span> was {ordinal(rankBefore)},{" "}
        </span>
      )}
      {before === undefined ? "–" : before.toFixed(2)} <span class="sr">by itself,</span>
      <span aria-hidden="true"> → </span>
      {all === 0 ? "–" : after.toFixed(2)} <span class="sr">with the other names</span>
    </span>
  );
}

function ordinal(rank: number): string {
  const ending = { one: "st", two: "nd", few: "rd", other: "th", many: "th", zero: "th" };
  return `${rank}${ending[new Intl.PluralRules("en", { type: "ordinal" }).select(rank)]}`;
}
