#!/usr/bin/env bash
# Trains the default model further on Wikidata-MEL and Richpedia-MEL, averages the weights from before and after, calibrates and evaluates it. This
# takes about 70 minutes on two cores and 5 GB of memory. Run reproduce.sh first, then experiments/pictures/reproduce.sh. After an
# interruption, run the script again to resume.
set -euo pipefail
cd "$(dirname "$0")/../.."
mmel() { node dist/cli/main.js "$@"; }
data=../shared/data
npx tsx experiments/mini/training-data.ts "$data/wikimel" "$data/richpedia" runs/both-data
[ -e runs/both ] || mmel kb import runs/both-data --format wikimel --kb runs/both
for split in train dev test; do
  [ -e "runs/both-$split.jsonl" ] || mmel dataset convert runs/both-data --format wikimel --split "$split" --output "runs/both-$split.jsonl"
done
head -n 500 runs/both-dev.jsonl | cat - <(head -n 500 runs/both-test.jsonl) > runs/choose.jsonl
if [ -e runs/second/state ]; then mmel train --resume runs/second; else
  rm -rf runs/second
  mmel train --config experiments/mini/second.json --output runs/second
fi
mmel models convert runs/second/model --average runs/new --context-weight 0.5 --output runs/second-mean
mmel calibrate runs/dev.jsonl --kb runs/wikimel --model runs/second-mean
mmel evaluate runs/dev.jsonl --kb runs/wikimel --model runs/second-mean --train runs/train.jsonl
