#!/usr/bin/env bash
# An S3 server for tests: Ceph with its object gateway, one process of each, everything in memory, on loopback.
# It runs until its input ends, so that it cannot outlive who started it, and then ends what it started.
# Usage: eng/ceph-rgw.sh FOLDER MON_PORT MON_PORT_V1 S3_PORT    It says "ready" when S3 answers; the keys are testkey and testsecret.
# BERTH_CEPH_BYTES: how much it holds; default: 2 GiB.
set -euo pipefail
folder=$1 mon=$2 mon_v1=$3 port=$4
export PATH=$PATH:/usr/sbin:/sbin
children=()

finish() {
  trap - EXIT TERM INT
  ((${#children[@]})) && kill -9 "${children[@]}" 2> /dev/null # nothing of it is to be kept
  wait
}
trap finish EXIT
trap 'exit 1' TERM INT

mkdir -p "$folder"/{mon,osd,rgw,log,run}
touch "$folder/keyring"
fsid=$(< /proc/sys/kernel/random/uuid)
osd=$(< /proc/sys/kernel/random/uuid)
cat > "$folder/ceph.conf" << CONF
[global]
fsid = $fsid
mon_host = [v2:127.0.0.1:$mon,v1:127.0.0.1:$mon_v1]
mon_initial_members = a
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
run_dir = $folder/run
admin_socket = $folder/run/\$cluster-\$name.asok
log_file = $folder/log/\$name.log
mon_cluster_log_file = $folder/log/cluster.log
keyring = $folder/keyring
ms_bind_ipv6 = false
# Without authentication there is no encryption, which the gateway would wait for, for ever.
ms_mon_client_mode = crc
ms_mon_service_mode = crc
ms_mon_cluster_mode = crc
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_crush_update_on_start = false
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 2000
# However full the disk of the machine is.
mon_data_avail_crit = 1
mon_data_avail_warn = 1
osd_failsafe_full_ratio = 0.995
mon_osd_full_ratio = 0.99
mon_osd_nearfull_ratio = 0.98
mon_osd_backfillfull_ratio = 0.985
# One node has nobody to agree with.
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
[mon.a]
mon_data = $folder/mon
[osd]
osd_data = $folder/osd
osd_objectstore = memstore
memstore_device_bytes = ${BERTH_CEPH_BYTES:-2147483648}
osd_memory_target = 939524096
[client.rgw]
# Without tcp_nodelay each answer waits 40 ms for an acknowledgement.
rgw_frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw_data = $folder/rgw
rgw_enable_usage_log = false
rgw_thread_pool_size = 64
rgw_override_bucket_index_max_shards = 1
rgw_dynamic_resharding = false
CONF
export CEPH_CONF=$folder/ceph.conf CEPH_ARGS="--conf $folder/ceph.conf"

# Runs a command until it succeeds, for a minute at most.
await() {
  for ((i = 0; i < 600; i++)); do
    "$@" && return
    sleep 0.1
  done
  echo "gave up waiting for: $*" >&2
  tail -n 20 "$folder"/log/* >&2
  exit 1
}
answers() { curl --silent --fail --output /dev/null "http://127.0.0.1:$port/"; }
osd_is_up() { ceph osd stat 2> /dev/null | grep -q ' 1 up'; }

monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$mon,v1:127.0.0.1:$mon_v1]" "$folder/monmap" > /dev/null
ceph-mon --mkfs -i a --monmap "$folder/monmap" > /dev/null
ceph-mon -i a -f > "$folder/log/mon.out" 2>&1 &
children+=($!)
id=$(timeout 60 ceph osd new "$osd")
ceph-osd --mkfs -i "$id" --osd-uuid "$osd" > "$folder/log/mkfs.out" 2>&1
ceph osd crush add "osd.$id" 1 root=default host=local > /dev/null 2>&1
ceph-osd -i "$id" -f > "$folder/log/osd.out" 2>&1 &
children+=($!)
await osd_is_up
radosgw -n client.rgw -f > "$folder/log/rgw.out" 2>&1 &
children+=($!)
await answers
radosgw-admin -n client.rgw user create --uid=test --display-name=test --access-key=testkey --secret-key=testsecret > "$folder/user.json" 2> "$folder/log/user.out"
echo ready
cat > /dev/null
