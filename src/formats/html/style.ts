/** Style sheet of all pages. It supports small screens and dark mode. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5b6470; --line: #dde1e6; --paper: #fbfbfa; --card: #fff;
  --accent: #0b62a8; --good: #19734a; --bad: #b3261e; --mark: #fff0c2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3abb5; --line: #343a41; --paper: #16191c; --card: #1e2226;
  --accent: #7db8ea; --good: #6fcf9f; --bad: #ff9d94; --mark: #574a1c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0 0 .4rem; }
.lead, .soft, footer { color: var(--soft); } .lead { margin: 0 0 1.2rem; } footer { margin-top: 3rem; font-size: .85rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 0 0 1rem; }
.caption { font-size: 1.1rem; margin: 0 0 .8rem; } .caption mark { background: var(--mark); color: inherit; border-radius: .2rem; padding: 0 .15rem; }
.mentions { columns: 19rem 2; column-gap: 1.5rem; margin-bottom: -1rem; } .mentions > div { break-inside: avoid; padding-bottom: 1rem; }
.mentions > div:only-child { column-span: all; } .mentions + details { margin-top: 1.4rem; }
.badge { display: inline-block; font-size: .78rem; line-height: 1.5; padding: 0 .5rem; border-radius: 1rem; border: 1px solid currentColor; font-weight: 400; max-width: 100%; }
.good { color: var(--good); } .bad { color: var(--bad); } .changed { color: var(--accent); }
ol.candidates { list-style: none; margin: .4rem 0 0; padding: 0; } ol.candidates li { padding: .35rem 0; border-top: 1px solid var(--line); }
ol.candidates li { display: flex; gap: .6rem; } ol.candidates li > div { flex: 1; min-width: 0; }
.picture { flex: none; object-fit: contain; background: #fff; border: 1px solid var(--line); border-radius: .35rem; width: 2.6rem; height: 2.6rem; }
.picture.none { border-style: dashed; background: none; } .pictured { display: flex; gap: 1rem; align-items: flex-start; } .pictured > .picture { width: auto; height: auto; max-width: min(10rem, 40%); max-height: 7rem; margin: 0 0 .8rem; }
.mentions .who { display: flex; gap: .6rem; align-items: flex-start; } .mentions .who > div { min-width: 0; }
ol.candidates .row { display: flex; gap: .5rem; justify-content: space-between; align-items: baseline; }
ol.candidates .first { font-weight: 600; } .about { font-size: .85rem; color: var(--soft); margin: 0; } .because { font-size: .85rem; color: var(--accent); margin: 0 0 .4rem; } a { color: var(--accent); } .candidates a { color: inherit; text-decoration-color: var(--soft); }
summary { cursor: pointer; } .change { border-top: 1px solid var(--line); margin-top: .8rem; padding-top: .8rem; } .change p { margin: 0 0 .2rem; }
.figure { font-variant-numeric: tabular-nums; white-space: nowrap; font-size: .88rem; color: var(--soft); } p.figure { white-space: normal; margin: .4rem 0 0; }
.bar { display: block; width: 100%; height: .5rem; margin-top: .25rem; } .bar .part { fill: var(--accent); } .bar .rail { fill: var(--line); }
.tiles { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); margin: 0 0 1rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .7rem .9rem; }
.tile b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; } .tile span { color: var(--soft); font-size: .85rem; }
.wide { overflow-x: auto; } .wide table { overflow-wrap: normal; white-space: nowrap; } table { border-collapse: collapse; width: 100%; font-size: .92rem; } th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; } th { color: var(--soft); font-weight: 500; white-space: nowrap; }
td.text, th.text { text-align: left; } figure { margin: 0 0 1.4rem; } figure svg { display: block; max-width: 100%; height: auto; background: none; color: var(--ink); }
.narrow { display: none; } @media (max-width: 42rem) { .narrow { display: block; } .broad { display: none; } }
figcaption { color: var(--soft); font-size: .85rem; }
main:has(> #totals) { display: flex; flex-direction: column; } main:has(> #totals) > * { min-width: 0; } #totals { order: -1; }
.anchor { float: right; margin: -.4rem 0 0 .8rem; font-size: .8rem; max-width: 45%; } .anchor a { color: var(--soft); text-decoration: none; } .anchor a:hover, .anchor a:focus { text-decoration: underline; }
.card { scroll-margin-top: 1rem; } .card:focus { outline: none; } .card:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
#browse { display: flex; flex-wrap: wrap; gap: .6rem .8rem; } #browse[hidden] { display: none; } #browse label, #pager label { color: var(--soft); font-size: .85rem; } #browse .grow { flex: 1 1 14rem; }
#browse label[hidden] { display: none; } #browse input, #browse select { display: block; width: 100%; margin-top: .15rem; }
input, select, button { font: inherit; font-size: .95rem; min-height: 2.3rem; padding: .2rem .6rem; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
input, select, label { color: var(--ink); } button { cursor: pointer; } button:disabled { color: var(--soft); cursor: default; opacity: .6; } #found { margin: .6rem 0; font-size: .9rem; min-height: 1.4em; }
#pager { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; justify-content: center; } #pager[hidden] { display: none; } #pager input { width: 5rem; }
.why { margin-top: .5rem; font-size: .85rem; } .why summary { color: var(--soft); } .why th { white-space: normal; vertical-align: bottom; } .why th, .why td { padding: .25rem .4rem; }
`;
