# To be sourced by run.sh: starts and ends what is measured. Each server has a name; its address is then in url_of, its process in pid_of.

server_cores=0
load_cores=1
declare -A url_of=() pid_of=()
pids=()

stop() {
    exec 9>&- # a bucket lives as long as this is open
    local last
    for ((last = ${#pids[@]} - 1; last >= 0; last--)); do # who came last uses those before
        kill "${pids[last]}" 2>/dev/null || true
        wait "${pids[last]}" 2>/dev/null || true
    done
    pids=() url_of=() pid_of=()
    rm -rf "$out/data"
    mkdir -p "$out/data"
}

started() { # name, port: what was put into the background just now
    url_of[$1]=http://127.0.0.1:$2
    pid_of[$1]=$!
    pids+=("$!")
}

berth_program() { # port, folder: the command that runs Berth is then in $program
    program=(env "REGISTRY_HTTP_ADDR=127.0.0.1:$1" "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=$2" REGISTRY_LOG_LEVEL=warn
        taskset -c "$server_cores" dotnet "$server" serve)
}

start_berth() { # name, port, folder
    berth_program "$2" "$3"
    "${program[@]}" >"$out/$1-$2.log" 2>&1 &
    started "$1" "$2"
}

start_constant() { # port: the least that Kestrel can spend on a manifest
    taskset -c "$server_cores" dotnet "$load" serve-constant --url "http://127.0.0.1:$1" >"$out/constant.log" 2>&1 &
    started constant "$1"
}

start_bare() { # port: the same bytes by plain system calls
    taskset -c "$server_cores" dotnet "$load" serve-bare --url "http://127.0.0.1:$1" --folder "$out/data/bare" >"$out/bare.log" 2>&1 &
    started bare "$1"
}

start_docker_registry() { # port: as Debian configures it, but without passwords, access log and its own port
    cat >"$out/docker-registry.yml" <<END
version: 0.1
log:
  level: error
  accesslog:
    disabled: true
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: $out/data/docker-registry
  delete:
    enabled: true
http:
  addr: 127.0.0.1:$1
END
    taskset -c "$server_cores" docker-registry serve "$out/docker-registry.yml" >"$out/docker-registry.log" 2>&1 &
    started docker-registry "$1"
}

start_nginx() { # port: serves the files under data/nginx
    mkdir -p "$out/data/nginx"
    cat >"$out/nginx.conf" <<END
daemon off;
master_process off;
pid $out/data/nginx.pid;
error_log $out/nginx.log;
events {}
http {
    access_log off;
    sendfile on;
    keepalive_requests 1000000000;
    client_body_temp_path $out/data/nginx-temp;
    proxy_temp_path $out/data/nginx-temp;
    fastcgi_temp_path $out/data/nginx-temp;
    uwsgi_temp_path $out/data/nginx-temp;
    scgi_temp_path $out/data/nginx-temp;
    server {
        listen 127.0.0.1:$1;
        root $out/data/nginx;
    }
}
END
    taskset -c "$server_cores" nginx -e "$out/nginx.log" -c "$out/nginx.conf" &
    started nginx "$1"
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
    taskset -c "$load_cores" "${owner[@]}" "$programs/postgres" -D "$out/data/postgres/data" -c port="$1" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c fsync=off >>"$out/postgres.log" 2>&1 &
    started postgres "$1"
    until "$programs/pg_isready" -q -h 127.0.0.1 -p "$1"; do sleep 0.2; done
}

start_bucket() { # port: Ceph's object gateway, with the bucket "berth"
    mkfifo "$out/data/bucket-life"
    BERTH_CEPH_BYTES=8589934592 taskset -c "$load_cores" eng/ceph-rgw.sh "$out/data/ceph" 5631 5632 "$1" \
        <"$out/data/bucket-life" >"$out/ceph.log" 2>&1 &
    started bucket "$1"
    exec 9>"$out/data/bucket-life"
    until grep -q ready "$out/ceph.log"; do sleep 0.5; done
    curl -fsS -X PUT -H "x-amz-content-sha256: $(sha256sum </dev/null | cut -d" " -f1)" --aws-sigv4 aws:amz:default:s3 \
        --user testkey:testsecret "${url_of[bucket]}/berth"
}

start_node() { # name, port: a node of Berth on that database and that bucket
    REGISTRY_HTTP_ADDR=127.0.0.1:$2 REGISTRY_LOG_LEVEL=warn REGISTRY_STORAGE_REDIRECT_DISABLE=true \
        REGISTRY_METADATA_POSTGRES_CONNECTIONSTRING="Host=127.0.0.1;Port=5633;Username=postgres;Database=postgres" \
        REGISTRY_STORAGE_S3_REGIONENDPOINT=${url_of[bucket]} REGISTRY_STORAGE_S3_FORCEPATHSTYLE=true REGISTRY_STORAGE_S3_BUCKET=berth \
        REGISTRY_STORAGE_S3_ACCESSKEY=testkey REGISTRY_STORAGE_S3_SECRETKEY=testsecret \
        taskset -c "$server_cores" dotnet "$server" serve >"$out/$1.log" 2>&1 &
    started "$1" "$2"
}
