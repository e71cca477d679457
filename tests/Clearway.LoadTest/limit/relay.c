/*
 * The limit: a relay that does nothing but what RFC 6455 makes every relay do. It accepts the upgrade, takes each frame of a client,
 * unmasks its payload and sends it unmasked to the client's partner: the connections 0 and 1, 2 and 3, and so on, by the number in the
 * query of the upgrade. No JSON, no rooms, no tokens, no control frames. One thread, epoll, one write for all frames of one read.
 *
 * relay PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_HANDLES = 65536, READ_BYTES = 256 * 1024, REST_BYTES = 80 * 1024 };

struct connection {
    int partner; /* its handle, -1 until it is there */
    int number;  /* from the query, -1 until upgraded */
    int rest;    /* bytes of a frame that has not come whole */
    uint8_t *kept;
};

static struct connection connections[MOST_HANDLES];
static int handle_of[MOST_HANDLES];
static uint8_t input[REST_BYTES + READ_BYTES];
static uint8_t output[REST_BYTES + READ_BYTES];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void send_all(int handle, const uint8_t *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(handle, bytes, length, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EAGAIN || errno == EINTR)
                continue; /* the load is bounded: what is in flight fits the socket's buffer */
            return;
        }
        bytes += sent;
        length -= (size_t)sent;
    }
}

static void end(int handle)
{
    struct connection *one = &connections[handle];
    if (one->number >= 0)
        handle_of[one->number] = -1;
    if (one->partner >= 0)
        connections[one->partner].partner = -1;
    free(one->kept);
    one->kept = NULL;
    close(handle);
}

static void upgrade(int handle, const char *request)
{
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    struct connection *one = &connections[handle];
    const char *number = strstr(request, "?n=");
    one->number = number ? atoi(number + 3) : -1;
    if (one->number < 0 || one->number >= MOST_HANDLES) {
        one->number = -1;
        end(handle);
        return;
    }
    handle_of[one->number] = handle;
    int partner = handle_of[one->number ^ 1];
    if (partner >= 0) {
        one->partner = partner;
        connections[partner].partner = handle;
    }
    send_all(handle, (const uint8_t *)answer, sizeof answer - 1);
}

static void unmask(uint8_t *to, const uint8_t *from, size_t length, uint32_t mask)
{
    size_t i = 0;
    for (; i + 4 <= length; i += 4) {
        uint32_t word;
        memcpy(&word, from + i, 4);
        word ^= mask;
        memcpy(to + i, &word, 4);
    }
    for (; i < length; i++)
        to[i] = from[i] ^ ((const uint8_t *)&mask)[i & 3];
}

/* Frames with a length of 7 or 16 bits, which is all that the load sends. Answers how many bytes were whole frames. */
static size_t relay(int handle, const uint8_t *bytes, size_t length)
{
    size_t taken = 0, written = 0;
    int partner = connections[handle].partner;
    while (length - taken >= 6) {
        const uint8_t *frame = bytes + taken;
        size_t payload = frame[1] & 0x7f, header = 2;
        if (payload == 126) {
            payload = (size_t)frame[2] << 8 | frame[3];
            header = 4;
        }
        if (length - taken < header + 4 + payload)
            break;
        uint32_t mask;
        memcpy(&mask, frame + header, 4);
        memcpy(output + written, frame, header);
        output[written + 1] &= 0x7f;
        unmask(output + written + header, frame + header + 4, payload, mask);
        written += header + payload;
        taken += header + 4 + payload;
    }
    if (partner >= 0)
        send_all(partner, output, written);
    return taken;
}

static void take(int handle)
{
    struct connection *one = &connections[handle];
    size_t had = (size_t)one->rest;
    memcpy(input, one->kept, had);
    ssize_t count = recv(handle, input + had, READ_BYTES, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        end(handle);
        return;
    }
    size_t length = had + (size_t)count, taken;
    if (one->number < 0) {
        input[length] = 0;
        taken = strstr((char *)input, "\r\n\r\n") ? length : 0;
        if (taken > 0)
            upgrade(handle, (char *)input);
    } else {
        taken = relay(handle, input, length);
    }
    if (one->kept == NULL)
        return;
    one->rest = (int)(length - taken);
    if (one->rest > REST_BYTES)
        end(handle);
    else
        memcpy(one->kept, input + taken, (size_t)one->rest);
}

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    memset(handle_of, -1, sizeof handle_of);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0), yes = 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1])) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1024) < 0)
        fail("listen");
    struct epoll_event event = { .events = EPOLLIN, .data.fd = listener };
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);

    for (;;) {
        struct epoll_event events[512];
        int ready = epoll_wait(poller, events, 512, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd != listener) {
                take(events[i].data.fd);
                continue;
            }
            int handle = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
            if (handle < 0 || handle >= MOST_HANDLES)
                continue;
            setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            connections[handle] = (struct connection){ .partner = -1, .number = -1, .kept = malloc(REST_BYTES) };
            if (connections[handle].kept == NULL)
                fail("malloc");
            event = (struct epoll_event){ .events = EPOLLIN, .data.fd = handle };
            epoll_ctl(poller, EPOLL_CTL_ADD, handle, &event);
        }
    }
}
