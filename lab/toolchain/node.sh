#!/usr/bin/env bash
# Node.js, and the npm packages of package-lock.json.

node_is_usable() {
  local version
  version=$(node --version 2>/dev/null) && at_least "$OLDEST_NODE" "${version#v}" && command -v npm >/dev/null
}

# Debian's Node.js may be too old for everything but fetching another one.
ensure_npm() {
  ! command -v npm >/dev/null || return 0
  { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } ||
    die "Node.js >= $OLDEST_NODE and npm are missing: install them (https://nodejs.org), or run this as root on Debian"
  working "nodejs and npm from Debian"
  logged apt debian_install nodejs npm
}

ensure_node() {
  local version
  if ! node_is_usable; then
    working "Node.js from npm, as lab/toolchain/node/package-lock.json has it"
    logged node install_local_node
    # The shell remembers where the old ones were.
    hash -r
  fi
  version="$(node --version) at $(command -v node)"
  is_current node "$version" || came_from node "$version" "$version"
}

debian_install() {
  apt-get update -q || true
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

# Debian's npm only runs on Debian's node, so the local one gets an npm of its own. Both are checked against
# the lock file in lab/toolchain/node.
install_local_node() {
  local new=$TOOLCHAIN/node.new package
  package=node-linux-$(node_machine)
  rm -rf "$new" &&
    mkdir -p "$new/bin" &&
    cp "$ROOT/lab/toolchain/node/package.json" "$ROOT/lab/toolchain/node/package-lock.json" "$new/" &&
    npm ci --prefix "$new" --ignore-scripts --no-audit --no-fund &&
    ln -s "../node_modules/$package/bin/node" "$new/bin/node" &&
    ln -s ../node_modules/npm/bin/npm-cli.js "$new/bin/npm" &&
    ln -s ../node_modules/npm/bin/npx-cli.js "$new/bin/npx" &&
    "$new/bin/node" --version &&
    rm -rf "$TOOLCHAIN/node" &&
    mv "$new" "$TOOLCHAIN/node"
}

node_machine() {
  case $(uname -m) in
    x86_64) echo x64 ;;
    aarch64) echo arm64 ;;
    *) die "no engine for $(uname -m): use x86_64 or aarch64" ;;
  esac
}

# npm removes the stamp together with the packages it belongs to.
ensure_packages() {
  local stamp=$ROOT/node_modules/.toolchain-lock wanted
  wanted=$(fingerprint package-lock.json package.json)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    is_current packages "$wanted" || came_from packages "npm ci" "$wanted"
    return
  fi
  working "npm ci"
  # Install scripts are left out: what they fetch or compile is either optional or one of the steps here.
  logged npm npm --prefix "$ROOT" ci --ignore-scripts --no-audit --no-fund
  printf '%s\n' "$wanted" >"$stamp"
  came_from packages "npm ci" "$wanted"
}

npm_parts() {
  step "npm packages" ensure_packages
  step "libvirt SDK" ensure_sdk
}

ensure_sdk() {
  local wanted
  wanted=$(cd "$ROOT/sdks/libvirt" && find . -type f -not -path './bin/*' -not -path './bin.new/*' -not -path './node_modules/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  ! is_current sdk "$wanted" || [ ! -f "$ROOT/sdks/libvirt/bin/index.js" ] || return 0
  working "compiled from sdks/libvirt"
  logged sdk compile_sdk
  came_from sdk "compiled from sdks/libvirt" "$wanted"
}

# What the SDK's own postinstall script does, with the compiler of package.json; npm may not run that script.
compile_sdk() {
  local sdk=$ROOT/sdks/libvirt
  rm -rf "$sdk/bin.new" &&
    "$ROOT/node_modules/.bin/tsc" --project "$sdk" --types node --outDir "$sdk/bin.new" &&
    cp "$sdk/package.json" "$sdk/bin.new/" &&
    rm -rf "${sdk:?}/bin" &&
    mv "$sdk/bin.new" "$sdk/bin"
}
