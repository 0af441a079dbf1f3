# To be sourced: where the tests find the programs that eng/install-test-tools.sh unpacks, and those for the administrator.
# Outside the repository, so that a new clone finds them too.
tools=${XDG_CACHE_HOME:-$HOME/.cache}/berth-test-tools
export PATH=$tools:$PATH:/usr/sbin:/sbin
