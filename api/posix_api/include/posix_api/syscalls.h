/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The POSIX API: one function for each Linux system call that some program needs, called directly by the C library.
 * This list is the only one. From it the C library's port makes its system-call header: what stands here is called, what
 * does not goes to ax_sys_missing(). So a prototype fits on one line, begins with `long ax_sys_`, and names its
 * parameters.
 *
 * Each returns what the Linux system call of the same name returns: a value, or a negated errno (arguments, structures
 * and numbers are those of the Linux ABI for 64-bit machines, abi.h). Thread context, interrupts on. Pointers are
 * trusted: caller and kernel share one address space. A form that does not trust checks before it calls.
 */
#pragma once

#include <posix_api/abi_socket.h>
#include <posix_api/abi_io.h>

#pragma GCC visibility push(default)

/* Reading and writing (io.c) */
long ax_sys_read(int fd, void *buffer, size_t length);
long ax_sys_write(int fd, const void *buffer, size_t length);
long ax_sys_readv(int fd, const struct ax_iovec *vector, int count);
long ax_sys_writev(int fd, const struct ax_iovec *vector, int count);
long ax_sys_pread64(int fd, void *buffer, size_t length, int64_t offset);
long ax_sys_pwrite64(int fd, const void *buffer, size_t length, int64_t offset);
long ax_sys_preadv(int fd, const struct ax_iovec *vector, int count, int64_t offset, long high);
long ax_sys_pwritev(int fd, const struct ax_iovec *vector, int count, int64_t offset, long high);
long ax_sys_sendfile(int out_fd, int in_fd, int64_t *offset, size_t bytes);
long ax_sys_lseek(int fd, int64_t offset, int whence);
long ax_sys_ioctl(int fd, unsigned long request, void *argument);
long ax_sys_fstat(int fd, struct ax_stat *stat);
long ax_sys_getdents64(int fd, void *buffer, size_t length);

/* Descriptors (descriptor.c, limits.c) */
long ax_sys_close(int fd);
long ax_sys_close_range(unsigned first, unsigned last, unsigned flags);
long ax_sys_dup(int fd);
long ax_sys_dup2(int fd, int new_fd);
long ax_sys_dup3(int fd, int new_fd, int flags);
long ax_sys_fcntl(int fd, int command, unsigned long argument);
long ax_sys_getrlimit(int resource, struct ax_rlimit *limit);
long ax_sys_setrlimit(int resource, const struct ax_rlimit *limit);
long ax_sys_prlimit64(int process, int resource, const struct ax_rlimit *limit, struct ax_rlimit *old);

/* Pipes and events (pipe.c, eventfd.c, timerfd.c) */
long ax_sys_pipe(int *descriptors);
long ax_sys_pipe2(int *descriptors, int flags);
long ax_sys_eventfd(unsigned count);
long ax_sys_eventfd2(unsigned count, int flags);
long ax_sys_timerfd_create(int clock, int flags);
long ax_sys_timerfd_settime(int fd, int flags, const struct ax_itimerspec *value, struct ax_itimerspec *old);
long ax_sys_timerfd_gettime(int fd, struct ax_itimerspec *value);

/* Message queues (mqueue.c) */
long ax_sys_mq_open(const char *name, int flags, unsigned mode, const struct ax_mq_attr *attributes);
long ax_sys_mq_unlink(const char *name);
long ax_sys_mq_timedsend(int fd, const char *data, size_t bytes, unsigned priority, const struct ax_timespec *time);
long ax_sys_mq_timedreceive(int fd, char *data, size_t bytes, unsigned *priority, const struct ax_timespec *time);
long ax_sys_mq_getsetattr(int fd, const struct ax_mq_attr *attributes, struct ax_mq_attr *old);
long ax_sys_mq_notify(int fd, const struct ax_sigevent *event);

/* Waiting for descriptors (poll.c, select.c, epoll.c) */
long ax_sys_poll(struct ax_pollfd *fds, unsigned long count, int timeout_ms);
long ax_sys_ppoll(struct ax_pollfd *fds, unsigned long count, const struct ax_timespec *timeout, const uint64_t *mask, size_t mask_bytes);
long ax_sys_select(int limit, uint64_t *readable, uint64_t *writable, uint64_t *urgent, struct ax_timeval *timeout);
long ax_sys_pselect6(int limit, uint64_t *readable, uint64_t *writable, uint64_t *urgent, struct ax_timespec *timeout, const struct ax_sigset_argument *mask);
long ax_sys_epoll_create(int size);
long ax_sys_epoll_create1(int flags);
long ax_sys_epoll_ctl(int epoll_fd, int operation, int fd, const struct ax_epoll_event *event);
long ax_sys_epoll_wait(int fd, struct ax_epoll_event *events, int most, int timeout_ms);
long ax_sys_epoll_pwait(int fd, struct ax_epoll_event *events, int most, int timeout_ms, const uint64_t *mask, size_t mask_bytes);
long ax_sys_epoll_pwait2(int fd, struct ax_epoll_event *events, int most, const struct ax_timespec *timeout, const uint64_t *mask, size_t mask_bytes);

/* Names and attributes (packed.c); with feature `fs` those that follow as well */
long ax_sys_open(const char *path, int flags, unsigned mode);
long ax_sys_openat(int directory, const char *path, int flags, unsigned mode);
long ax_sys_stat(const char *path, struct ax_stat *stat);
long ax_sys_lstat(const char *path, struct ax_stat *stat);
long ax_sys_newfstatat(int directory, const char *path, struct ax_stat *stat, int flags);
long ax_sys_access(const char *path, int mode);
long ax_sys_faccessat(int directory, const char *path, int mode);
long ax_sys_getcwd(char *buffer, size_t length);
long ax_sys_unlink(const char *path);
long ax_sys_rename(const char *from, const char *to);

/* Names (vfs_file.c, vfs_names.c) */
long ax_sys_creat(const char *path, unsigned mode);
long ax_sys_mkdir(const char *path, unsigned mode);
long ax_sys_mkdirat(int directory, const char *path, unsigned mode);
long ax_sys_mknod(const char *path, unsigned mode, unsigned long device);
long ax_sys_mknodat(int directory, const char *path, unsigned mode, unsigned long device);
long ax_sys_rmdir(const char *path);
long ax_sys_unlinkat(int directory, const char *path, int flags);
long ax_sys_renameat(int old_directory, const char *old_path, int new_directory, const char *new_path);
long ax_sys_renameat2(int old_directory, const char *old_path, int new_directory, const char *new_path, unsigned flags);
long ax_sys_link(const char *old_path, const char *new_path);
long ax_sys_linkat(int old_directory, const char *old_path, int new_directory, const char *new_path, int flags);
long ax_sys_symlink(const char *target, const char *path);
long ax_sys_symlinkat(const char *target, int directory, const char *path);
long ax_sys_readlink(const char *path, char *buffer, size_t capacity);
long ax_sys_readlinkat(int directory, const char *path, char *buffer, size_t capacity);
long ax_sys_faccessat2(int directory, const char *path, int mode, int flags);
long ax_sys_chdir(const char *path);
long ax_sys_fchdir(int fd);
long ax_sys_umask(unsigned mask);

/* Attributes, sizes, durability, file systems (vfs_attributes.c) */
long ax_sys_statx(int directory, const char *path, int flags, unsigned mask, struct ax_statx *statx);
long ax_sys_chmod(const char *path, unsigned mode);
long ax_sys_fchmod(int fd, unsigned mode);
long ax_sys_fchmodat(int directory, const char *path, unsigned mode);
long ax_sys_fchmodat2(int directory, const char *path, unsigned mode, int flags);
long ax_sys_chown(const char *path, unsigned uid, unsigned gid);
long ax_sys_lchown(const char *path, unsigned uid, unsigned gid);
long ax_sys_fchown(int fd, unsigned uid, unsigned gid);
long ax_sys_fchownat(int directory, const char *path, unsigned uid, unsigned gid, int flags);
long ax_sys_utimensat(int directory, const char *path, const struct ax_timespec *times, int flags);
long ax_sys_truncate(const char *path, int64_t size);
long ax_sys_ftruncate(int fd, int64_t size);
long ax_sys_fallocate(int fd, int mode, int64_t offset, int64_t length);
long ax_sys_fadvise64(int fd, int64_t offset, int64_t length, int advice);
long ax_sys_fsync(int fd);
long ax_sys_fdatasync(int fd);
long ax_sys_sync(void);
long ax_sys_syncfs(int fd);
long ax_sys_statfs(const char *path, struct ax_statfs *statfs);
long ax_sys_fstatfs(int fd, struct ax_statfs *statfs);

/* Locks on files (vfs_locks.c) */
long ax_sys_flock(int fd, int operation);

/* Time (time.c) */
long ax_sys_clock_gettime(int clock, struct ax_timespec *time);
long ax_sys_clock_settime(int clock, const struct ax_timespec *time);
long ax_sys_clock_getres(int clock, struct ax_timespec *resolution);
long ax_sys_clock_nanosleep(int clock, int flags, const struct ax_timespec *time, struct ax_timespec *left);
long ax_sys_nanosleep(const struct ax_timespec *time, struct ax_timespec *left);
long ax_sys_gettimeofday(struct ax_timeval *time, void *zone);
long ax_sys_times(struct ax_tms *times);
long ax_sys_getrusage(int who, struct ax_rusage *usage);

/* Timers (posix_timer.c) */
long ax_sys_timer_create(int clock, const struct ax_sigevent *event, int *timer);
long ax_sys_timer_settime(int timer, int flags, const struct ax_itimerspec *value, struct ax_itimerspec *old);
long ax_sys_timer_gettime(int timer, struct ax_itimerspec *value);
long ax_sys_timer_getoverrun(int timer);
long ax_sys_timer_delete(int timer);
long ax_sys_setitimer(int which, const struct ax_itimerval *value, struct ax_itimerval *old);
long ax_sys_getitimer(int which, struct ax_itimerval *value);

/* The process, of which there is one (process.c) */
_Noreturn long ax_sys_exit_group(int status);
long ax_sys_getpid(void);
long ax_sys_getppid(void);
long ax_sys_getuid(void);
long ax_sys_geteuid(void);
long ax_sys_getgid(void);
long ax_sys_getegid(void);
long ax_sys_setuid(unsigned id);
long ax_sys_setgid(unsigned id);
long ax_sys_setgroups(size_t count, const unsigned *groups);
long ax_sys_uname(struct ax_utsname *name);
/* No call of Linux's: the name server's address as text. -ENOENT: none is known. */
long ax_sys_name_server(char *text, size_t capacity);
long ax_sys_prctl(int option, unsigned long argument);
long ax_sys_sysinfo(struct ax_sysinfo *info);
long ax_sys_getrandom(void *buffer, size_t length, unsigned flags);

/* Signals (signal_calls.c) */
long ax_sys_rt_sigaction(int signal, const struct ax_sigaction *action, struct ax_sigaction *old, size_t mask_bytes);
long ax_sys_rt_sigprocmask(int how, const uint64_t *set, uint64_t *old, size_t mask_bytes);
long ax_sys_rt_sigpending(uint64_t *set, size_t mask_bytes);
long ax_sys_rt_sigsuspend(const uint64_t *mask, size_t mask_bytes);
long ax_sys_rt_sigtimedwait(const uint64_t *set, struct ax_siginfo *info, const struct ax_timespec *timeout, size_t mask_bytes);
long ax_sys_pause(void);
long ax_sys_sigaltstack(const struct ax_stack *stack, struct ax_stack *old);
long ax_sys_kill(int process, int signal);
long ax_sys_tkill(int thread, int signal);
long ax_sys_tgkill(int process, int thread, int signal);
long ax_sys_rt_sigqueueinfo(int process, int signal, const struct ax_siginfo *info);

/* Sockets (socket.c) */
long ax_sys_socket(int family, int type, int protocol);
long ax_sys_socketpair(int family, int type, int protocol, int *descriptors);
long ax_sys_bind(int fd, const struct ax_sockaddr *address, unsigned length);
long ax_sys_listen(int fd, int backlog);
long ax_sys_accept(int fd, struct ax_sockaddr *address, unsigned *length);
long ax_sys_accept4(int fd, struct ax_sockaddr *address, unsigned *length, int flags);
long ax_sys_connect(int fd, const struct ax_sockaddr *address, unsigned length);
long ax_sys_getsockname(int fd, struct ax_sockaddr *address, unsigned *length);
long ax_sys_getpeername(int fd, struct ax_sockaddr *address, unsigned *length);
long ax_sys_shutdown(int fd, int how);
long ax_sys_sendto(int fd, const void *buffer, size_t bytes, int flags, const struct ax_sockaddr *address, unsigned length);
long ax_sys_recvfrom(int fd, void *buffer, size_t bytes, int flags, struct ax_sockaddr *address, unsigned *length);
long ax_sys_sendmsg(int fd, const struct ax_msghdr *message, int flags);
long ax_sys_recvmsg(int fd, struct ax_msghdr *message, int flags);
long ax_sys_setsockopt(int fd, int level, int name, const void *value, unsigned bytes);
long ax_sys_getsockopt(int fd, int level, int name, void *value, unsigned *bytes);

/* Memory (memory.c) */
long ax_sys_mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset);
long ax_sys_munmap(void *address, size_t length);
long ax_sys_mremap(void *address, size_t length, size_t new_length, int flags, void *new_address);
long ax_sys_mprotect(void *address, size_t length, int protection);
long ax_sys_madvise(void *address, size_t length, int advice);
long ax_sys_msync(void *address, size_t length, int flags);
long ax_sys_mlock(const void *address, size_t length);
long ax_sys_munlock(const void *address, size_t length);
long ax_sys_mlockall(int flags);
long ax_sys_munlockall(void);

/* Threads (threads.c, or alone.c without feature `multitask`) */
_Noreturn long ax_sys_exit(int status);
long ax_sys_gettid(void);
long ax_sys_set_tid_address(int *address);
long ax_sys_sched_yield(void);
long ax_sys_get_robust_list(int thread, void **list, size_t *bytes);
long ax_sys_futex(uint32_t *word, int operation, uint32_t value, const struct ax_timespec *timeout, uint32_t *word2, uint32_t value3);

/* Scheduling (sched.c) */
long ax_sys_sched_setscheduler(int thread, int policy, const struct ax_sched_param *param);
long ax_sys_sched_getscheduler(int thread);
long ax_sys_sched_setparam(int thread, const struct ax_sched_param *param);
long ax_sys_sched_getparam(int thread, struct ax_sched_param *param);
long ax_sys_sched_get_priority_max(int policy);
long ax_sys_sched_get_priority_min(int policy);
long ax_sys_sched_rr_get_interval(int thread, struct ax_timespec *interval);
/** Sets of CPUs, bit i for CPU i. Setting: what @p bytes lack is 0, what they have too much is ignored. */
long ax_sys_sched_setaffinity(int thread, size_t bytes, const uint64_t *cpus);
/** @return the bytes written: those of the kernel's set, which @p bytes must have room for */
long ax_sys_sched_getaffinity(int thread, size_t bytes, uint64_t *cpus);

/** Where every other system call goes: -ENOSYS, and one line in the log at the first use of each @p number. */
long ax_sys_missing(long number, const char *name);

#pragma GCC visibility pop
