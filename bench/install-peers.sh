#!/usr/bin/env bash
# Unpacks what Berth is compared with, docker-registry and nginx, from Debian's packages into the folder of eng/tools.sh: nothing is
# installed and no service is started. What is on the path already stays as it is.
set -euo pipefail
source "$(dirname "$0")/../eng/tools.sh"

unpack() { # package, its program
    if command -v "$(basename "$2")" >/dev/null; then return; fi
    local folder
    folder=$(mktemp -d)
    (cd "$folder" && apt-get -q -o APT::Sandbox::User="$(id -un)" download "$1" && dpkg -x "$1"_*.deb .)
    mkdir -p "$tools"
    install "$folder$2" "$tools"
    rm -rf "$folder"
}

unpack docker-registry /usr/bin/docker-registry
unpack nginx /usr/sbin/nginx
