#!/usr/bin/env bash
# Installs what the editor's end-to-end tests need: Chromium, Neovim, VS Code (as code-server), the
# extension's and the tests' own packages. What is already there is left alone.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../../.." && pwd)
. "$here/tools.sh"

system_packages() {
    command -v chromium >/dev/null && command -v nvim >/dev/null && return
    local root=()
    [[ $(id -u) == 0 ]] || root=(sudo)
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium neovim fonts-dejavu-core >/dev/null
}

# code-server is VS Code behind a web server. One of VS Code's locked dependencies points to a git
# address; the package registry has the same version, so that is taken instead.
code_server() {
    [[ -e $tojax_tools/installed ]] && return
    rm -rf "$tojax_tools"
    mkdir -p "$tojax_tools"
    cd "$tojax_tools"
    npm init -y >/dev/null
    npm install --ignore-scripts --no-audit --no-fund --loglevel=error "code-server@$code_server_version"
    cd node_modules/code-server/lib/vscode
    node -e '
        const fs = require("fs");
        const lock = JSON.parse(fs.readFileSync("npm-shrinkwrap.json", "utf8"));
        for (const entry of Object.values(lock.packages)) {
            if (entry.resolved?.startsWith("git+")) {
                delete entry.resolved;
                delete entry.integrity;
            }
        }
        fs.writeFileSync("npm-shrinkwrap.json", JSON.stringify(lock, null, 2));
    '
    npm install --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error
    npm rebuild --loglevel=error @vscode/spdlog native-watchdog node-pty
    cd "$tojax_tools"
    npm rebuild --loglevel=error argon2
    touch installed
}

packages() {
    for folder in "$repository/extension" "$here"; do
        [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] && continue
        (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
    done
}

system_packages
(code_server)
packages
