#!/usr/bin/env bash
# Puts the Markdown report into one comment of the pull request, and updates that comment on later runs.
# Whatever goes wrong here is a warning: the result of the check must not depend on a comment.
set -euo pipefail

# GitHub takes 65,536 characters; bytes are never fewer.
readonly body_limit=65536
readonly page_size=100

skip() {
  printf 'no comment: %s\n' "$1"
  exit 0
}

give_up() {
  printf '::warning title=keelcheck::%s\n' "$1"
  exit 0
}

[[ ${KEELCHECK_COMMENT:-true} == true ]] || skip 'switched off'
[[ -n ${KEELCHECK_TOKEN:-} ]] || skip 'no token was given'
[[ -s ${KEELCHECK_MARKDOWN:-} ]] || skip 'there is no Markdown report'
case ${GITHUB_EVENT_NAME:-} in
  pull_request | pull_request_target) ;;
  *) skip 'the event is no pull request' ;;
esac
[[ $KEELCHECK_TOKEN =~ ^[[:graph:]]+$ && $KEELCHECK_TOKEN != *[\"\\]* ]] || give_up 'input token is no token'
key=${KEELCHECK_COMMENT_KEY:-default}
[[ $key =~ ^[A-Za-z0-9._]+(-[A-Za-z0-9._]+)*$ ]] || give_up 'input comment-key may hold letters, digits, dots, underscores and single dashes'
for program in curl jq; do
  command -v "$program" >/dev/null || give_up "the comment needs $program, which this runner has not"
done

# The head is null where the fork was deleted meanwhile.
same_repository=$(jq -r '(.pull_request.head.repo.full_name // "") as $head
  | $head != "" and $head == .pull_request.base.repo.full_name' "${GITHUB_EVENT_PATH:?}") || give_up 'the event file cannot be read'
[[ $same_repository == true ]] || skip 'the pull request comes from a fork'
number=$(jq -r '.pull_request.number' "$GITHUB_EVENT_PATH")
[[ $number =~ ^[1-9][0-9]*$ ]] || give_up 'the event file has no pull request number'

work=$(mktemp -d -- "${RUNNER_TEMP:-/tmp}/keelcheck-comment.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
comments_url=${GITHUB_API_URL:?}/repos/${GITHUB_REPOSITORY:?}/issues
marker="<!-- keelcheck action: $key -->"

# call METHOD URL [FILE]: sends FILE, leaves the answer in $work/answer and its status in $status. The token goes
# through standard input, since arguments can be seen by every process of the machine.
call() {
  local -a options=(--silent --show-error --max-time 30 --request "$1" --output "$work/answer" --write-out '%{http_code}')
  [[ $1 == GET ]] && options+=(--retry 2)
  [[ $# -ge 3 ]] && options+=(--header 'Content-Type: application/json' --data-binary "@$3")
  status=$(printf 'header = "Authorization: Bearer %s"\n' "$KEELCHECK_TOKEN" |
    curl --config - "${options[@]}" --header 'Accept: application/vnd.github+json' \
      --header 'X-GitHub-Api-Version: 2022-11-28' --url "$2" 2>/dev/null) || status=000
}

{
  printf '%s\n' "$marker"
  cat -- "$KEELCHECK_MARKDOWN"
} >"$work/body.md"
if (($(wc -c <"$work/body.md") > body_limit)); then
  printf '%s\nThe report of keelcheck is larger than a comment may be; it is in the summary of the run.\n' "$marker" >"$work/body.md"
fi
jq -Rs '{body: .}' "$work/body.md" >"$work/body.json"

# Only comments of our own account count: anybody can write the marker, and could edit the report afterwards.
comment=''
for ((page = 1; ; page++)); do
  call GET "$comments_url/$number/comments?per_page=$page_size&page=$page"
  [[ $status == 200 ]] || give_up "the comments of the pull request cannot be read (HTTP $status)"
  comment=$(jq -r --arg marker "$marker" --arg author "${KEELCHECK_COMMENT_AUTHOR:-github-actions[bot]}" '
    [.[] | select(.user.login == $author) | select(.body // "" | startswith($marker)) | .id][0] // empty' "$work/answer") ||
    give_up 'the list of comments cannot be understood'
  [[ -n $comment ]] && break
  (($(jq 'length' "$work/answer") < page_size)) && break
done

if [[ $comment =~ ^[0-9]+$ ]]; then
  call PATCH "$comments_url/comments/$comment" "$work/body.json"
  if [[ $status == 200 ]]; then
    printf 'comment %s updated\n' "$comment"
    exit 0
  fi
  # It may have been deleted since the list was read.
  [[ $status == 404 || $status == 410 ]] || give_up "the comment cannot be updated (HTTP $status)"
fi
call POST "$comments_url/$number/comments" "$work/body.json"
[[ $status == 201 ]] || give_up "the comment cannot be written (HTTP $status)"
printf 'comment written\n'
