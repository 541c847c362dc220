#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/// Ends the process with a message for people; Swift's own traps are silent in a release build.
_Noreturn static inline void sprida_refuse_to_run(const char *message) {
  fputs(message, stderr);
  exit(1);
}

/// Keys must not reach the disk in a core file, nor another process of the same user.
static inline void sprida_forbid_dumps(void) {
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
