#!/usr/bin/env bash
# Installs what the tests need and the machine lacks. When nothing is missing it asks no one, so a second run is quick and works offline.
# Prints nothing but what it does. The folder eng/tools.sh names must be on the PATH afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
source eng/tools.sh

# command, or file, and the Debian package that brings it
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
  busybox busybox-static
  newuidmap uidmap
)

have() { if [[ $1 == /* ]]; then [[ -e $1 ]]; else command -v "$1" > /dev/null; fi; }

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

missing=()
for ((i = 0; i < ${#packages[@]}; i += 2)); do
  have "${packages[i]}" || missing+=("${packages[i + 1]}")
done

if ((${#missing[@]})); then
  echo "Installing ${missing[*]}"
  as_root apt-get -q -o DPkg::Lock::Timeout=300 update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}"
fi

# cosign and oras came with Debian 13. On an older Debian its packages are unpacked into a folder of ours: the programs need only libc.
fetch_from_debian_13() {
  local apt=$PWD/artifacts/apt mirror options
  mirror=$(apt-get indextargets --format '$(SITE)' 'Identifier: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$tools"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" > "$apt/sources.list"
  options=(-q -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::State::lists="$apt/lists"
    -o Dir::Cache="$apt/cache" -o Acquire::IndexTargets::deb::Translations::DefaultEnabled=false -o APT::Sandbox::User="$(id -un)")
  apt-get "${options[@]}" update
  (cd "$apt" && apt-get "${options[@]}" download "$@")
  for name in "$@"; do
    dpkg -x "$apt/$name"_*.deb "$apt/$name"
    install "$apt/$name/usr/bin/$name" "$tools/$name"
  done
}

absent=()
for name in cosign oras; do
  have "$name" || absent+=("$name")
done

if ((${#absent[@]})); then
  echo "Fetching ${absent[*]} from Debian 13"
  fetch_from_debian_13 "${absent[@]}"
fi
