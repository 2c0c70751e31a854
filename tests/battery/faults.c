/* Preloaded into a process, makes the n-th operation that changes a file below FAULTS_UNDER fail, as a bad disk would.
   Built and steered by tests/battery/faulty.py; counts write, pwrite, fsync, fdatasync, (f)truncate and rename. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int armed, failing, lasting, count;

void fault_arm(int n, int error, int last) { count = 0; armed = n; failing = error; lasting = last; }
int fault_count(void) { return count; }

static int below(const char *path) {
    const char *under = getenv("FAULTS_UNDER");
    return armed && under && path && strncmp(path, under, strlen(under)) == 0;
}

static int below_fd(int fd) {
    char link[64], path[PATH_MAX];
    if (!armed) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

static int fails(int counts) {
    if (!counts) return 0;
    count++;
    if (count == armed || (lasting && count > armed)) { errno = failing; return 1; }
    return 0;
}

#define REAL(name, type) static __typeof__(type) real; if (!real) real = (__typeof__(type))dlsym(RTLD_NEXT, #name)

#define WRITE(name) \
    ssize_t name(int fd, const void *data, size_t size) { \
        REAL(name, ssize_t (*)(int, const void *, size_t)); \
        return fails(below_fd(fd)) ? -1 : real(fd, data, size); }
#define PWRITE(name) \
    ssize_t name(int fd, const void *data, size_t size, off_t at) { \
        REAL(name, ssize_t (*)(int, const void *, size_t, off_t)); \
        return fails(below_fd(fd)) ? -1 : real(fd, data, size, at); }
#define SYNC(name) \
    int name(int fd) { \
        REAL(name, int (*)(int)); \
        return fails(below_fd(fd)) ? -1 : real(fd); }
#define FTRUNCATE(name) \
    int name(int fd, off_t size) { \
        REAL(name, int (*)(int, off_t)); \
        return fails(below_fd(fd)) ? -1 : real(fd, size); }
#define TRUNCATE(name) \
    int name(const char *path, off_t size) { \
        REAL(name, int (*)(const char *, off_t)); \
        return fails(below(path)) ? -1 : real(path, size); }

WRITE(write)
PWRITE(pwrite)
PWRITE(pwrite64)
SYNC(fsync)
SYNC(fdatasync)
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)
TRUNCATE(truncate)
TRUNCATE(truncate64)

int rename(const char *from, const char *to) {
    REAL(rename, int (*)(const char *, const char *));
    return fails(below(to)) ? -1 : real(from, to);
}
