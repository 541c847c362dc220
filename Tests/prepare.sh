# Sourced by Tests/run and Examples/run: the system libraries, and one way to build.
# A single configuration, so that whichever runs second reuses what the first has built.
configuration=release

# Installs what is missing; without root it says how and exits 2.
prepare_machine() {
  local missing=() package
  for package in libsodium-dev libsqlite3-dev libzstd-dev "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ]; then
      printf 'Missing: %s. Run this, then try again:\n  sudo apt-get install -y %s\n' \
        "${missing[*]}" "${missing[*]}" >&2
      exit 2
    fi
    printf 'Installing %s\n' "${missing[*]}"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"; } \
      >.build/apt.log 2>&1 || { cat .build/apt.log >&2; exit 2; }
  fi
  command -v swift >/dev/null || {
    echo 'Swift is missing: install the toolchain from swift.org (6.2 or later) and try again.' >&2
    exit 2
  }
}

# Builds with a line of progress; the whole log only when it fails.
build() {
  local log=.build/build.log start=$SECONDS
  printf 'Building (%s); the first time takes several minutes\n' "$configuration"
  swift build -c "$configuration" --explicit-target-dependency-import-check error "$@" \
    >"$log" 2>&1 &
  local builder=$!
  trap 'kill "$builder" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$builder" 2>/dev/null; do
    if [ -t 1 ]; then
      printf '\r\033[K%4ds  %s' $((SECONDS - start)) "$(tail -n 1 "$log" | cut -c1-70)"
    elif [ $(((SECONDS - start) % 60)) -eq 59 ]; then
      printf '%4ds  %s\n' $((SECONDS - start)) "$(tail -n 1 "$log" | cut -c1-70)"
    fi
    sleep 1
  done
  trap - INT TERM
  [ ! -t 1 ] || printf '\r\033[K'
  wait "$builder" || { grep -E 'error:|warning:' "$log" || cat "$log"; exit 1; } >&2
  printf 'Built in %d s\n' $((SECONDS - start))
}
