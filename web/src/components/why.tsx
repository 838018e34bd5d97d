import type { JSX } from "preact";
import { beforeAfter, changedByOthers, type WireMentionLink } from "../review/index.js";

interface WhyProps {
  readonly link: WireMentionLink;
  /** Link of the name when the name is linked without the caption's other names. */
  readonly alone: WireMentionLink | undefined;
}

/** Shows where the candidates' order comes from: their scores and ranks without and with the caption's other names. */
export function Why({ link, alone }: WhyProps): JSX.Element {
  const rows = beforeAfter(link.candidates, alone?.candidates);
  return (
    <section class="scores" aria-label="Why">
      <p class="soft">
        {link.because !== undefined && (
          <>
            <bdi>{link.because}</bdi>.{" "}
          </>
        )}
        {changedByOthers(rows)
          ? "The caption’s other names change these scores. "
          : "The caption’s other names do not change these scores. "}
        The probabilities below are computed from the scores and from how well the names agree.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls needs the focus */}
      <section class="scores-table" aria-label="Scores" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Candidate</th>
              <th scope="col">On its own</th>
              <th scope="col">Other names</th>
              <th scope="col">Score</th>
              <th scope="col">Rank</th>
            </tr>
          </thead>
          <tbody>
            {link.candidates.map(({ id, label }, index) => {
              const { before, after, rankBefore, rankAfter } = rows[index]!;
              return (
                <tr key={id}>
                  <th scope="row">
                    <bdi>{label}</bdi>
                  </th>
                  <td>{before === undefined ? <NotScored /> : withSign(before)}</td>
                  <td>{before === undefined ? "" : signed(after - before)}</td>
                  <td>{withSign(after)}</td>
                  <td>
                    {rankAfter}
                    {rankBefore !== undefined && rankBefore !== rankAfter && (
                      <span class="soft"> (was {rankBefore})</span>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </section>
  );
}

const NotScored = (): JSX.Element => (
  <span title="Not scored by the network, because the lexical ranker ruled it out">
    <span aria-hidden="true">–</span>
    <span class="sr">not scored by the network</span>
  </span>
);

/** Formats a number with two decimals and a typographic minus sign. */
const withSign = (value: number): string => value.toFixed(2).replace("-", "−");

/** Formats what the other names add to a score, with its sign. */
function signed(difference: number): string {
  const text = Math.abs(difference).toFixed(2);
  if (text === "0.00") return "0";
  return difference < 0 ? `−${text}` : `+${text}`;
}
