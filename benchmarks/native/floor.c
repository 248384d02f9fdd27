/* The floor for benchmarks/echo.py: the least that an epoll server on this machine can spend, with no library at all.

   Listens on two ports of 127.0.0.1 that the kernel picks, and prints them as one line of JSON: the first echoes, the
   second answers each request of 64 bytes with 2,000 bytes in one send. Level-triggered, one read for each event, and no
   error handling beyond closing the connection: nobody should write a real server this way. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES 65536
#define ANSWER_BYTES 2000
#define MOST_FILES 4096
#define EVENTS 64

enum kind { UNKNOWN, ECHO_LISTENER, ANSWER_LISTENER, ECHO, ANSWER };

static enum kind kinds[MOST_FILES]; /* what each file descriptor is */
static int poller;

static void watch(int fd, enum kind kind) {
    struct epoll_event interest = {.events = EPOLLIN, .data.fd = fd};
    kinds[fd] = kind;
    if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &interest) != 0) exit(1);
}

/* Returns the port that the kernel picked. */
static int listen_anywhere(enum kind kind) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(fd, (struct sockaddr *)&here, size) != 0 || listen(fd, 128) != 0) exit(1);
    getsockname(fd, (struct sockaddr *)&here, &size);
    watch(fd, kind);
    return ntohs(here.sin_port);
}

/* Returns 0 when the connection is over. */
static int answer(int fd, char *bytes) {
    ssize_t count = recv(fd, bytes, READ_BYTES, MSG_DONTWAIT);
    if (count <= 0) return 0;
    if (kinds[fd] == ANSWER) count = ANSWER_BYTES;
    return send(fd, bytes, count, MSG_NOSIGNAL) == count;
}

int main(void) {
    static char bytes[READ_BYTES];
    struct epoll_event events[EVENTS];
    poller = epoll_create1(0);
    int echo = listen_anywhere(ECHO_LISTENER), answers = listen_anywhere(ANSWER_LISTENER);
    printf("{\"echo\": %d, \"answer\": %d}\n", echo, answers);
    fflush(stdout);
    for (;;) {
        int ready = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (kinds[fd] == ECHO_LISTENER || kinds[fd] == ANSWER_LISTENER) {
                int accepted = accept4(fd, NULL, NULL, 0);
                if (accepted >= 0) watch(accepted, kinds[fd] == ECHO_LISTENER ? ECHO : ANSWER);
            } else if (!answer(fd, bytes)) {
                close(fd);
            }
        }
    }
}
