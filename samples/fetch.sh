#!/usr/bin/env bash
# Fetches an export from Dintero's API into a new folder. docs/FETCHING.md explains it.
set -euo pipefail

usage='usage: fetch.sh FROM TO FOLDER [transactions] [orders] [sessions] [settlements]

  FROM, TO  first and last day, YYYY-MM-DD, both included, in UTC
  FOLDER    a new folder; without names of lists, all four are fetched into it

environment:
  DINTERO_ACCOUNT         P or T and 8 digits
  DINTERO_CLIENT_ID       of an API client that may read these lists
  DINTERO_CLIENT_SECRET
  DINTERO_API             default https://api.dintero.com/v1
  DINTERO_CHECKOUT        default https://checkout.dintero.com/v1
  FETCH_TRIES             attempts for a request, default 6
  FETCH_WAIT              seconds before the second attempt, default 2, doubled each time'

fail() {
  printf 'fetch.sh: %s\n' "$1" >&2
  exit 1
}

misused() {
  printf 'fetch.sh: %s\n%s\n' "$1" "$usage" >&2
  exit 2
}

is_day() { [[ $1 =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]]; }

[[ $# -ge 3 ]] || misused 'FROM, TO and FOLDER are missing'
from=$1 to=$2 folder=${3%/}
shift 3
lists=("$@")
[[ $# -gt 0 ]] || lists=(transactions orders sessions settlements)
for list in "${lists[@]}"; do
  case $list in
    transactions | orders | sessions | settlements) ;;
    *) misused "there is no list named $list" ;;
  esac
done
{ is_day "$from" && is_day "$to"; } || misused 'a day is written YYYY-MM-DD'
[[ ! $from > $to ]] || misused 'FROM is later than TO'
[[ ! -e $folder && ! -L $folder ]] || misused "$folder exists already"
account=${DINTERO_ACCOUNT:-}
[[ $account =~ ^[PT][0-9]{8}$ ]] || misused 'DINTERO_ACCOUNT is P or T and 8 digits'
[[ -n ${DINTERO_CLIENT_ID:-} ]] || misused 'DINTERO_CLIENT_ID is not set'
[[ -n ${DINTERO_CLIENT_SECRET:-} ]] || misused 'DINTERO_CLIENT_SECRET is not set'
api=${DINTERO_API:-https://api.dintero.com/v1}
checkout=${DINTERO_CHECKOUT:-https://checkout.dintero.com/v1}
tries=${FETCH_TRIES:-6} first_wait=${FETCH_WAIT:-2} longest_wait=300
for tool in curl jq; do
  command -v "$tool" >/dev/null || fail "$tool is not installed"
done

# The files hold names and addresses of payers. Everything is collected under a hidden name beside the folder and renamed at the end.
umask 077
parent=$(dirname "$folder")
mkdir -p "$parent"
work=$(mktemp -d "$parent/.fetching-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$work/out"
body=$work/body headers=$work/headers

# A value in a configuration of curl: secrets on a command line could be seen by other users.
quoted() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

retry_after() {
  local seconds
  seconds=$(tr -d '\r' <"$headers" | sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9]\{1,6\}\) *$/\1/p' | tail -n 1)
  printf '%s' "${seconds:-0}"
}

# get URL CONFIGURATION [OPTION...]: leaves the answer in $body, or ends the script.
get() {
  local url=$1 configuration=$2 shown=${1%%\?*} try wait=$first_wait status pause
  shift 2
  for ((try = 1; ; try++)); do
    : >"$headers"
    : >"$body"
    status=$(curl --silent --connect-timeout 20 --max-time 300 --output "$body" --dump-header "$headers" \
      --write-out '%{http_code}' --config <(printf '%s' "$configuration") "$@" "$url") || status=000
    case $status in
      200) return 0 ;;
      000 | 408 | 429 | 5??) ;;
      401 | 403) fail "$shown: $status, the API client may not read this" ;;
      *) fail "$shown: $status" ;;
    esac
    ((try < tries)) || fail "$shown: ${status/000/no whole answer}, $tries attempts"
    pause=$(retry_after)
    ((pause <= longest_wait)) || fail "$shown: $status, to be asked again in $pause seconds only"
    ((pause > wait)) || pause=$wait
    sleep "$pause"
    wait=$((wait * 2))
    ((wait <= longest_wait)) || wait=$longest_wait
  done
}

# ask URL: with the token.
ask() { get "$1" "header = $(quoted "Authorization: Bearer $token")"; }

of_body() { jq -r "$@" "$body"; }

sign_in() {
  local grant
  grant=$(jq -cn --arg audience "$api_audience" '{grant_type: "client_credentials", audience: $audience}')
  get "$api/accounts/$account/auth/token" "user = $(quoted "$DINTERO_CLIENT_ID:$DINTERO_CLIENT_SECRET")" \
    --header 'Content-Type: application/json' --data "$grant"
  token=$(of_body '.access_token // empty' 2>/dev/null) || token=
  [[ -n $token ]] || fail 'no access token in the answer'
}

# The records of a page: of a bare array, or of the list that a page names.
records_of='(if type == "array" then . else (.transactions // .orders // .sessions // .settlements // .items) end)
  | if type == "array" then . else error("not a page") end'

# pages NAME URL CURSOR: fetches all pages; CURSOR makes the query of the next page of a page, or nothing.
pages() {
  local name=$1 url=$2 cursor=$3 number=0 total=0 count next query=''
  mkdir -p "$work/out/$name"
  : >"$work/cursors"
  while :; do
    ask "$url$query"
    count=$(of_body "$records_of | length" 2>/dev/null) || count=
    [[ $count =~ ^[0-9]+$ ]] || fail "$name: page $((number + 1)) is not a list"
    ((count > 0)) || break
    number=$((number + 1)) total=$((total + count))
    next=$(of_body "$cursor") || fail "$name: page $number does not say how to go on"
    mv "$body" "$work/out/$name/$(printf 'page-%05d.json' "$number")"
    [[ -n $next ]] || break
    ! grep -Fxq -- "$next" "$work/cursors" || fail "$name: page $number leads back to an earlier page"
    printf '%s\n' "$next" >>"$work/cursors"
    query="&$next"
  done
  printf '%-13s %7d in %d pages\n' "$name" "$total" "$number"
}

# each_of NAME FILTER: a line for each record of the pages.
each_of() {
  local page
  for page in "$work/out/$1"/page-*.json; do
    [[ ! -e $page ]] || jq -r "$records_of | .[] | $2" "$page" || fail "$1: $page cannot be used"
  done
}

# A page with a token says where the next one begins, and that there is none; any other is followed by what comes after
# its last record.
after_last='if type == "object" and (has("next_page_token") or has("page_token"))
  then (.next_page_token // .page_token // empty) | "page_token=" + @uri
  else '$records_of' | last | (.order_id // .id // error("no id")) | "starting_after=" + @uri end'

# The list of settlements goes on after a pair.
after_pair='.last_evaluated_key // empty | select(. != {}) | (.id // error("no id")) as $id
  | (.settled_at // .created_at // error("no date")) as $date
  | "starting_after_id=" + ($id | @uri) + "&starting_after_date=" + ($date | @uri)'

window() { printf '%s.gte=%sT00:00:00Z&%s.lte=%sT23:59:59.999Z' "$1" "$from" "$1" "$to"; }

fetch_transactions() { pages transactions "$checkout/transactions?limit=100&$(window created_at)" "$after_last"; }

fetch_sessions() { pages sessions "$checkout/sessions?limit=100&$(window created_at)" "$after_last"; }

fetch_orders() {
  local orders=$api/accounts/$account/shopping/orders id collection count=0
  pages orders "$orders?limit=100&$(window created_at)" "$after_last"
  each_of orders '.order_id // ""' >"$work/ids"
  while IFS= read -r id; do
    case $id in
      '' | .* | */*) fail "the order id '$id' cannot be the name of a folder" ;;
    esac
    mkdir -p "$work/out/orders/$id"
    for collection in authorizations captures refunds cancellations; do
      ask "$orders/$(jq -rn --arg id "$id" '$id | @uri')/$collection"
      of_body -e ".$collection | type == \"array\"" >/dev/null 2>&1 || fail "$id/$collection is not a list"
      of_body -e '[.next_page_token, .page_token, .starting_after, .last_evaluated_key] | all(. == null)' >/dev/null ||
        fail "$id/$collection has more pages, and it is not known how to ask for them"
      mv "$body" "$work/out/orders/$id/$collection.json"
    done
    count=$((count + 1))
  done < <(sort -u "$work/ids")
  printf '%-13s %7d orders\n' operations "$count"
}

fetch_settlements() {
  local settlements=$api/accounts/$account/settlements id attachment link reports=0
  pages settlements "$settlements?limit=1000&$(window item_created_at)" "$after_pair"
  each_of settlements '.id as $id
    | [.attachments[]? | select((.extension // "" | ascii_downcase) == "json" or (.content_type // "" | test("json")))]
    | if length == 0 then "\($id)\t" else .[] | "\($id)\t\(.id)" end' >"$work/ids"
  while IFS=$'\t' read -r id attachment; do
    [[ $id =~ ^[A-Za-z0-9._-]+$ && $attachment =~ ^[A-Za-z0-9._-]*$ ]] || fail "a settlement has the id '$id'"
    if [[ -z $attachment ]]; then
      printf 'fetch.sh: settlement %s has no report in JSON\n' "$id" >&2
      continue
    fi
    ask "$settlements/$id/attachments/$attachment"
    link=$(of_body 'if has("transactions") then empty else .url // empty end') || fail "the report of $id is not JSON"
    if [[ -n $link ]]; then
      [[ ${link%%:*} == "${api%%:*}" ]] || fail "the report of $id has a link that is not ${api%%:*}"
      # The link is signed; the token stays here.
      get "$link" ''
    fi
    of_body -e '.transactions | type == "array"' >/dev/null 2>&1 || fail "the report of $id has no lines"
    reports=$((reports + 1))
    mv "$body" "$work/out/settlements/$id-$attachment.json"
  done <"$work/ids"
  printf '%-13s %7d\n' reports "$reports"
}

api_audience=https://api.dintero.com/v1/accounts/$account
sign_in
for list in "${lists[@]}"; do "fetch_$list"; done
[[ ! -e $folder ]] || fail "$folder exists now"
mv "$work/out" "$folder"
