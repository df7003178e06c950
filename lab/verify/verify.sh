#!/usr/bin/env bash
# Proof by packets: through every tunnel both ways, and nothing in clear outside.

command_verify() {
  use_lab
  export_environment
  verify_tunnels "$@"
}

verify_tunnels() {
  take_stack "$@"
  stack_outputs "$STACK" | run_typescript lab/verify/verify.ts "$ADMIN_KEY" "${REST[@]}"
}

command_leaks() {
  use_lab
  export_environment
  take_stack "$@"
  stack_outputs "$STACK" | run_typescript lab/verify/leaks.ts "${REST[@]}"
}
