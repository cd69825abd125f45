#!/usr/bin/env bash
# Back up the portal, or put a backup back: database, uploaded files and the hash of each.
#
#   backup.sh make             writes BACKUP_ROOT/<time, UTC>
#   backup.sh restore FOLDER   replaces the database and the uploaded files by that backup's
#   backup.sh verify FOLDER    checks a backup against its own hashes
#
# Reads DATABASE_URL, MEDIA_ROOT, BACKUP_ROOT (and BACKUP_DAYS, how long to keep; 30 days). Of the
# last 24 hours every backup is kept, of each day before that the last one.
set -euo pipefail
umask 077

: "${DATABASE_URL:?}" "${MEDIA_ROOT:?}" "${BACKUP_ROOT:?}"

verify() {
    (cd "$1" && sha256sum --quiet --strict --check SHA256SUMS)
}

make_backup() {
    local name
    name=$(date -u +%Y-%m-%dT%H-%M-%SZ)
    # Not local: the trap runs when the function's own variables are gone.
    unfinished="$BACKUP_ROOT/.unfinished-$name"
    mkdir -p "$BACKUP_ROOT" "$MEDIA_ROOT"
    mkdir "$unfinished"
    trap 'rm -rf "$unfinished"' EXIT
    # The database first: a file uploaded meanwhile is then an extra one, never a missing one.
    pg_dump --format=custom --no-owner --dbname="$DATABASE_URL" --file="$unfinished/database.dump"
    # tar says 1 when a file came or went while it read: what it wrote is whole all the same.
    tar --create --file="$unfinished/media.tar" --directory="$MEDIA_ROOT" . || [[ $? == 1 ]]
    # Hashes of what is in the archive, so that they agree with it whatever happens beside.
    tar --extract --file="$unfinished/media.tar" --to-command='
        printf "%s  %s\n" "$(sha256sum | cut -d " " -f 1)" "$TAR_FILENAME"' \
        >"$unfinished/media.sha256"
    (cd "$unfinished" && sha256sum database.dump media.tar media.sha256 >SHA256SUMS)
    verify "$unfinished"
    mv "$unfinished" "$BACKUP_ROOT/$name"
    thin_out
    echo "$BACKUP_ROOT/$name"
}

thin_out() {
    local first day_ago folder day later_day=""
    first=$(date -u -d "${BACKUP_DAYS:-30} days ago" +%Y-%m-%dT%H-%M-%SZ)
    day_ago=$(date -u -d "24 hours ago" +%Y-%m-%dT%H-%M-%SZ)
    # Names are times, so their order is the order in time: newest first.
    while IFS= read -r folder; do
        day=${folder%%T*}
        if [[ $folder < $first ]] || [[ $folder < $day_ago && $day == "$later_day" ]]; then
            rm -rf "${BACKUP_ROOT:?}/$folder"
        fi
        [[ $folder < $day_ago ]] && later_day=$day
    done < <(find "$BACKUP_ROOT" -mindepth 1 -maxdepth 1 -type d -name '20*Z' -printf '%f\n' | sort -r)
    return 0
}

# The database as the dump has it and nothing else. An upgrade may have added tables that hold on
# to those of the dump, so the schema goes whole; in one transaction, so that nothing goes if the
# dump cannot be read to its end.
put_database_back() {
    # Not local: the trap runs when the function's own variables are gone.
    script=$(mktemp)
    trap 'rm -f "$script"' EXIT
    pg_restore --no-owner --no-privileges --file="$script" "$1"
    psql --no-psqlrc --quiet --output=/dev/null --single-transaction \
        --set=ON_ERROR_STOP=1 --set=VERBOSITY=terse --dbname="$DATABASE_URL" \
        --command='SET client_min_messages = warning' \
        --command='DROP SCHEMA public CASCADE' --command='CREATE SCHEMA public' --file="$script"
}

restore() {
    local from="$1" hashes
    [[ -d $from ]] || from="$BACKUP_ROOT/$1"
    verify "$from"
    put_database_back "$from/database.dump"
    mkdir -p "$MEDIA_ROOT"
    find "$MEDIA_ROOT" -mindepth 1 -delete
    tar --extract --file="$from/media.tar" --directory="$MEDIA_ROOT"
    if [[ -s $from/media.sha256 ]]; then
        hashes=$(realpath "$from/media.sha256")
        (cd "$MEDIA_ROOT" && sha256sum --quiet --strict --check "$hashes")
    fi
    echo "Restored $from"
}

case "${1:-} ${2:-}" in
"make ") make_backup ;;
"restore "?*) restore "$2" ;;
"verify "?*) verify "$2" ;;
*)
    sed -n '2,8p' "$0" >&2
    exit 2
    ;;
esac
