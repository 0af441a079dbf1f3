#!/usr/bin/env bash
# Shows where Berth's CPU goes: the functions that it runs in, and the paths that lead there.
#
#   bench/profile.sh manifest-get [option...]      or push-large, push-parallel, pull-large, with options of Berth.Bench
#
# Needs Linux perf. Everything is compiled by the JIT (no ReadyToRun), since only such code has names in perf's map.
# Leaves artifacts/bench-profile/perf.data for `perf report`, and two tables: self.txt and tree.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || { echo "usage: $0 manifest-get|push-large|push-parallel|pull-large [option...]" >&2; exit 2; }
out=$PWD/artifacts/bench-profile
url=http://127.0.0.1:5615

dotnet build -c Release src/Berth.Server
dotnet build -c Release bench/Berth.Bench
rm -rf "$out"
mkdir -p "$out/data"

DOTNET_PerfMapEnabled=1 DOTNET_ReadyToRun=0 \
    REGISTRY_HTTP_ADDR=127.0.0.1:5615 REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=$out/data REGISTRY_LOG_LEVEL=warn \
    taskset -c 0 dotnet artifacts/bin/Berth.Server/release/Berth.Server.dll serve >"$out/berth.log" 2>&1 &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$out/data" "/tmp/perf-$server.map" "/tmp/perfinfo-$server.map"' EXIT

bench() { taskset -c 1 dotnet artifacts/bin/Berth.Bench/release/Berth.Bench.dll "$@" --url "$url" --pid "$server"; }

# Bring the hot paths to their last tier before anything is recorded.
case $1 in
    push-* | pull-*) bench "$1" --size 64 --operations 16 ;;
    *) bench "$@" ;;
esac

perf record --quiet -e cpu-clock -F 999 -g -p "$server" -o "$out/perf.data" &
recorder=$!
bench "$@"
kill -INT "$recorder"
wait "$recorder" || true

perf report -i "$out/perf.data" --no-children -g none --percent-limit 0.5 --stdio 2>/dev/null >"$out/self.txt"
perf report -i "$out/perf.data" --children -g none --percent-limit 1 --stdio 2>/dev/null >"$out/tree.txt"
grep -v '^#' "$out/self.txt" | head -40
echo "more: $out/self.txt (by function), $out/tree.txt (with what it calls)"
