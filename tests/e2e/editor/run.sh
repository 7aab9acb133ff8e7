#!/usr/bin/env bash
# Packs the extension and plays the scenarios in VS Code and Neovim.
#
#     setup.sh && run.sh [FILE…]      all scenarios, or those in the files given
#
# TOJAX_PYTHON       a Python that has tojax; default: the repository's .venv
# TOJAX_SCREENSHOTS  where pictures go; default: screenshots/ beside this script
# TOJAX_PATIENCE     milliseconds to wait for anything; default: two minutes
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../../.." && pwd)
. "$here/tools.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export TOJAX_PYTHON=${TOJAX_PYTHON:-$repository/.venv/bin/python}
export TOJAX_SCREENSHOTS=${TOJAX_SCREENSHOTS:-$here/screenshots}
export TOJAX_CODE_SERVER=$tojax_tools
export TOJAX_EXTENSIONS=$work/extensions

(cd "$repository/extension" && npm run --silent package)
HOME=$work node "$tojax_tools/node_modules/code-server/out/node/entry.js" \
    --user-data-dir "$work/data" --extensions-dir "$TOJAX_EXTENSIONS" --config "$work/config.yaml" \
    --install-extension "$repository/extension/tojax.vsix" >/dev/null

cd "$here"
[[ $# -gt 0 ]] || set -- scenarios/*.test.ts neovim/*.test.ts
node_modules/.bin/tsc
node --import tsx --test --test-concurrency=1 --test-reporter=spec "$@"
