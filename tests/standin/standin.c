/* See standin.h. */
#include <arpa/inet.h>
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "standin.h"

enum { ANSWER_MAX = 4 << 20 };

static void
die(const char *what)
{
	fprintf(stderr, "stand-in: %s\n", what);
	abort();
}

bool
standin_start(struct standin *server, const char *tls_dir)
{
	const char *python = getenv("PYTHON3");
	const char *source = getenv("top_srcdir");
	char script[4096], line[64] = "";
	int in[2], out[2];
	snprintf(script, sizeof script, "%s/tests/standin/standin.py", source ? source : ".");
	if (pipe(in) != 0 || pipe(out) != 0)
		die("no pipe");
	signal(SIGPIPE, SIG_IGN);
	server->pid = fork();
	if (server->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[0]), close(in[1]), close(out[0]), close(out[1]);
		execlp(python ? python : "python3", "python3", script, tls_dir ? "--tls" : (char *)NULL,
		       tls_dir, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	server->stdin_fd = in[1];
	FILE *said = fdopen(out[0], "r");
	bool started = said != NULL && fgets(line, sizeof line, said) != NULL &&
	               sscanf(line, "port %d", &server->port) == 1;
	if (said != NULL)
		fclose(said);
	snprintf(server->url, sizeof server->url, "%s:%d",
	         tls_dir ? "https://localhost" : "http://127.0.0.1", server->port);
	if (!started)
		standin_stop(server);
	return started;
}

void
standin_stop(struct standin *server)
{
	close(server->stdin_fd);
	waitpid(server->pid, NULL, 0);
}

/* Returns the body, to be freed. */
static char *
talk(const struct standin *server, const char *request, size_t len)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((unsigned short)server->port),
	                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char *answer = calloc(1, ANSWER_MAX);
	size_t got = 0;
	if (fd < 0 || answer == NULL || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		die("can't connect");
	if (write(fd, request, len) != (ssize_t)len)
		die("can't write");
	for (;;) {
		char *body = strstr(answer, "\r\n\r\n");
		char *said = strstr(answer, "Content-Length: ");
		if (body != NULL && said != NULL &&
		    got >= (size_t)(body + 4 - answer) + strtoul(said + 16, NULL, 10)) {
			if (strncmp(answer, "HTTP/1.1 200", 12) != 0)
				die("refused an order");
			memmove(answer, body + 4, strlen(body + 4) + 1);
			break;
		}
		ssize_t n = read(fd, answer + got, ANSWER_MAX - 1 - got);
		if (n <= 0)
			die("no answer to an order");
		got += (size_t)n;
	}
	close(fd);
	return answer;
}

void
standin_order(const struct standin *server, const char *format, ...)
{
	static char order[1 << 20], request[(1 << 20) + 256];
	va_list args;
	va_start(args, format);
	vsnprintf(order, sizeof order, format, args);
	va_end(args);
	int len = snprintf(request, sizeof request,
	                   "POST /_control HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s",
	                   strlen(order), order);
	free(talk(server, request, (size_t)len));
}

static json_t *
read_log(const struct standin *server)
{
	static const char request[] = "GET /_log HTTP/1.1\r\nHost: x\r\n\r\n";
	char *body = talk(server, request, sizeof request - 1);
	json_t *log = json_loads(body, 0, NULL);
	free(body);
	if (!json_is_array(log))
		die("its log is unreadable");
	return log;
}

static bool
is_path(const json_t *entry, const char *path)
{
	return strcmp(json_string_value(json_object_get(entry, "path")), path) == 0;
}

int
standin_count(const struct standin *server, const char *path, const char *query_part)
{
	json_t *log = read_log(server);
	int count = 0;
	for (size_t i = 0; i < json_array_size(log); i++) {
		const json_t *entry = json_array_get(log, i);
		const char *query = json_string_value(json_object_get(entry, "query"));
		count += is_path(entry, path) && strstr(query, query_part) != NULL;
	}
	json_decref(log);
	return count;
}

int
standin_connections(const struct standin *server, const char *path)
{
	json_t *log = read_log(server);
	int count = 0;
	for (size_t i = 0; i < json_array_size(log); i++) {
		const json_t *entry = json_array_get(log, i);
		json_int_t number = json_integer_value(json_object_get(entry, "connection"));
		bool is_new = is_path(entry, path);
		for (size_t j = 0; is_new && j < i; j++) {
			const json_t *before = json_array_get(log, j);
			is_new = !is_path(before, path) ||
			         json_integer_value(json_object_get(before, "connection")) != number;
		}
		count += is_new;
	}
	json_decref(log);
	return count;
}

static const char *
said(const json_t *entry, const char *key)
{
	return json_string_value(json_object_get(entry, key));
}

void
standin_last(const struct standin *server, const char *path, char *ret, size_t size)
{
	json_t *log = read_log(server);
	const json_t *entry = NULL;
	size_t len;
	for (size_t i = json_array_size(log); entry == NULL && i-- > 0;)
		if (is_path(json_array_get(log, i), path))
			entry = json_array_get(log, i);
	if (entry == NULL)
		die("nothing was asked there");
	len = (size_t)snprintf(ret, size, "%s %s?%s\n", said(entry, "method"), path, said(entry, "query"));
	const json_t *headers = json_object_get(entry, "headers");
	for (size_t i = 0; i < json_array_size(headers) && len < size; i++)
		len += (size_t)snprintf(ret + len, size - len, "%s\n",
		                        json_string_value(json_array_get(headers, i)));
	if (len < size)
		snprintf(ret + len, size - len, "%s\n", said(entry, "body"));
	json_decref(log);
}
