/* A crowd of official-protocol sockets (Engine.IO 4, Socket.IO 5) in one thread: joins, speaks, listens, measures.
 *
 * crowd PORT NAMESPACE SOCKETS RESUMES PEOPLE
 *
 * PEOPLE is a file with the cookie of one member a line, shared out among the sockets, 250 of which come from one
 * loopback address. RESUMES is 1 for a server that is told where to begin. Then it takes commands on standard input
 * and answers each with one line of JSON:
 *
 *   burst MESSAGES BATCH WINDOW   speak in batches, with so many batches on their way
 *   open RATE SECONDS             speak single messages by the clock and tell how long each took to each
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { OPENING, GREETED, JOINING, RESUMING, READY };
enum { ROOM = 8192, A_TIME = 32, PER_ADDRESS = 250, SPEAKERS = 16, BODY = 100 };

struct member {
    int fd, state;
    uint64_t heard, order;
    size_t kept;
    char *left;
};

static struct member *crowd;
static int sockets, port, resumes, poll_fd, people, ready, opened, next_speaker;
static char name[64], **cookies, text[BODY + 1];
static uint64_t heard_in_all, spoken, asked, answered, refused;
static uint32_t *delays;
static size_t delay_count, delay_room;

static void die(const char *format, ...) {
    va_list rest;
    va_start(rest, format);
    vfprintf(stderr, format, rest);
    va_end(rest);
    fputc('\n', stderr);
    exit(1);
}

static uint64_t now(void) {
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    return (uint64_t)moment.tv_sec * 1000000000u + moment.tv_nsec;
}

static double cpu(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void write_all(int fd, const char *data, size_t length) {
    while (length) {
        ssize_t done = send(fd, data, length, MSG_NOSIGNAL);
        if (done < 0 && errno == EAGAIN) continue;
        if (done <= 0) die("A socket could not be written: %s", strerror(errno));
        data += done, length -= done;
    }
}

/* A masked text frame, as RFC 6455 asks of clients. */
static void say(struct member *one, const char *format, ...) {
    static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    char payload[1024], frame[1040];
    va_list rest;
    va_start(rest, format);
    size_t length = vsnprintf(payload, sizeof payload, format, rest), head = 2;
    va_end(rest);
    frame[0] = (char)0x81;
    if (length < 126) {
        frame[1] = (char)(0x80 | length);
    } else {
        frame[1] = (char)(0x80 | 126);
        frame[2] = (char)(length >> 8), frame[3] = (char)length, head = 4;
    }
    memcpy(frame + head, mask, 4);
    for (size_t i = 0; i < length; i++) frame[head + 4 + i] = payload[i] ^ mask[i % 4];
    write_all(one->fd, frame, head + 4 + length);
}

static void connect_next(void) {
    int number = opened++, on = 1;
    struct member *one = &crowd[number];
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
    from.sin_addr.s_addr = htonl(0x7f000001u + number / PER_ADDRESS);
    to.sin_addr.s_addr = htonl(0x7f000001u);
    one->fd = socket(AF_INET, SOCK_STREAM, 0);
    one->left = malloc(ROOM);
    setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(one->fd, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &on, sizeof on);
    if (bind(one->fd, (struct sockaddr *)&from, sizeof from) || connect(one->fd, (struct sockaddr *)&to, sizeof to))
        die("No connection %d: %s", number, strerror(errno));
    char request[1024];
    int length = snprintf(request, sizeof request,
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: http://localhost:%d\r\n"
        "Cookie: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", port, port, cookies[number % people]);
    write_all(one->fd, request, length);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, one->fd, &event);
}

static void become_ready(struct member *one) {
    one->state = READY;
    if (++ready < sockets && opened < sockets) connect_next();
}

static uint64_t number_after(const char *key, const char *payload, size_t length) {
    const char *at = memmem(payload, length, key, strlen(key));
    if (!at) die("No %s in %.*s", key, (int)length, payload);
    return strtoull(at + strlen(key), NULL, 10);
}

/* What was said counts once the server says so; why it did not is kept for the end. */
static void take_answer(const char *payload, size_t length) {
    answered++;
    if (memmem(payload, length, "\"ok\":true", 9)) return;
    refused++;
    fprintf(stderr, "Refused: %.*s\n", (int)length, payload);
}

static void take(struct member *one, const char *payload, size_t length) {
    size_t named = strlen(name);
    if (length && payload[0] == '2') {
        say(one, "3");
    } else if (one->state == GREETED && payload[0] == '0') {
        one->state = JOINING;
        say(one, "40%s,", name);
    } else if (one->state == JOINING && !strncmp(payload, "40", 2)) {
        one->state = RESUMING;
        if (resumes) say(one, "42%s,0[\"resume\",{}]", name);
        else become_ready(one);
    } else if (one->state == RESUMING && !strncmp(payload, "43", 2) && memmem(payload, length, "\"ok\":true", 9)) {
        become_ready(one);
    } else if (one->state == READY && length > named + 8 && !memcmp(payload, "42", 2)
               && !memcmp(payload + named + 3, "[\"said\"", 7)) {
        one->heard++, heard_in_all++;
        one->order = one->order * 1000003u + number_after("\"n\":", payload, length);
        if (delays && delay_count < delay_room)
            delays[delay_count++] = (uint32_t)((now() - number_after("\"t\":", payload, length)) / 1000);
    } else if (one->state == READY && !strncmp(payload, "43", 2)) {
        take_answer(payload, length);
    } else {
        die("Unexpected in state %d: %.*s", one->state, (int)length, payload);
    }
}

/* Take every whole frame and return how much was used. */
static size_t frames(struct member *one, const char *data, size_t length) {
    const unsigned char *at = (const unsigned char *)data, *end = at + length;
    while (end - at >= 2) {
        size_t size = at[1] & 127, head = 2;
        if (size == 126) {
            if (end - at < 4) break;
            size = (size_t)at[2] << 8 | at[3], head = 4;
        }
        if ((size_t)(end - at) < head + size) break;
        if (at[0] == 0x81) take(one, (const char *)at + head, size);
        else die("A frame of kind %x: %.*s", at[0], (int)size, (const char *)at + head);
        at += head + size;
    }
    return (const char *)at - data;
}

static void hear(struct member *one) {
    static char data[1 << 17];
    memcpy(data, one->left, one->kept);
    ssize_t got = recv(one->fd, data + one->kept, sizeof data - ROOM, 0);
    if (got <= 0) die("The server ended socket %d in state %d.", (int)(one - crowd), one->state);
    size_t length = one->kept + got, used = 0;
    if (one->state == OPENING) {
        char *end = memmem(data, length, "\r\n\r\n", 4);
        if (end && strncmp(data, "HTTP/1.1 101", 12)) die("Refused: %.*s", (int)length, data);
        if (end) used = end + 4 - data, one->state = GREETED;
    }
    if (one->state != OPENING) used += frames(one, data + used, length - used);
    one->kept = length - used;
    if (one->kept > ROOM) die("A frame is too large.");
    memcpy(one->left, data + used, one->kept);
}

/* Listen for so many milliseconds at most; true when a command waits. */
static int listen_for(int milliseconds) {
    struct epoll_event events[512];
    int count = epoll_wait(poll_fd, events, 512, milliseconds), told = 0;
    for (int i = 0; i < count; i++) {
        if (events[i].data.u32 == UINT32_MAX) told = 1;
        else hear(&crowd[events[i].data.u32]);
    }
    return told;
}

static void speak(int count) {
    struct member *speaker = &crowd[next_speaker++ % SPEAKERS % sockets];
    say(speaker, "42%s,%llu[\"say\",{\"n\":%llu,\"count\":%d,\"t\":%llu,\"text\":\"%s\"}]", name,
        (unsigned long long)asked++, (unsigned long long)spoken, count, (unsigned long long)now(), text);
    spoken += count;
}

/* Until so much was heard and so many events were answered; a refusal ends it all. */
static void listen_until(uint64_t total, uint64_t answers) {
    uint64_t since = now(), before = heard_in_all + answered;
    while (heard_in_all < total || answered < answers) {
        listen_for(1000);
        if (refused) die("%lu of %lu events were refused.", refused, asked);
        if (heard_in_all + answered != before) before = heard_in_all + answered, since = now();
        if (now() - since > 20000000000u)
            die("Heard %lu of %lu and nothing since; %lu of %lu events were answered, the first socket heard %lu of %lu.",
                heard_in_all, total, answered, asked, crowd[0].heard, spoken);
    }
}

/* Everybody heard the same in the same order, and nothing twice. */
static void compare(void) {
    for (int i = 0; i < sockets; i++)
        if (crowd[i].heard != crowd[0].heard || crowd[i].order != crowd[0].order)
            die("Socket %d heard something else than the first.", i);
    if (crowd[0].heard != spoken) die("Said %lu, heard %lu.", spoken, crowd[0].heard);
}

static void burst(uint64_t messages, int batch, int window) {
    uint64_t began = now(), goal = spoken + messages;
    double used = cpu();
    while (spoken < goal) {
        speak(batch);
        uint64_t most = (uint64_t)(window - 1) * batch;
        listen_until((spoken > most ? spoken - most : 0) * sockets, 0);
    }
    listen_until(spoken * sockets, asked);
    double took = (now() - began) / 1e9;
    compare();
    printf("{\"deliveries\":%lu,\"seconds\":%.4f,\"busy\":%.3f}\n", messages * sockets, took, (cpu() - used) / took);
}

static int by_size(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return a < b ? -1 : a > b;
}

static void by_the_clock(double rate, double seconds) {
    uint64_t began = now(), messages = (uint64_t)(rate * seconds);
    double used = cpu();
    delay_room = messages * sockets, delay_count = 0;
    delays = malloc(delay_room * sizeof *delays);
    for (uint64_t i = 0; i < messages; i++) {
        uint64_t due = began + (uint64_t)(i * 1e9 / rate);
        for (int64_t left; (left = (int64_t)(due - now())) > 0;) listen_for((int)(left / 1000000));
        speak(1);
    }
    listen_until(spoken * sockets, asked);
    double took = (now() - began) / 1e9;
    compare();
    qsort(delays, delay_count, sizeof *delays, by_size);
    printf("{\"deliveries\":%lu,\"seconds\":%.4f,\"busy\":%.3f,\"p50\":%.3f,\"p99\":%.3f}\n", delay_count, took,
           (cpu() - used) / took, delays[delay_count / 2] / 1e3, delays[delay_count * 99 / 100] / 1e3);
    free(delays), delays = NULL;
}

static void read_people(const char *path) {
    static char line[512];
    FILE *file = fopen(path, "r");
    if (!file) die("No people in %s.", path);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        cookies = realloc(cookies, ++people * sizeof *cookies);
        cookies[people - 1] = strdup(line);
    }
    fclose(file);
}

int main(int count, char **words) {
    if (count != 6) die("crowd PORT NAMESPACE SOCKETS RESUMES PEOPLE");
    port = atoi(words[1]), sockets = atoi(words[3]), resumes = atoi(words[4]);
    snprintf(name, sizeof name, "%s", words[2]);
    read_people(words[5]);
    memset(text, 'x', BODY);
    crowd = calloc(sockets, sizeof *crowd);
    poll_fd = epoll_create1(0);
    for (int i = 0; i < A_TIME && i < sockets; i++) connect_next();
    while (ready < sockets) listen_for(1000);
    struct epoll_event command = {.events = EPOLLIN, .data.u32 = UINT32_MAX};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, 0, &command);
    setvbuf(stdin, NULL, _IONBF, 0);
    printf("{\"ready\":%d}\n", ready), fflush(stdout);
    char line[128];
    for (;;) {
        if (!listen_for(1000)) continue;
        if (!fgets(line, sizeof line, stdin)) return 0;
        unsigned long messages;
        int batch, window;
        double rate, seconds;
        if (sscanf(line, "burst %lu %d %d", &messages, &batch, &window) == 3) burst(messages, batch, window);
        else if (sscanf(line, "open %lf %lf", &rate, &seconds) == 2) by_the_clock(rate, seconds);
        else die("What is %s", line);
        fflush(stdout);
    }
}
