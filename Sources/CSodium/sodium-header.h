#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/// Ends the process with a message for people; Swift's own traps are silent in a release build.
_Noreturn static inline void sprida_refuse_to_run(const char *message) {
  fputs(message, stderr);
  exit(1);
}
