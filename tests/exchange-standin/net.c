/* The sockets: three ports, one loop, nothing that blocks.  Here the faults happen: what is sent
 * late, never, in part or torn off. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "grow.h"
#include "http.h"

enum { CONNS_MAX = 512, READ_SIZE = 16384 };
enum phase { PHASE_SHAKE, PHASE_READ, PHASE_BEFORE, PHASE_AFTER, PHASE_WRITE, PHASE_HANG, PHASE_OVER };

struct conn {
	int fd;
	enum port port;
	int64_t id;
	SSL *ssl;
	enum phase phase;
	bool want_write, struck, reset, close, told_continue;
	char *in, *out;
	size_t in_len, in_room, out_len, out_pos, out_end;
	int64_t wake_mono;
	struct fault fault;
	struct request request;
	struct reply reply;
};

struct net {
	struct server *server;
	int listen_fd[PORTS], ports[PORTS];
	struct conn *conns[CONNS_MAX];
	size_t conns_len;
	int64_t next_id;
};

static int
listen_on(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port),
	                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 128) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
port_of(int fd)
{
	struct sockaddr_in at;
	socklen_t len = sizeof at;
	return getsockname(fd, (struct sockaddr *)&at, &len) == 0 ? ntohs(at.sin_port) : 0;
}

static void
conn_free(struct conn *conn)
{
	if (conn->reset) {
		struct linger now = { 1, 0 };
		setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	} else if (conn->ssl != NULL && conn->phase != PHASE_SHAKE && !conn->struck) {
		SSL_shutdown(conn->ssl);
	}
	SSL_free(conn->ssl);
	close(conn->fd);
	http_clear(&conn->request);
	free(conn->reply.body);
	free(conn->in);
	free(conn->out);
	free(conn);
}

static void
conn_accept(struct net *net, enum port port)
{
	int one = 1, fd = accept(net->listen_fd[port], NULL, NULL);
	if (fd < 0)
		return;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	struct conn *conn = net->conns_len < CONNS_MAX ? calloc(1, sizeof *conn) : NULL;
	if (conn == NULL) {
		close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	conn->fd = fd;
	conn->port = port;
	conn->id = ++net->next_id;
	conn->phase = PHASE_READ;
	if (port == PORT_TLS) {
		conn->ssl = SSL_new(tls_context(net->server));
		SSL_set_fd(conn->ssl, fd);
		conn->phase = PHASE_SHAKE;
	}
	net->conns[net->conns_len++] = conn;
}

/* Bytes moved; 0: not now; -1: it is over. */
static ssize_t
ssl_result(struct conn *conn, int result)
{
	int error = SSL_get_error(conn->ssl, result);
	conn->want_write = error == SSL_ERROR_WANT_WRITE;
	return result > 0 ? result : error == SSL_ERROR_WANT_READ || conn->want_write ? 0 : -1;
}

static ssize_t
conn_read(struct conn *conn, char *to, size_t room)
{
	if (conn->ssl != NULL)
		return ssl_result(conn, SSL_read(conn->ssl, to, (int)room));
	ssize_t got = read(conn->fd, to, room);
	return got > 0 ? got : got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static ssize_t
conn_write(struct conn *conn, const char *from, size_t len)
{
	if (conn->ssl != NULL)
		return ssl_result(conn, SSL_write(conn->ssl, from, (int)len));
	ssize_t sent = send(conn->fd, from, len, MSG_NOSIGNAL);
	return sent > 0 ? sent : sent < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static void
log_add(struct server *server, const struct conn *conn, bool processed)
{
	const char *query = conn->request.query, *body = conn->request.body;
	static const char *const ports[] = { "http", "https", "control" };
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	json_array_append_new(
		server->log,
		json_pack("{sI sI sI ss ss ss ss ss ss sb sb si}", "time", (json_int_t)server->ex.now_ms,
	              "monoUs", (json_int_t)now.tv_sec * 1000000 + now.tv_nsec / 1000,
	              "connection", (json_int_t)conn->id, "port", ports[conn->port], "method",
	              conn->request.method, "path", conn->request.path, "query", query, "body", body,
	              "key", conn->request.key, "fault", conn->struck, "processed", processed, "status",
	              conn->reply.status));
}

/* Does the work, and makes of the answer what the fault leaves of it. */
static void
conn_process(struct server *server, struct conn *conn)
{
	const struct fault *fault = &conn->fault;
	bool processed = !conn->struck || fault->process;
	size_t head;
	if (conn->port == PORT_CONTROL)
		control(server, &conn->request, &conn->reply);
	else if (processed)
		route(server, &conn->request, &conn->reply);
	if (server->dirty)
		state_save(server);
	if (conn->reply.body == NULL) {
		conn->reply.body = strdup("");
		conn->reply.status = 200;
	}
	if (conn->struck && fault->kind == FAULT_REPLY)
		fault_reply(fault, &conn->reply);
	if (conn->struck && fault->kind == FAULT_HOSTILE)
		hostile_body(fault->hostile, &conn->reply);
	if (conn->struck && fault->kind == FAULT_FORGE)
		forge_body(fault->body, &conn->reply);
	if (conn->port != PORT_CONTROL)
		log_add(server, conn, processed);
	conn->close = !conn->request.keep_alive;
	free(conn->out);
	conn->out = http_answer(&conn->reply, conn->request.keep_alive, &conn->out_len, &head);
	conn->out_pos = 0;
	conn->out_end = conn->out_len;
	conn->phase = PHASE_WRITE;
	if (!conn->struck)
		return;
	conn->reset = fault->reset;
	switch (fault->kind) {
	case FAULT_LOST_REQUEST:
	case FAULT_LOST_REPLY: conn->phase = PHASE_OVER; break;
	case FAULT_HANG: conn->phase = PHASE_HANG; break;
	case FAULT_RESET_MID: conn->reset = true; /* fall through */
	case FAULT_TRUNCATE:
		conn->out_end = head + fault->bytes < conn->out_len ? head + fault->bytes : conn->out_len;
		conn->close = true;
		break;
	case FAULT_DRIP: conn->out_end = 1; break;
	default: break;
	}
	if (fault->after_ms > 0 && fault->kind != FAULT_HANG) {
		conn->wake_mono = clock_mono_ms() + fault->after_ms;
		conn->close |= conn->phase == PHASE_OVER;
		if (conn->phase == PHASE_OVER)
			conn->out_end = 0;
		conn->phase = PHASE_AFTER;
	}
}

static void
conn_next(struct server *server, struct conn *conn)
{
	size_t used = 0;
	enum http_state state = http_read(conn->in, conn->in_len, &conn->request, &used);
	if (state == HTTP_CONTINUE && !conn->told_continue) {
		static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
		conn->told_continue = true;
		conn_write(conn, go_on, sizeof go_on - 1);
	}
	if (state == HTTP_BAD)
		conn->phase = PHASE_OVER;
	if (state != HTTP_WHOLE)
		return;
	memmove(conn->in, conn->in + used, conn->in_len - used);
	conn->in_len -= used;
	conn->told_continue = false;
	free(conn->reply.body);
	memset(&conn->reply, 0, sizeof conn->reply);
	conn->struck = conn->port != PORT_CONTROL && fault_take(server, &conn->request, &conn->fault);
	if (conn->struck && conn->fault.before_ms > 0) {
		conn->wake_mono = clock_mono_ms() + conn->fault.before_ms;
		conn->phase = PHASE_BEFORE;
		return;
	}
	conn_process(server, conn);
}

static void
conn_flush(struct server *server, struct conn *conn)
{
	while (conn->out_pos < conn->out_end) {
		ssize_t sent = conn_write(conn, conn->out + conn->out_pos, conn->out_end - conn->out_pos);
		if (sent < 0)
			conn->phase = PHASE_OVER;
		if (sent <= 0)
			return;
		conn->out_pos += (size_t)sent;
	}
	if (conn->struck && conn->fault.kind == FAULT_DRIP && conn->out_pos < conn->out_len) {
		conn->out_end++;
		conn->wake_mono = clock_mono_ms() + conn->fault.every_ms;
		conn->phase = PHASE_AFTER;
		return;
	}
	http_clear(&conn->request);
	conn->phase = conn->close ? PHASE_OVER : PHASE_READ;
	if (conn->phase == PHASE_READ && conn->in_len > 0)
		conn_next(server, conn);
}

static void
conn_take(struct server *server, struct conn *conn)
{
	for (;;) {
		if (conn->in_room - conn->in_len < READ_SIZE) {
			conn->in_room += 2 * READ_SIZE;
			conn->in = realloc(conn->in, conn->in_room);
			if (conn->in == NULL)
				abort();
		}
		ssize_t got = conn_read(conn, conn->in + conn->in_len, READ_SIZE);
		if (got < 0)
			conn->phase = PHASE_OVER;
		if (got <= 0)
			return;
		conn->in_len += (size_t)got;
		if (conn->phase == PHASE_READ)
			conn_next(server, conn);
		if (conn->phase != PHASE_READ)
			return;
	}
}

static void
conn_serve(struct server *server, struct conn *conn, bool ready)
{
	int64_t now = clock_mono_ms();
	if (conn->phase == PHASE_SHAKE && ready) {
		ssize_t result = ssl_result(conn, SSL_accept(conn->ssl));
		conn->phase = result > 0 ? PHASE_READ : result < 0 ? PHASE_OVER : PHASE_SHAKE;
		conn->struck = result < 0;
	}
	if ((conn->phase == PHASE_READ || conn->phase == PHASE_HANG) && ready)
		conn_take(server, conn);
	if (conn->phase == PHASE_BEFORE && conn->wake_mono <= now)
		conn_process(server, conn);
	if (conn->phase == PHASE_AFTER && conn->wake_mono <= now)
		conn->phase = PHASE_WRITE;
	if (conn->phase == PHASE_WRITE && conn->port != PORT_CONTROL)
		conn_flush(server, conn);
	/* What TLS has read ahead will not wake poll again. */
	if (conn->phase == PHASE_READ && conn->ssl != NULL && SSL_pending(conn->ssl) > 0)
		conn_take(server, conn);
}

static void
doors(struct net *net)
{
	struct server *server = net->server;
	if (server->drop_all)
		for (size_t i = 0; i < net->conns_len; i++)
			if (net->conns[i]->port != PORT_CONTROL)
				net->conns[i]->phase = PHASE_OVER;
	server->drop_all = false;
	bool down = server->down_until_mono > clock_mono_ms();
	for (int port = 0; port < PORT_CONTROL; port++) {
		if (net->ports[port] < 0)
			continue;
		if (down && net->listen_fd[port] >= 0) {
			close(net->listen_fd[port]);
			net->listen_fd[port] = -1;
		} else if (!down && net->listen_fd[port] < 0) {
			net->listen_fd[port] = listen_on(net->ports[port]);
		}
	}
}

/* How long poll may wait. */
static int
patience(struct net *net)
{
	int64_t now = clock_mono_ms(), until = tape_play(net->server);
	int64_t down = net->server->down_until_mono;
	if (down > now && (until < 0 || down < until))
		until = down;
	for (size_t i = 0; i < net->conns_len; i++) {
		const struct conn *conn = net->conns[i];
		if ((conn->phase == PHASE_BEFORE || conn->phase == PHASE_AFTER) &&
		    (until < 0 || conn->wake_mono < until))
			until = conn->wake_mono;
	}
	return until < 0 ? 1000 : until <= now ? 0 : until - now > 1000 ? 1000 : (int)(until - now);
}

static void
turn(struct net *net, bool watch_stdin)
{
	struct pollfd fds[PORTS + 1 + CONNS_MAX];
	size_t conns = net->conns_len;
	for (int i = 0; i < PORTS; i++)
		fds[i] = (struct pollfd){ .fd = net->listen_fd[i], .events = POLLIN };
	fds[PORTS] = (struct pollfd){ .fd = watch_stdin ? 0 : -1, .events = POLLIN };
	for (size_t i = 0; i < conns; i++) {
		const struct conn *conn = net->conns[i];
		bool waits = conn->phase == PHASE_BEFORE || conn->phase == PHASE_AFTER;
		bool writes = conn->want_write || (conn->phase == PHASE_WRITE && conn->ssl == NULL);
		fds[PORTS + 1 + i] = (struct pollfd){ .fd = waits ? -1 : conn->fd,
		                                      .events = writes ? POLLOUT : POLLIN };
	}
	if (poll(fds, (nfds_t)(PORTS + 1 + conns), patience(net)) < 0 && errno != EINTR)
		net->server->stop = true;
	for (size_t i = 0; i < conns; i++)
		conn_serve(net->server, net->conns[i], fds[PORTS + 1 + i].revents != 0);
	for (int i = 0; i < PORTS; i++)
		if (fds[i].fd >= 0 && fds[i].revents != 0)
			conn_accept(net, (enum port)i);
	char byte;
	if (watch_stdin && fds[PORTS].revents != 0 && read(0, &byte, 1) <= 0)
		net->server->stop = true;
	if (net->server->dirty)
		state_save(net->server);
	doors(net);
	/* Who gives an order hears "done" when it is done, doors included. */
	for (size_t i = 0; i < net->conns_len; i++)
		if (net->conns[i]->port == PORT_CONTROL && net->conns[i]->phase == PHASE_WRITE)
			conn_flush(net->server, net->conns[i]);
	for (size_t i = net->conns_len; i-- > 0;)
		if (net->conns[i]->phase == PHASE_OVER) {
			conn_free(net->conns[i]);
			net->conns[i] = net->conns[--net->conns_len];
		}
}

bool
net_run(struct server *server, const int ports[PORTS], bool watch_stdin)
{
	static const char *const names[PORTS] = { "http", "https", "control" };
	struct net net = { .server = server };
	bool ok = true;
	for (int i = 0; i < PORTS; i++) {
		net.listen_fd[i] = ports[i] >= 0 ? listen_on(ports[i]) : -1;
		net.ports[i] = net.listen_fd[i] >= 0 ? port_of(net.listen_fd[i]) : -1;
		ok &= ports[i] < 0 || net.listen_fd[i] >= 0;
		if (net.listen_fd[i] >= 0)
			printf("%s %d\n", names[i], net.ports[i]);
	}
	printf("ready\n");
	fflush(stdout);
	while (ok && !server->stop)
		turn(&net, watch_stdin);
	/* What was answered is sent before the end, as far as it goes at once. */
	for (size_t i = 0; i < net.conns_len; i++) {
		if (net.conns[i]->phase == PHASE_WRITE)
			conn_flush(server, net.conns[i]);
		conn_free(net.conns[i]);
	}
	for (int i = 0; i < PORTS; i++)
		if (net.listen_fd[i] >= 0)
			close(net.listen_fd[i]);
	return ok;
}
