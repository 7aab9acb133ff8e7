# Where setup.sh puts the editor and where run.sh finds it; sourced by both.
code_server_version=4.96.4
tojax_tools=${TOJAX_EDITOR_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/tojax/code-server-$code_server_version}
