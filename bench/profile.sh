#!/usr/bin/env bash
# Shows where Berth's CPU goes: the functions that it runs in, and what is on the stack then.
#
#   bench/profile.sh manifest-get [option...]      or any other load of Berth.Bench, with its options
#
# Needs Linux perf. Everything is compiled by the JIT and at one address, since only such code has names in perf's map: the
# shares are those of a normal run, the absolute costs are not. Leaves perf.data and profile.txt in artifacts/bench-profile.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || { echo "usage: $0 manifest-get|blob-push|blob-get|... [option...]" >&2; exit 2; }
out=$PWD/artifacts/bench-profile
url=http://127.0.0.1:5615

dotnet build -c Release src/Berth.Server
dotnet build -c Release bench/Berth.Bench
rm -rf "$out"
mkdir -p "$out/data"

DOTNET_PerfMapEnabled=1 DOTNET_ReadyToRun=0 DOTNET_EnableWriteXorExecute=0 \
    REGISTRY_HTTP_ADDR=127.0.0.1:5615 REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=$out/data REGISTRY_LOG_LEVEL=warn \
    taskset -c 0 dotnet artifacts/bin/Berth.Server/release/Berth.Server.dll serve >"$out/berth.log" 2>&1 &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$out/data" "/tmp/perf-$server.map" "/tmp/perfinfo-$server.map"' EXIT

bench() { taskset -c 1 dotnet artifacts/bin/Berth.Bench/release/Berth.Bench.dll "$@" --url "$url" --pid "$server"; }

# Bring the hot paths to their last tier before anything is recorded.
case $1 in
    blob-*) bench "$1" --size 64M --operations 16 ;;
    *) bench "$@" && bench "$@" ;;
esac

perf record --quiet -e cpu-clock -F 999 -g -p "$server" -o "$out/perf.data" &
recorder=$!
bench "$@"
kill -INT "$recorder"
wait "$recorder" || true

perf script -i "$out/perf.data" -F comm,tid,time,ip,sym,symoff,dso 2>/dev/null |
    awk -v rows="${ROWS:-40}" -f bench/profile.awk | tee "$out/profile.txt"
