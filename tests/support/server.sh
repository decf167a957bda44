#!/bin/sh
# SPDX-License-Identifier: MIT
# Start and stop one private PostgreSQL server for tests.
#
#     server.sh start DIR     make a server in DIR (new or empty) and start it
#     server.sh stop DIR      stop it at once and remove DIR
#
# Everything the server has lives in DIR and it listens on a port of its own,
# so any number of them can run beside each other. `start` leaves in DIR:
#
#     env         what tests read; to be sourced (see write_env)
#     ctl         pg_ctl for this server, as the right user: ctl stop -m fast
#     log         the server's log
#     server.crt  the certificate, which is also its own CA
#     wrong.crt   a CA that did not sign anything
#
# PostgreSQL refuses to run as root: root's servers run as "postgres".
set -eu

fail() {
    echo "server.sh: $*" >&2
    exit 1
}

# Where initdb and postgres are: $CUPEL_PG_BIN, else the newest that Debian
# has installed, else what the PATH finds.
find_bin() {
    if [ -n "${CUPEL_PG_BIN:-}" ]; then
        echo "$CUPEL_PG_BIN"
        return
    fi
    found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    if [ -z "$found" ] && command -v initdb >/dev/null; then
        found=$(dirname "$(readlink -f "$(command -v initdb)")")
    fi
    echo "$found"
}

# Run a command as the user that owns the server, away from a directory that
# this user may not enter.
as_owner() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec runuser -u "$owner" -- "$@")
    else
        (cd / && exec "$@")
    fi
}

make_certificates() {
    for name in server wrong; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
            -nodes -days 3650 -subj "/CN=localhost" \
            -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
            -keyout "$dir/$name.key" -out "$dir/$name.crt" 2>"$dir/openssl.log" ||
            fail "openssl: $(cat "$dir/openssl.log")"
        chmod 600 "$dir/$name.key"
        chmod 644 "$dir/$name.crt"
    done
}

make_cluster() {
    as_owner "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 \
        --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 ||
        fail "initdb: $(cat "$dir/initdb.log")"
    cat >>"$dir/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir'
max_connections = 200
max_prepared_transactions = 10
shared_buffers = 32MB
fsync = off
full_page_writes = off
timezone = 'UTC'
password_encryption = 'scram-sha-256'
ssl = on
ssl_cert_file = '$dir/server.crt'
ssl_key_file = '$dir/server.key'
END
    cat >"$dir/data/pg_hba.conf" <<END
local all all trust
host all postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
END
    {
        echo '#!/bin/sh'
        echo 'cd /'
        if [ "$(id -u)" = 0 ]; then
            echo "set -- runuser -u $owner -- $bin/pg_ctl \"\$@\""
        else
            echo "set -- $bin/pg_ctl \"\$@\""
        fi
        echo "exec \"\$@\" -D $dir/data -l $dir/log -w -s </dev/null"
    } >"$dir/ctl"
    chmod 755 "$dir/ctl"
}

# A port that is free now may be taken when the server asks for it, so the
# server itself is the judge: it does not start without its port.
start_on_some_port() {
    tries=0
    while [ $tries -lt 20 ]; do
        tries=$((tries + 1))
        port=$(od -An -N2 -tu2 /dev/urandom)
        port=$((20000 + port % 12000))
        sed -i '/^port = /d' "$dir/data/postgresql.conf"
        echo "port = $port" >>"$dir/data/postgresql.conf"
        if "$dir/ctl" start 2>"$dir/start.log"; then
            return
        fi
        grep -qs 'Address already in use' "$dir/log" || break
        : >"$dir/log"
    done
    fail "the server did not start: $(cat "$dir/start.log" "$dir/log")"
}

make_users() {
    "$bin/psql" -X -q -h "$dir" -p "$port" -U postgres -d postgres \
        -v ON_ERROR_STOP=1 >/dev/null <<END
CREATE ROLE cupel LOGIN PASSWORD 'p@ss:w/rd';
CREATE DATABASE cupel OWNER cupel;
END
}

# The password is written with the escapes a URL asks for.
write_env() {
    cat >"$dir/env" <<END
export CUPEL_TEST_PG_URL='postgresql://postgres@/cupel?host=$dir&port=$port'
export CUPEL_TEST_PG_TCP_URL='postgresql://cupel:p%40ss%3Aw%2Frd@127.0.0.1:$port/cupel'
export CUPEL_TEST_PG_HOST=127.0.0.1
export CUPEL_TEST_PG_PORT=$port
export CUPEL_TEST_PG_SOCKET_DIR=$dir
export CUPEL_TEST_PG_CA=$dir/server.crt
export CUPEL_TEST_PG_WRONG_CA=$dir/wrong.crt
export CUPEL_TEST_PG_BIN=$bin
export CUPEL_TEST_PG_DATA=$dir/data
export CUPEL_TEST_PG_CTL=$dir/ctl
END
}

start() {
    bin=$(find_bin)
    [ -x "$bin/initdb" ] || fail "no PostgreSQL server (package postgresql)"
    command -v openssl >/dev/null || fail "no openssl (package openssl)"
    owner=postgres
    if [ "$(id -u)" = 0 ] && ! getent passwd "$owner" >/dev/null; then
        owner=nobody
    fi
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    chmod 755 "$dir"
    make_certificates
    if [ "$(id -u)" = 0 ]; then
        chown -R "$owner" "$dir"
    fi
    make_cluster
    start_on_some_port
    make_users
    write_env
}

stop() {
    if [ -x "$dir/ctl" ]; then
        "$dir/ctl" stop -m immediate >/dev/null 2>&1 || true
    fi
    rm -rf "$dir"
}

[ $# = 2 ] || fail "usage: server.sh start|stop DIR"
dir=$2
case $1 in
start) start ;;
stop) stop ;;
*) fail "usage: server.sh start|stop DIR" ;;
esac
