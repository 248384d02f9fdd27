/* The load for benchmarks/echo.py: keeps many connections busy, and reads the server's own CPU clock around them.

   usage: load PORT PID CONNECTIONS REQUEST REPLY SECONDS keep|close

   Each connection sends REQUEST bytes, waits until REPLY bytes have come back, and starts again: on the same
   connection (keep) or on a new one (close). A fifth of SECONDS goes by before the clocks are read for the first time, so
   that neither connecting nor a cold server counts. benchmarks/_load.py is the same program in Python, for machines
   without a C compiler; both print one line of JSON.

   Sends may block, reads never do: a request is smaller than any socket buffer, and the server reads what it is sent. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_CONNECTIONS 1000
#define MOST_BYTES (1 << 20)

struct connection {
    int fd;
    long missing; /* bytes of the reply that have not come yet */
};

static struct connection connections[MOST_CONNECTIONS];
static char bytes[MOST_BYTES];
static int poller, port;
static long request, reply;

static void stop(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) stop("clock_gettime");
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void ask(struct connection *connection) {
    long sent = 0;
    while (sent < request) {
        ssize_t taken = send(connection->fd, bytes + sent, request - sent, MSG_NOSIGNAL);
        if (taken < 0) stop("send");
        sent += taken;
    }
    connection->missing = reply;
}

/* Every connection has an address of its own in 127.0.0.0/8: closed ones linger in TIME_WAIT, and the ports of one
   address would be used up within a second or two. */
static void connect_and_ask(struct connection *connection) {
    int yes = 1;
    uint32_t own = INADDR_LOOPBACK + 1 + (uint32_t)(connection - connections);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(own)};
    struct sockaddr_in server = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event interest = {.events = EPOLLIN, .data.ptr = connection};

    connection->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connection->fd < 0) stop("socket");
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(connection->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (bind(connection->fd, (struct sockaddr *)&here, sizeof here) != 0) stop("bind");
    if (connect(connection->fd, (struct sockaddr *)&server, sizeof server) != 0) stop("connect");
    if (epoll_ctl(poller, EPOLL_CTL_ADD, connection->fd, &interest) != 0) stop("epoll_ctl");
    ask(connection);
}

/* Read what came. Returns 1 when the reply is complete, else 0. */
static int take(struct connection *connection) {
    ssize_t count = recv(connection->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return 0;
    if (count <= 0) stop("recv (did the server close the connection?)");
    connection->missing -= count;
    if (connection->missing < 0) stop("more came than was asked for");
    return connection->missing == 0;
}

/* Keep all connections busy until `end`. Returns how many replies were complete. */
static long run_until(int64_t end, int keep) {
    struct epoll_event events[MOST_CONNECTIONS];
    long done = 0;
    while (nanoseconds(CLOCK_MONOTONIC) < end) {
        int ready = epoll_wait(poller, events, MOST_CONNECTIONS, 1000);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!take(connection)) continue;
            done++;
            if (keep) {
                ask(connection);
            } else {
                close(connection->fd);
                connect_and_ask(connection);
            }
        }
    }
    return done;
}

/* Let every reply that is under way arrive: a server in the middle of its answer would complain of the closed connection. */
static void finish(int count) {
    for (int i = 0; i < count; i++) {
        while (connections[i].missing > 0) {
            ssize_t came = recv(connections[i].fd, bytes, sizeof bytes, 0);
            if (came <= 0) stop("recv at the end");
            connections[i].missing -= came;
        }
        close(connections[i].fd);
    }
}

int main(int argc, char **argv) {
    if (argc != 8) {
        fprintf(stderr, "usage: load PORT PID CONNECTIONS REQUEST REPLY SECONDS keep|close\n");
        return 2;
    }
    port = atoi(argv[1]);
    int pid = atoi(argv[2]), count = atoi(argv[3]), keep = strcmp(argv[7], "keep") == 0;
    request = atol(argv[4]), reply = atol(argv[5]);
    double seconds = atof(argv[6]);
    if (count > MOST_CONNECTIONS || request > MOST_BYTES) stop("too many connections or too long a request");

    clockid_t server_cpu;
    if ((errno = clock_getcpuclockid(pid, &server_cpu)) != 0) stop("clock_getcpuclockid");
    poller = epoll_create1(0);
    memset(bytes, 'x', sizeof bytes);
    for (int i = 0; i < count; i++) connect_and_ask(&connections[i]);

    run_until(nanoseconds(CLOCK_MONOTONIC) + (int64_t)(seconds / 5 * 1e9), keep);
    int64_t wall = nanoseconds(CLOCK_MONOTONIC), cpu = nanoseconds(server_cpu);
    long done = run_until(wall + (int64_t)(seconds * 1e9), keep);
    cpu = nanoseconds(server_cpu) - cpu;
    wall = nanoseconds(CLOCK_MONOTONIC) - wall;
    finish(count);
    printf("{\"round_trips\": %ld, \"server_cpu_ns\": %lld, \"wall_ns\": %lld}\n", done, (long long)cpu, (long long)wall);
    return 0;
}
