import { lines, MANAGED } from "./text";

/**
 * root's ~/.profile, read by login shells. ENV names the file that interactive ones read (ksh(1));
 * it has to be exported, and its name must be there when ~ is not yet expanded: hence $HOME.
 */
export const PROFILE = lines(
  MANAGED,
  "PATH=/sbin:/usr/sbin:/bin:/usr/bin:/usr/local/sbin:/usr/local/bin",
  "HOME=${HOME:-/root}",
  "ENV=$HOME/.kshrc",
  "export PATH HOME ENV",
  "umask 022",
);

/** root's ~/.kshrc, read by every interactive ksh that finds it in ENV. */
export const KSHRC = lines(
  MANAGED,
  "# The system's own settings first; a machine without them is fine too.",
  "[ ! -f /etc/ksh.kshrc ] || . /etc/ksh.kshrc",
  "set -o emacs",
  "HISTFILE=$HOME/.sh_history",
  "HISTSIZE=2000",
  "# A line that starts with a blank is not kept: the way to type a secret.",
  "HISTCONTROL=ignoredups:ignorespace",
  "PS1='\\u@\\h:\\w\\$ '",
  "alias ll='ls -la'",
  "alias state='gwctl state'",
);
