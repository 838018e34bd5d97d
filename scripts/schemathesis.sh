#!/usr/bin/env bash
# Throws requests made from the service's OpenAPI document at it: scripts/schemathesis.sh [EXAMPLES an address, 25]
# Needs Python with venv and PyPI; not part of .ci/run. What a schema cannot say (offsets that fit the text, paths that stay in
# their folder, base64 that is a picture) makes the service refuse some requests that fit it, so that one check is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet schemathesis
node dist/cli/main.js serve --model lexical --port 0 --log-level error >"$work/address" &
service=$!
until grep -q ' serves ' "$work/address"; do kill -0 "$service"; sleep 0.2; done
url=$(cut -d" " -f1 "$work/address")
cd "$work" && "$work/venv/bin/schemathesis" run "$url/openapi.json" --max-examples "${1:-25}" --seed 1 --no-color \
  --exclude-checks positive_data_acceptance
