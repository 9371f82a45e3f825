/* Stands between a program and the disk: notes what is written below one folder, or makes it fail.
 *
 * Loaded with LD_PRELOAD (Linux, glibc). DISK_ROOT is the folder, DISK_TRACE the file that takes the
 * notes (none: nothing is noted), DISK_FAIL "n:kind" makes the n-th call fail, counted from 1; kind
 * is "eio", "enospc", or "short" (a write then takes half of its bytes, anything else is EIO).
 * DISK_COUNT is a file that takes the number of counted calls and the one that failed, at the end.
 * A call counts when it writes or syncs a file of the ledger, or moves one. A note is:
 *     kind (1 byte), dsync (1), path lengths (2 + 2), inode (8), offset (8), size (4), paths, data
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_size;
static int trace = -1;
static char counting[PATH_MAX];
static long count, failing = -1;
static char failure[16], failed[PATH_MAX];

#define REAL(type, name, ...)                                             \
    static type (*real)(__VA_ARGS__);                                     \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static ssize_t put(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    return real(fd, data, size);
}

__attribute__((constructor)) static void begin(void) {
    const char *value = getenv("DISK_ROOT");
    if (value) snprintf(root, sizeof root, "%s", value);
    root_size = strlen(root);
    value = getenv("DISK_TRACE");
    if (value) trace = open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    value = getenv("DISK_COUNT");
    if (value) snprintf(counting, sizeof counting, "%s", value);
    value = getenv("DISK_FAIL");
    if (value) sscanf(value, "%ld:%15s", &failing, failure);
}

/* For a process that is forked from one that has begun already. */
void disk_arm(const char *folder, const char *file, long number, const char *kind) {
    snprintf(root, sizeof root, "%s", folder);
    root_size = strlen(root);
    snprintf(counting, sizeof counting, "%s", file);
    snprintf(failure, sizeof failure, "%s", kind);
    failing = number;
    count = 0;
    failed[0] = 0;
}

/* Written at once when it fails and at the end: the process may be killed in between. */
void disk_tell(void) {
    char line[PATH_MAX + 64];
    if (!counting[0]) return;
    int fd = open(counting, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return;
    int size = snprintf(line, sizeof line, "%ld %s\n", count, failed);
    if (put(fd, line, size) < 0) abort();
    close(fd);
}

__attribute__((destructor)) static void end(void) {
    if (count) disk_tell(); /* a parent that touched nothing leaves the word to its child */
}

static int below(const char *path) {
    return root_size && !strncmp(path, root, root_size) && path[root_size] == '/';
}

/* The absolute path of a handle, "" unless it lies below the folder. */
static void path_of(int fd, char *out) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = root_size ? readlink(link, out, PATH_MAX - 1) : -1;
    out[size > 0 ? size : 0] = 0;
    if (!below(out) && strcmp(out, root)) out[0] = 0;
}

static void absolute(int dir, const char *path, char *out) {
    char base[PATH_MAX];
    if (path[0] == '/') {
        snprintf(out, PATH_MAX, "%s", path);
        return;
    }
    if (dir == AT_FDCWD) {
        if (!getcwd(base, sizeof base)) base[0] = 0;
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
        ssize_t size = readlink(link, base, sizeof base - 1);
        base[size > 0 ? size : 0] = 0;
    }
    size_t size = strlen(base);
    snprintf(out, PATH_MAX, "%s", base);
    snprintf(out + size, PATH_MAX - size, "/%s", path);
}

static void note(char kind, int fd, const char *one, const char *two, int64_t offset,
                 const struct iovec *parts, int number, size_t limit) {
    struct stat found = {0};
    unsigned char head[26];
    uint16_t first = strlen(one), second = strlen(two);
    uint64_t inode;
    uint32_t size = 0;
    if (trace < 0) return;
    if (fd >= 0) fstat(fd, &found);
    inode = found.st_ino;
    for (int i = 0; i < number; i++) size += parts[i].iov_len;
    if (size > limit) size = limit;
    head[0] = kind;
    head[1] = fd >= 0 && (fcntl(fd, F_GETFL) & O_DSYNC) != 0;
    memcpy(head + 2, &first, 2);
    memcpy(head + 4, &second, 2);
    memcpy(head + 6, &inode, 8);
    memcpy(head + 14, &offset, 8);
    memcpy(head + 22, &size, 4);
    put(trace, head, sizeof head);
    put(trace, one, first);
    put(trace, two, second);
    for (int i = 0; i < number && size; i++) {
        size_t part = parts[i].iov_len < size ? parts[i].iov_len : size;
        put(trace, parts[i].iov_base, part);
        size -= part;
    }
}

/* Whether the call is to fail now: 0 no, 1 with errno set, 2 by writing half. */
static int fails(const char *path, int writes) {
    if (failing < 0 && !counting[0]) return 0;
    const char *name = strrchr(path, '/');
    if (strstr(path, "/logs/") || (name && (strstr(name, "control.sock") || strstr(name, "acks"))))
        return 0;
    if (++count != failing) return 0;
    snprintf(failed, sizeof failed, "%s", path);
    disk_tell();
    if (writes && !strcmp(failure, "short")) return 2;
    errno = strcmp(failure, "enospc") ? EIO : ENOSPC;
    return 1;
}

static ssize_t written(int fd, const struct iovec *parts, int number, int64_t at, ssize_t (*go)(int, const struct iovec *, int, int64_t)) {
    char path[PATH_MAX];
    path_of(fd, path);
    if (!path[0]) return go(fd, parts, number, at);
    pthread_mutex_lock(&gate);
    struct iovec half = {parts[0].iov_base, parts[0].iov_len / 2};
    int bad = fails(path, 1);
    ssize_t done = -1;
    int64_t place = at >= 0 ? at : (int64_t)lseek(fd, 0, SEEK_CUR);
    if (fcntl(fd, F_GETFL) & O_APPEND) place = lseek(fd, 0, SEEK_END);
    if (bad == 2) done = go(fd, &half, 1, at);
    else if (!bad) done = go(fd, parts, number, at);
    int error = errno;
    if (done > 0) note('w', fd, path, "", place, parts, number, done);
    pthread_mutex_unlock(&gate);
    errno = error;
    return done;
}

static ssize_t go_write(int fd, const struct iovec *parts, int number, int64_t at) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    (void)at;
    return real(fd, parts, number);
}

static ssize_t go_pwrite(int fd, const struct iovec *parts, int number, int64_t at) {
    REAL(ssize_t, "pwritev", int, const struct iovec *, int, off_t);
    return real(fd, parts, number, at);
}

ssize_t write(int fd, const void *data, size_t size) {
    char path[PATH_MAX];
    if (fd == trace) return put(fd, data, size);
    path_of(fd, path);
    if (!path[0]) return put(fd, data, size);
    struct iovec part = {(void *)data, size};
    return written(fd, &part, 1, -1, go_write);
}

ssize_t writev(int fd, const struct iovec *parts, int number) {
    return written(fd, parts, number, -1, go_write);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    struct iovec part = {(void *)data, size};
    return written(fd, &part, 1, at, go_pwrite);
}

ssize_t pwritev(int fd, const struct iovec *parts, int number, off_t at) {
    return written(fd, parts, number, at, go_pwrite);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return pwrite(fd, data, size, at); }
ssize_t pwritev64(int fd, const struct iovec *p, int n, off64_t at) { return pwritev(fd, p, n, at); }

#define SYNC(name)                                   \
    int name(int fd) {                               \
        REAL(int, #name, int);                       \
        char path[PATH_MAX];                         \
        path_of(fd, path);                           \
        if (!path[0]) return real(fd);               \
        pthread_mutex_lock(&gate);                   \
        int done = fails(path, 0) ? -1 : real(fd);   \
        int error = errno;                           \
        if (!done) note('s', fd, path, "", 0, 0, 0, 0); \
        pthread_mutex_unlock(&gate);                 \
        errno = error;                               \
        return done;                                 \
    }
SYNC(fsync)
SYNC(fdatasync)

int ftruncate(int fd, off_t size) {
    REAL(int, "ftruncate", int, off_t);
    char path[PATH_MAX];
    path_of(fd, path);
    if (!path[0]) return real(fd, size);
    pthread_mutex_lock(&gate);
    int done = fails(path, 0) ? -1 : real(fd, size);
    int error = errno;
    if (!done) note('t', fd, path, "", size, 0, 0, 0);
    pthread_mutex_unlock(&gate);
    errno = error;
    return done;
}
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

int truncate(const char *name, off_t size) {
    int fd = open(name, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    int done = ftruncate(fd, size), error = errno;
    close(fd);
    errno = error;
    return done;
}
int truncate64(const char *name, off64_t size) { return truncate(name, size); }

/* A new name in a folder is noted as "c" with the inode it stands for. */
static int opened(int dir, const char *name, int flags, mode_t mode) {
    REAL(int, "openat", int, const char *, int, ...);
    char path[PATH_MAX];
    struct stat before;
    if (!root_size || !(flags & O_CREAT)) return real(dir, name, flags, mode);
    absolute(dir, name, path);
    if (!below(path)) return real(dir, name, flags, mode);
    pthread_mutex_lock(&gate);
    int is_new = stat(path, &before) != 0;
    int fd = real(dir, name, flags, mode);
    int error = errno;
    if (fd >= 0 && is_new) note('c', fd, path, "", 0, 0, 0, 0);
    else if (fd >= 0 && (flags & O_TRUNC)) note('t', fd, path, "", 0, 0, 0, 0);
    pthread_mutex_unlock(&gate);
    errno = error;
    return fd;
}

#define MODE(last)                    \
    mode_t mode = 0;                  \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list more;                 \
        va_start(more, last);         \
        mode = va_arg(more, mode_t);  \
        va_end(more);                 \
    }
int open(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int openat(int dir, const char *name, int flags, ...) { MODE(flags) return opened(dir, name, flags, mode); }
int openat64(int dir, const char *name, int flags, ...) { MODE(flags) return opened(dir, name, flags, mode); }

static int moved(int from_dir, const char *from, int to_dir, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    char one[PATH_MAX], two[PATH_MAX];
    absolute(from_dir, from, one);
    absolute(to_dir, to, two);
    if (!below(one) && !below(two)) return real(from_dir, from, to_dir, to);
    pthread_mutex_lock(&gate);
    int done = fails(two, 0) ? -1 : real(from_dir, from, to_dir, to);
    int error = errno;
    if (!done) note('r', -1, one, two, 0, 0, 0, 0);
    pthread_mutex_unlock(&gate);
    errno = error;
    return done;
}
int rename(const char *from, const char *to) { return moved(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int a, const char *from, int b, const char *to) { return moved(a, from, b, to); }

/* What only names: "u" a name is taken away, "m" a folder is made. */
static void named(char kind, int done, int dir, const char *name) {
    char path[PATH_MAX];
    int error = errno;
    if (done || !root_size) return;
    absolute(dir, name, path);
    if (below(path)) {
        pthread_mutex_lock(&gate);
        note(kind, -1, path, "", 0, 0, 0, 0);
        pthread_mutex_unlock(&gate);
    }
    errno = error;
}

int unlink(const char *name) {
    REAL(int, "unlink", const char *);
    int done = real(name);
    named('u', done, AT_FDCWD, name);
    return done;
}

int unlinkat(int dir, const char *name, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    int done = real(dir, name, flags);
    named('u', done, dir, name);
    return done;
}

int rmdir(const char *name) {
    REAL(int, "rmdir", const char *);
    int done = real(name);
    named('u', done, AT_FDCWD, name);
    return done;
}

int mkdir(const char *name, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    int done = real(name, mode);
    named('m', done, AT_FDCWD, name);
    return done;
}

int mkdirat(int dir, const char *name, mode_t mode) {
    REAL(int, "mkdirat", int, const char *, mode_t);
    int done = real(dir, name, mode);
    named('m', done, dir, name);
    return done;
}
