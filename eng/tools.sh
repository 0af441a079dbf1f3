# To be sourced: where the tests find the programs that eng/install-test-tools.sh unpacks, and those for the administrator.
tools=$PWD/artifacts/tools
export PATH=$tools:$PATH:/usr/sbin:/sbin
