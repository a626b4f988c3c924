/* A stand-in for Binance Spot: see README.txt. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "server.h"

enum { REQUESTS_A_MINUTE = 6000, RAW_IN_FIVE = 61000, PATIENCE = 10, BAN_MS = 120000 };

int64_t
clock_mono_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
server_now(struct server *server)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t wall = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	server->ex.now_ms = server->frozen_ms >= 0 ? server->frozen_ms : wall + server->offset_ms;
}

void
server_init(struct server *server)
{
	memset(server, 0, sizeof *server);
	exchange_init(&server->ex);
	server->limits.weight_limit = REQUESTS_A_MINUTE;
	server->limits.raw_limit = RAW_IN_FIVE;
	server->limits.patience = PATIENCE;
	server->limits.ban_ms = BAN_MS;
	server->frozen_ms = -1;
	server->log = json_array();
}

void
server_done(struct server *server)
{
	exchange_done(&server->ex);
	for (size_t i = 0; i < server->keys_len; i++) {
		EVP_PKEY_free(server->keys[i].public_key);
		free(server->keys[i].pem);
	}
	for (size_t i = 0; i < sizeof server->tls / sizeof *server->tls; i++)
		SSL_CTX_free(server->tls[i]);
	free(server->keys);
	free(server->faults);
	json_decref(server->log);
	tape_free(server);
}

static int
usage(void)
{
	fputs("usage: exchange-standin [--http PORT] [--tls PORT --tls-dir DIR] [--control PORT]\n"
	      "                        [--state FILE] [--stdin]\n"
	      "Port 0 (the default of --http and --control) takes any that is free.  What it listens on\n"
	      "is printed; README.txt tells the rest.\n", stderr);
	return 64;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "http", required_argument, NULL, 'h' }, { "tls", required_argument, NULL, 't' },
		{ "tls-dir", required_argument, NULL, 'd' }, { "control", required_argument, NULL, 'c' },
		{ "state", required_argument, NULL, 's' }, { "stdin", no_argument, NULL, 'i' },
		{ NULL, 0, NULL, 0 },
	};
	static struct server server;
	int ports[PORTS] = { 0, -1, 0 }, option;
	bool watch_stdin = false;
	server_init(&server);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'h': ports[PORT_HTTP] = atoi(optarg); break;
		case 't': ports[PORT_TLS] = atoi(optarg); break;
		case 'c': ports[PORT_CONTROL] = atoi(optarg); break;
		case 'd': server.tls_dir = optarg; break;
		case 's': server.state_path = optarg; break;
		case 'i': watch_stdin = true; break;
		default: return usage();
		}
	if (optind < argc || (ports[PORT_TLS] >= 0 && server.tls_dir == NULL))
		return usage();
	signal(SIGPIPE, SIG_IGN);
	if (ports[PORT_TLS] >= 0 && !tls_make(&server, server.tls_dir)) {
		fprintf(stderr, "exchange-standin: can't write certificates to %s\n", server.tls_dir);
		return 73;
	}
	json_t *state = server.state_path ? json_load_file(server.state_path, 0, NULL) : NULL;
	if (state == NULL || !state_load(&server, state))
		world_default(&server);
	json_decref(state);
	bool ran = net_run(&server, ports, watch_stdin);
	server_done(&server);
	return ran ? 0 : 69;
}
