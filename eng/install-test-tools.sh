#!/usr/bin/env bash
# Installs what the tests need and the machine lacks. When nothing is missing it asks no one, so a second run is quick and works offline.
# Users of it source eng/tools.sh, which puts the folder of unpacked programs on the path.
set -euo pipefail
source "$(dirname "$0")/tools.sh"

# A command (or, with a slash, a file) that is there when nothing has to be done, and the Debian package that brings it.
packages=(
  skopeo skopeo
  podman podman
  buildah buildah
  docker docker.io
  dockerd docker.io
  containerd containerd
  ctr containerd
  runc runc
  conmon conmon
  /usr/lib/cni/loopback containernetworking-plugins
  iptables iptables
  /usr/share/doc/busybox-static busybox-static
  newuidmap uidmap
  strace strace
  nginx nginx-light
  /usr/share/doc/postgresql postgresql
  redis-server redis-server
  mkfs.ext4 e2fsprogs
  curl curl
  htpasswd apache2-utils
  ceph-mon ceph-mon
  ceph-osd ceph-osd
  radosgw radosgw
  ceph ceph-common
  node nodejs
  npm npm
)
azurite=3.35.0 # the newest for Node 20

# Since Debian 13 the docker command is a package of its own, and cosign and oras are packages at all.
debian=$(. /etc/os-release && echo "${VERSION_ID:-13}")
if ((debian >= 13)); then
  packages+=(docker docker-cli cosign cosign oras oras)
fi

have() { if [[ $1 == /* ]]; then [[ -e $1 ]]; else command -v "$1" > /dev/null; fi; }

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

# On an older Debian those two are unpacked from Debian 13's packages into a folder of ours: the programs need only libc.
fetch_from_debian_13() {
  local apt mirror options
  apt=$(mktemp -d)
  mirror=$(apt-get indextargets --format '$(SITE)' 'Identifier: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$tools"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" > "$apt/sources.list"
  options=(-q -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::State::lists="$apt/lists"
    -o Dir::Cache="$apt/cache" -o Acquire::IndexTargets::deb::Translations::DefaultEnabled=false
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o APT::Sandbox::User="$(id -un)")
  apt-get "${options[@]}" update
  (cd "$apt" && apt-get "${options[@]}" download "$@")
  for name in "$@"; do
    dpkg -x "$apt/$name"_*.deb "$apt/$name"
    install "$apt/$name/usr/bin/$name" "$tools/$name"
  done
  rm -rf "$apt"
}

missing=()
for ((i = 0; i < ${#packages[@]}; i += 2)); do
  have "${packages[i]}" || missing+=("${packages[i + 1]}")
done

absent=()
if ((debian < 13)); then
  for name in cosign oras; do
    have "$name" || absent+=("$name")
  done
fi

if ((${#missing[@]} + ${#absent[@]})); then
  as_root apt-get -q -o DPkg::Lock::Timeout=300 update
fi
if ((${#missing[@]})); then
  echo "Installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}"
fi
if ((${#absent[@]})); then
  echo "Fetching ${absent[*]} from Debian 13"
  fetch_from_debian_13 "${absent[@]}"
fi
if ! have azurite-blob; then
  echo "Installing azurite"
  npm install --silent --no-audit --no-fund --prefix "$tools/azurite" "azurite@$azurite"
  ln -sf azurite/node_modules/.bin/azurite-blob "$tools/azurite-blob"
fi
