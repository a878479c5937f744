#!/usr/bin/env bash
# Runs `keelcheck check` once for all reports and ends with its exit code.
# Outputs: exit-code, sarif, markdown (paths of the reports, empty where there is none).
set -euo pipefail

# The most that GitHub takes as the summary of one step.
readonly summary_limit=1048576

fail() {
  printf '::error title=keelcheck::%s\n' "$1"
  printf 'exit-code=2\nsarif=\nmarkdown=\n' >>"$GITHUB_OUTPUT"
  exit 2
}

: "${GITHUB_OUTPUT:?}"
binary=${KEELCHECK_BINARY:?}
directory=${KEELCHECK_WORKING_DIRECTORY:-.}
[[ $directory == *$'\n'* ]] && fail 'input working-directory is not one path'
[[ $directory == /* ]] || directory=${GITHUB_WORKSPACE:-$PWD}/$directory
cd -- "$directory" 2>/dev/null || fail 'input working-directory is no folder'

reports=${RUNNER_TEMP:-/tmp}/keelcheck-reports
mkdir -p -- "$reports"
reports=$(mktemp -d -- "$reports/run.XXXXXX")

arguments=(check)
[[ -n ${KEELCHECK_CONFIG:-} ]] && arguments+=("--config=$KEELCHECK_CONFIG")
case ${KEELCHECK_FAIL_ON:-} in
  '') ;;
  error | warning | info | never) arguments+=("--fail-on=$KEELCHECK_FAIL_ON") ;;
  *) fail 'input fail-on is none of error, warning, info, never' ;;
esac

# Split at white space only: a name like `*` must not become the files of this folder.
IFS=$' \t\r\n' read -r -d '' -a environments <<<"${KEELCHECK_ENVIRONMENTS:-}" || true
for environment in ${environments[@]+"${environments[@]}"}; do
  arguments+=("--environment=$environment")
done

markdown='' sarif=''
while IFS= read -r format; do
  format=${format%$'\r'}
  format=${format#"${format%%[![:space:]]*}"}
  format=${format%"${format##*[![:space:]]}"}
  case $format in
    '') continue ;;
    github | terminal) ;;
    markdown) format=markdown=$reports/keelcheck.md ;;
    sarif) format=sarif=$reports/keelcheck.sarif ;;
    json) format=json=$reports/keelcheck.json ;;
    *=?*) ;;
    *) fail 'input formats has a line that is neither a known FORMAT nor FORMAT=FILE' ;;
  esac
  file=${format#*=}
  case $format in
    markdown=/* | sarif=/*) printf -v "${format%%=*}" '%s' "$file" ;;
    markdown=* | sarif=*) printf -v "${format%%=*}" '%s' "$PWD/$file" ;;
  esac
  arguments+=("--format=$format")
done <<<"${KEELCHECK_FORMATS:-github}"

# A report of an earlier run must not pass for this one's.
for report in "$markdown" "$sarif"; do
  [[ -n $report ]] && rm -f -- "$report"
done

exit_code=0
"$binary" "${arguments[@]}" 2>"$reports/errors.txt" || exit_code=$?

# The runner obeys commands on standard error too, and error texts quote files of the repository.
if [[ -s $reports/errors.txt ]]; then
  pause=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$pause"
  cat -- "$reports/errors.txt"
  printf '\n::%s::\n' "$pause"
fi

[[ -n $markdown && ! -s $markdown ]] && markdown=''
[[ -n $sarif && ! -s $sarif ]] && sarif=''
if [[ $exit_code -ne 0 && $exit_code -ne 1 ]]; then
  printf '::error title=keelcheck::the check could not complete (exit code %s); the log says why\n' "$exit_code"
fi

if [[ ${KEELCHECK_SUMMARY:-true} == true && -n $markdown && -n ${GITHUB_STEP_SUMMARY:-} ]]; then
  if (($(wc -c <"$markdown") <= summary_limit)); then
    cat -- "$markdown" >>"$GITHUB_STEP_SUMMARY"
  else
    printf 'The report of keelcheck is larger than a step summary may be; it is in the file of the output `markdown`.\n' >>"$GITHUB_STEP_SUMMARY"
  fi
fi

printf 'exit-code=%s\nsarif=%s\nmarkdown=%s\n' "$exit_code" "$sarif" "$markdown" >>"$GITHUB_OUTPUT"
exit "$exit_code"
