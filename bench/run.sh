#!/usr/bin/env bash
# Measures the numbers that Berth has to reach, prints each beside its target, and fails when one is not met.
#
#   bench/run.sh                      everything: under half an hour, two cores, 15 GB of disk under artifacts/
#   bench/run.sh peers mixed          some parts only
#   bench/run.sh --publish            also writes the table and the plots into docs/performance.md
#   BERTH_BENCH_SCALE=0.01 bench/run.sh    a hundredth of the operations, objects and sizes: does the script work? Its figures mean nothing.
#
# Parts: peers clients sizes start mixed growth push-large push-parallel pull nodes. The server runs on core 0, the load on core 1;
# in the part "mixed" both share both. This is no test: what it finds depends on the machine and on what else runs there.
# Leaves results.jsonl, results.md and the plots in artifacts/bench.
set -euo pipefail
cd "$(dirname "$0")/.."
source eng/tools.sh

publish=()
if [ "${1:-}" = --publish ]; then
    publish=(--publish docs/performance.md)
    shift
fi
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(peers clients sizes start mixed growth push-large push-parallel pull nodes)
scale=${BERTH_BENCH_SCALE:-1}
if [ "$scale" != 1 ] && [ ${#publish[@]} -gt 0 ]; then
    echo "a short run is not to be published" >&2
    exit 2
fi

out=$PWD/artifacts/bench
results=$out/results.jsonl
server=$PWD/artifacts/berth/Berth.Server.dll # as an operator would install it
load=$PWD/artifacts/bin/Berth.Bench/release/Berth.Bench.dll
source bench/servers.sh
trap stop EXIT

scaled() { # number: what is left of it in a short run, which is a few at least
    awk -v whole="$1" -v scale="$scale" 'BEGIN { part = int(whole * scale); few = whole < 4 ? whole : 4; print part < few ? few : part }'
}

bench() { taskset -c "$load_cores" dotnet "$load" "$@"; }

load() { # server, label, operations, command...: one measurement
    local name=$1 label=$2 operations
    operations=$(scaled "$3")
    shift 3
    bench "$@" --of "${name%%:*}" --url "${url_of[$name]}" --pid "${pid_of[$name]}" --label "$label" \
        --operations "$operations" --warm-up $((operations / 5)) --json "$results"
}

compare() { # label, operations of Berth, operations of docker-registry, which takes longer, command...: one after the other
    load berth "$1" "$2" "${@:4}"
    load docker-registry "$1" "$3" "${@:4}"
}

rounds() { # count, function: in rounds, so that what else the machine does meets all alike
    local round
    for ((round = 1; round <= $1; round++)); do
        "$2"
    done
}

# A virtual machine's memory is slow until it was written to once; everything that moves large blobs gets the same, fast one.
touch_memory() {
    dd if=/dev/zero of="$out/data/touched" bs=1M count="$(scaled 6144)" status=none
    rm "$out/data/touched"
}

# Against docker-registry, and against the least that any server could do: a constant from Kestrel, nginx's sendfile, plain system calls.
part_peers() {
    touch_memory
    start_berth berth 5610 "$out/data/berth"
    start_docker_registry 5611
    start_constant 5612
    start_bare 5613
    start_nginx 5614
    bench write-blob --folder "$out/data/nginx" --size 64M
    tags=$(scaled 2000)
    for name in berth docker-registry; do
        bench fill --url "${url_of[$name]}" --tags "$tags" --repositories "$(scaled 497)" # and those of the image, the images and the tags
    done
    rounds 5 round_of_peers
    stop
}

round_of_peers() {
    load constant constant 20000 constant
    compare manifest-get 20000 2000 manifest-get
    compare manifest-get-by-digest 20000 2000 manifest-get --by digest
    compare manifest-head 20000 2000 manifest-head
    compare blob-head 20000 2000 blob-head
    compare ping 20000 2000 ping
    load berth tags-page 5000 tags-page --expect "$tags"
    load docker-registry tags-page 300 tags-page --expect "$tags" --unordered # it knows no pages of tags
    compare catalog-page 5000 100 catalog-page
    compare image-push 100 50 image-push
    compare image-pull 1000 100 image-pull
    compare retag 500 250 retag
    compare blob-push-4K 500 250 blob-push --size 4K
    compare blob-push-4K-16-clients 1000 600 blob-push --size 4K --clients 16
    load bare blob-push-16M 16 blob-push --size 16M
    compare blob-push-16M 16 12 blob-push --size 16M
    compare blob-push-16M-chunked 8 6 blob-push --size 16M --form chunked --chunk 1M
    load nginx blob-get-64M 24 blob-get --size 64M
    compare blob-get-64M 16 12 blob-get --size 64M
    compare blob-get-range 5000 500 blob-get --size 64M --range 64K
}

# Throughput against clients.
part_clients() {
    start_berth berth 5615 "$out/data/berth"
    start_docker_registry 5616
    rounds 3 round_of_clients
    stop
}

round_of_clients() {
    local clients
    for clients in 1 4 16 64 256; do
        compare clients-manifest-get 20000 2000 manifest-get --clients "$clients"
        compare clients-blob-push 1000 500 blob-push --size 4K --clients "$clients"
    done
}

# Cost against size.
part_sizes() {
    local size
    touch_memory
    start_berth berth 5617 "$out/data/berth"
    start_docker_registry 5618
    start_bare 5619
    start_nginx 5620
    for size in 1K 32K 1M 32M "$(scaled 1024)M"; do
        bench write-blob --folder "$out/data/nginx" --size "$size"
    done
    rounds 3 round_of_sizes
    stop
}

round_of_sizes() {
    local name size operations peer
    while read -r size operations peer; do
        for name in berth nginx; do
            load "$name" size-blob-get "$operations" blob-get --size "$size" --at "$(numfmt --from=iec "$size")"
        done
        load docker-registry size-blob-get "$peer" blob-get --size "$size" --at "$(numfmt --from=iec "$size")"
    done <<<"1K 10000 1000
32K 10000 1000
1M 1000 300
32M 30 20
$(scaled 1024)M 2 2"
    while read -r size operations; do
        for name in berth docker-registry bare; do
            load "$name" size-blob-push "$operations" blob-push --size "$size" --at "$(numfmt --from=iec "$size")"
        done
    done <<<"1K 300
32K 300
1M 100
16M 10
$(scaled 256)M 2"
}

# From the start of the process to the first answer, and the memory of a server that nobody uses.
part_start() {
    rounds 5 start_empty
    stop
}

start_empty() { measure_start start "$out/data/$RANDOM$RANDOM" 5 0; }

measure_start() { # label, folder, seconds to leave it alone, objects in the folder
    berth_program 5621 "$2"
    bench start --url http://127.0.0.1:5621 --label "$1" --at "$4" --idle "$3" --json "$results" -- \
        bash -c 'exec "$@" >>"$0" 2>&1' "$out/start.log" "${program[@]}"
}

# Server and load on the same two cores.
part_mixed() {
    server_cores=0,1
    load_cores=0,1
    start_berth berth 5622 "$out/data/berth"
    rounds 3 round_of_mixed
    stop
    server_cores=0
    load_cores=1
}

round_of_mixed() { load berth mixed 20000 mixed --clients 64; }

# The same requests of stores of different sizes.
part_growth() {
    local whole port=5623
    objects=()
    for whole in 1000 10000 100000 1000000; do
        objects+=("$(scaled "$whole")")
    done
    for count in "${objects[@]}"; do
        dotnet "$load" seed --folder "$out/data/$count" --tags "$count" --repositories "$((count / 10))" --manifests "$count"
    done
    rounds 3 start_seeded
    for count in "${objects[@]}"; do
        start_berth "berth:$count" $((port++)) "$out/data/$count"
    done
    rounds 3 round_of_growth
    stop
}

start_seeded() { measure_start start-seeded "$out/data/${objects[-1]}" 1 "${objects[-1]}"; }

round_of_growth() {
    local count
    for count in "${objects[@]}"; do
        load "berth:$count" growth-tags-page 5000 tags-page --expect "$count" --at "$count"
        load "berth:$count" growth-catalog-page 5000 catalog-page --at "$count"
        load "berth:$count" growth-referrers 10000 referrers --at "$count"
        load "berth:$count" growth-image-push 50 image-push --at "$count"
    done
}

alone() { # server, label, operations, command...: on a server that was just started
    touch_memory
    case $1 in
        berth) start_berth berth 5628 "$out/data/berth" ;;
        bare) start_bare 5629 ;;
    esac
    load "$@"
    stop
}

part_push-large() {
    local push=(blob-push --size "$(scaled 4096)M" --form)
    alone bare push-large 1 "${push[@]}" streamed
    alone berth push-large 1 "${push[@]}" streamed
    alone berth push-large-encoded 1 "${push[@]}" encoded
}

part_push-parallel() {
    local push=(blob-push --size 64M --clients 32 --form)
    alone bare push-parallel 64 "${push[@]}" streamed
    alone berth push-parallel 64 "${push[@]}" streamed
    alone berth push-parallel-encoded 64 "${push[@]}" encoded
}

part_pull() {
    local large=(2 blob-get --size "$(scaled 4096)M") parallel=(128 blob-get --size 64M --blobs "$(scaled 32)" --clients 32)
    alone bare pull-large "${large[@]}"
    alone berth pull-large "${large[@]}"
    alone bare pull-parallel "${parallel[@]}"
    alone berth pull-parallel "${parallel[@]}"
}

part_nodes() {
    start_postgres 5633
    start_bucket 5634
    start_node berth:1 5635
    load berth:1 bucket-push-large 1 blob-push --size "$(scaled 4096)M" --form streamed
    nodes=(1)
    nodes_label=node-alone
    rounds 5 pull_from_nodes
    start_node berth:2 5636
    start_node berth:3 5637
    nodes=(1 2 3)
    nodes_label=nodes-together
    rounds 5 pull_from_nodes
    stop
}

pull_from_nodes() {
    local node
    for node in "${nodes[@]}"; do
        load "berth:$node" "$nodes_label-manifest" 20000 manifest-get
        load "berth:$node" "$nodes_label-blob" 32 blob-get --size 16M --blobs 4 --clients 4 --repository bench/small
    done
}

for part in "${parts[@]}"; do
    declare -F "part_$part" >/dev/null || { echo "no part $part: see the head of $0" >&2; exit 2; }
done

bench/install-peers.sh
case $(uname -m) in aarch64) machine=arm64 ;; *) machine=x64 ;; esac
dotnet publish -c Release -r "linux-$machine" src/Berth.Server -o "$(dirname "$server")"
dotnet build -c Release bench/Berth.Bench
rm -rf "$out"
mkdir -p "$out/data"
for part in "${parts[@]}"; do
    "part_$part"
done

echo
peers="$(docker-registry --version | grep -o 'v\?[0-9]\S*$' | sed 's/^/docker-registry /'), $(nginx -v 2>&1 | sed 's/.*: //')"
bench judge "$results" --folder "$out" --peers "$peers" "${publish[@]}"
