#!/usr/bin/env bash
# Measures the numbers that Berth has to reach, prints each beside its limit, and fails when one is out of it.
#
#   bench/run.sh                      everything: about fifteen minutes, two cores, 10 GB of disk under artifacts/
#   bench/run.sh manifest pages       some parts only
#
# Parts: push-large push-parallel pull manifest pages nodes. The server runs on core 0, the load on core 1.
# This is no test: what it finds depends on the machine and on what else runs there.
set -euo pipefail
cd "$(dirname "$0")/.."

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(push-large push-parallel pull manifest pages nodes)
rounds=5

out=$PWD/artifacts/bench
results=$out/results.jsonl
pids=()

stop() {
    exec 9>&- # a bucket lives as long as this is open
    local last
    for ((last = ${#pids[@]} - 1; last >= 0; last--)); do # who came last uses those before
        kill "${pids[last]}" 2>/dev/null || true
        wait "${pids[last]}" 2>/dev/null || true
    done
    pids=()
    rm -rf "$out/data"
}
trap stop EXIT

on_core_0() { # log file, command...: starts a server; its process id is then in $pid
    local log=$1
    shift
    taskset -c 0 "$@" >"$log" 2>&1 &
    pid=$!
    pids+=("$pid")
}

start_berth() { # port, folder: starts Berth; its address is then in $url
    url=http://127.0.0.1:$1
    REGISTRY_HTTP_ADDR=127.0.0.1:$1 REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=$2 REGISTRY_LOG_LEVEL=warn \
        on_core_0 "$out/berth-$1.log" dotnet artifacts/bin/Berth.Server/release/Berth.Server.dll serve
}

bench() { taskset -c 1 dotnet artifacts/bin/Berth.Bench/release/Berth.Bench.dll "$@"; }

load() { # label, command...: one measurement of the server in $url and $pid
    local label=$1
    shift
    bench "$@" --url "$url" --pid "$pid" --label "$label" --json "$results"
}

# A virtual machine's memory is slow until it was written to once; every part gets the same, fast one.
touch_memory() {
    dd if=/dev/zero of="$out/data/touched" bs=1M count=6144 status=none
    rm "$out/data/touched"
}

with_fresh_berth() { # label, command...
    mkdir -p "$out/data"
    touch_memory
    start_berth 5610 "$out/data/fresh"
    load "$@"
    stop
}

with_bare() { # label, command...: the same bytes by plain system calls
    mkdir -p "$out/data"
    touch_memory
    url=http://127.0.0.1:5616
    on_core_0 "$out/bare.log" dotnet artifacts/bin/Berth.Bench/release/Berth.Bench.dll serve-bare --url "$url" --folder "$out/data/bare"
    load "$@"
    stop
}

part_push-large() {
    with_bare bare-push-large push-large
    with_fresh_berth push-large push-large
    with_fresh_berth push-large-chunked push-large --chunk 32768
}

part_push-parallel() {
    with_bare bare-push-parallel push-parallel
    with_fresh_berth push-parallel push-parallel
    with_fresh_berth push-parallel-chunked push-parallel --chunk 32768
}

part_pull() {
    with_bare bare-pull-large pull-large
    with_fresh_berth pull-large pull-large
    with_bare bare-pull-parallel pull-large --size 64 --blobs 32 --clients 32 --operations 128
    with_fresh_berth pull-parallel pull-large --size 64 --blobs 32 --clients 32 --operations 128
}

part_manifest() {
    start_berth 5611 "$out/data/manifest"
    local berth=($url $pid)
    on_core_0 "$out/constant.log" dotnet artifacts/bin/Berth.Bench/release/Berth.Bench.dll serve-constant --url http://127.0.0.1:5612
    local constant=(http://127.0.0.1:5612 "$pid")
    for ((round = 1; round <= rounds; round++)); do
        url=${constant[0]} pid=${constant[1]} load constant constant
        url=${berth[0]} pid=${berth[1]} load manifest-tag manifest-get --by tag
        url=${berth[0]} pid=${berth[1]} load manifest-digest manifest-get --by digest
    done
    stop
}

part_pages() {
    bench seed --folder "$out/data/small" --tags 1000 --repositories 1000
    bench seed --folder "$out/data/large" --tags 1000000 --repositories 100000
    start_berth 5613 "$out/data/small"
    local small=($url $pid)
    start_berth 5614 "$out/data/large"
    local large=($url $pid)
    for ((round = 1; round <= rounds; round++)); do
        url=${small[0]} pid=${small[1]} load tags-small tags-page --repository bench/tags --expect 1000
        url=${large[0]} pid=${large[1]} load tags-large tags-page --repository bench/tags --expect 1000000
        url=${small[0]} pid=${small[1]} load catalog-small catalog-page --expect 1000 --operations 5000
        url=${large[0]} pid=${large[1]} load catalog-large catalog-page --expect 100000 --operations 5000
    done
    stop
}

start_postgres() { # port: a server of its own, in memory as far as the kernel likes
    local programs owner=()
    programs=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb | tail -n 1)")
    mkdir -p "$out/data/postgres"
    if ((EUID == 0)); then
        chmod a+x "$out" "$out/data"
        chown postgres "$out/data/postgres"
        owner=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
    fi
    "${owner[@]}" "$programs/initdb" -D "$out/data/postgres/data" -U postgres --auth=trust --no-sync >"$out/postgres.log"
    taskset -c 1 "${owner[@]}" "$programs/postgres" -D "$out/data/postgres/data" -c port="$1" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c fsync=off >>"$out/postgres.log" 2>&1 &
    pids+=("$!")
    until "$programs/pg_isready" -q -h 127.0.0.1 -p "$1"; do sleep 0.2; done
}

start_bucket() { # port: Ceph's object gateway, with the bucket "berth"
    mkfifo "$out/data/bucket-life"
    BERTH_CEPH_BYTES=8589934592 taskset -c 1 eng/ceph-rgw.sh "$out/data/ceph" 5631 5632 "$1" <"$out/data/bucket-life" >"$out/ceph.log" 2>&1 &
    pids+=("$!")
    exec 9>"$out/data/bucket-life"
    until grep -q ready "$out/ceph.log"; do sleep 0.5; done
    curl -fsS -X PUT -H "x-amz-content-sha256: $(sha256sum </dev/null | cut -d" " -f1)" --aws-sigv4 aws:amz:default:s3 --user testkey:testsecret "http://127.0.0.1:$1/berth"
}

start_node() { # port: a node on that database and that bucket; its address is then in $url
    url=http://127.0.0.1:$1
    REGISTRY_HTTP_ADDR=127.0.0.1:$1 REGISTRY_LOG_LEVEL=warn REGISTRY_STORAGE_REDIRECT_DISABLE=true \
        REGISTRY_METADATA_POSTGRES_CONNECTIONSTRING="Host=127.0.0.1;Port=5633;Username=postgres;Database=postgres" \
        REGISTRY_STORAGE_S3_REGIONENDPOINT=http://127.0.0.1:5634 REGISTRY_STORAGE_S3_FORCEPATHSTYLE=true REGISTRY_STORAGE_S3_BUCKET=berth \
        REGISTRY_STORAGE_S3_ACCESSKEY=testkey REGISTRY_STORAGE_S3_SECRETKEY=testsecret \
        on_core_0 "$out/berth-$1.log" dotnet artifacts/bin/Berth.Server/release/Berth.Server.dll serve
}

part_nodes() {
    local port
    start_postgres 5633
    start_bucket 5634
    start_node 5635
    load bucket-push-large push-large
    declare -A node=([$url]=$pid)
    for ((round = 1; round <= rounds; round++)); do
        pull_from_nodes node-alone
    done
    for port in 5636 5637; do
        start_node "$port"
        node[$url]=$pid
    done
    for ((round = 1; round <= rounds; round++)); do
        pull_from_nodes nodes-together
    done
    stop
}

pull_from_nodes() { # label: one round of every node there is
    for url in "${!node[@]}"; do
        pid=${node[$url]} load "$1-manifest" manifest-get --operations 20000 --warm-up 5000
        pid=${node[$url]} load "$1-blob" pull-large --size 16 --blobs 4 --clients 4 --operations 32 --repository bench/small
    done
}

for part in "${parts[@]}"; do
    declare -F "part_$part" >/dev/null || { echo "no part $part: see the head of $0" >&2; exit 2; }
done

dotnet build -c Release src/Berth.Server
dotnet build -c Release bench/Berth.Bench
rm -rf "$out"
mkdir -p "$out/data"
for part in "${parts[@]}"; do
    "part_$part"
done

echo
bench judge "$results"
