/*
 * The process that is supervised in all benchmarks: as small as it can be, so that what is measured is the supervisor.
 * It announces itself by a line "PID MONOTONIC_NS" in an append-only file, then does what BENCH_MODE says:
 *   wait      sleeps until a signal ends it
 *   stubborn  the same, and ignores the signals of a polite stop
 *   crash     exits with 1
 *   flood     waits until somebody opens BENCH_GATE, writes BENCH_BYTES of numbered 100-byte lines, announces itself again
 * It holds BENCH_ALIVE open: whoever reads that pipe sees its end when the last one is gone.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { line_length = 100, lines_per_write = 640 };

static void announce(void) {
  struct timespec now;
  char line[64];
  int file = open(getenv("BENCH_UP"), O_WRONLY | O_APPEND | O_CLOEXEC);
  clock_gettime(CLOCK_MONOTONIC, &now);
  int length = snprintf(line, sizeof line, "%d %lld\n", getpid(), now.tv_sec * 1000000000LL + now.tv_nsec);
  if (write(file, line, length) != length) exit(3);
  close(file);
}

static void flood(long long bytes) {
  static char block[line_length * lines_per_write];
  char number[32];
  long long line = 0;
  close(open(getenv("BENCH_GATE"), O_RDONLY));
  memset(block, 'x', sizeof block);
  for (long long left = bytes / line_length; left > 0;) {
    long long count = left < lines_per_write ? left : lines_per_write;
    for (long long each = 0; each < count; each++) {
      char *start = block + each * line_length;
      snprintf(number, sizeof number, "%012lld ", line++);
      memcpy(start, number, 13);
      start[line_length - 1] = '\n';
    }
    for (long long at = 0; at < count * line_length;) {
      ssize_t written = write(1, block + at, count * line_length - at);
      if (written <= 0) exit(4);
      at += written;
    }
    left -= count;
  }
}

int main(void) {
  const char *mode = getenv("BENCH_MODE");
  if (open(getenv("BENCH_ALIVE"), O_WRONLY | O_NONBLOCK) < 0) exit(2);
  if (strcmp(mode, "stubborn") == 0)
    for (int each = 0; each < 3; each++) signal((int[]){SIGTERM, SIGINT, SIGHUP}[each], SIG_IGN);
  announce();
  if (strcmp(mode, "crash") == 0) return 1;
  if (strcmp(mode, "flood") == 0) {
    flood(atoll(getenv("BENCH_BYTES")));
    announce();
  }
  for (;;) pause();
}
