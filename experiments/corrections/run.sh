#!/usr/bin/env bash
# Trains the default model further on 240 corrected captions of an invented archive, with and without captions of Wikidata-MEL beside
# them (replay), and evaluates it on 500 other captions of the archive and on captions held out from Wikidata-MEL. Takes about 15 minutes.
# Needs runs/ of experiments/mini/second.sh, and the entities of a museum as JSON Lines.
set -euo pipefail
cd "$(dirname "$0")/../.."
entities=${1:?usage: run.sh ENTITIES.jsonl}
mmel() { node dist/cli/main.js "$@"; }
here=runs/corrections
npx tsx experiments/corrections/generate.ts "$entities" "$here"
[ -e "$here/museum" ] || mmel kb import "$entities" --kb "$here/museum"
mmel kb export --kb runs/wikimel --output "$here/people.jsonl"
[ -e "$here/kb" ] || mmel kb import "$entities" "$here/people.jsonl" --kb "$here/kb"
# The checkpoint is chosen on a part of the corrections, never on the captions of the check.
head -n 240 "$here/corrected.jsonl" > "$here/learnt.jsonl"
tail -n 60 "$here/corrected.jsonl" > "$here/held-back.jsonl"
head -n 900 runs/both-train.jsonl > "$here/replay.jsonl"
head -n 200 runs/both-dev.jsonl | cat - "$here/held-back.jsonl" > "$here/chosen.jsonl"
for run in replay alone; do
  [ -e "$here/$run/model" ] || mmel train --config "experiments/corrections/$run.json" --output "$here/$run"
done
for weight in 0.5 0.8; do
  for model in mmel-mini-en "$here/replay/model" "$here/alone/model"; do
    source=$([ "$model" = mmel-mini-en ] && echo models/mmel-mini-en || echo "$model")
    rm -rf "$here/converted"
    mmel models convert "$source" --precision I8 --most 8 --least 1 --doubt 0.05 --context-weight "$weight" --output "$here/converted"
    rm -f "$here/converted/calibration.json" # it belongs to the model with its own weight
    mmel evaluate "$here/check.jsonl" --kb "$here/museum" --model "$here/converted"
    tail -n 1500 runs/both-dev.jsonl | mmel evaluate --kb runs/wikimel --model "$here/converted"
  done
done
