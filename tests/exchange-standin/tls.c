/* Certificates of all kinds, made anew at every start: one that is right, and those that a client
 * must refuse. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include "server.h"

static const char *const names[] = { "good", "expired", "wrong_host", "self_signed", "unknown_ca" };
const char *const *certificate_names = names;

enum { DAY_S = 86400 };

static bool
add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	bool added = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return added;
}

/* With no issuer it signs itself. */
static X509 *
make_cert(EVP_PKEY *key, const char *name, X509 *issuer, EVP_PKEY *issuer_key, bool authority,
          const char *hosts, long from_s, long to_s)
{
	static long serial = 1;
	X509 *cert = X509_new();
	X509_NAME *subject = X509_get_subject_name(cert);
	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(cert), from_s);
	X509_gmtime_adj(X509_getm_notAfter(cert), to_s);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(cert, issuer ? X509_get_subject_name(issuer) : subject);
	if (authority) {
		add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
		add_extension(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign");
		add_extension(cert, cert, NID_subject_key_identifier, "hash");
	} else {
		add_extension(cert, issuer ? issuer : cert, NID_subject_alt_name, hosts);
		add_extension(cert, issuer ? issuer : cert, NID_ext_key_usage, "serverAuth");
	}
	X509_sign(cert, issuer_key ? issuer_key : key, EVP_sha256());
	return cert;
}

static SSL_CTX *
context_of(X509 *cert, EVP_PKEY *key)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	if (ctx != NULL) {
		SSL_CTX_use_certificate(ctx, cert);
		SSL_CTX_use_PrivateKey(ctx, key);
		SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	}
	X509_free(cert);
	return ctx;
}

bool
tls_make(struct server *server, const char *dir)
{
	static const char here[] = "DNS:localhost,IP:127.0.0.1", away[] = "DNS:elsewhere.invalid";
	char path[4096];
	EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *strange_key = EVP_EC_gen("P-256");
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *ca = make_cert(ca_key, "stand-in CA", NULL, NULL, true, NULL, -DAY_S, DAY_S * 30);
	X509 *strange = make_cert(strange_key, "stranger", NULL, NULL, true, NULL, -DAY_S, DAY_S * 30);
	server->tls[CERT_GOOD] =
		context_of(make_cert(key, "localhost", ca, ca_key, false, here, -DAY_S, DAY_S * 30), key);
	server->tls[CERT_EXPIRED] =
		context_of(make_cert(key, "localhost", ca, ca_key, false, here, -DAY_S * 9, -DAY_S), key);
	server->tls[CERT_WRONG_HOST] =
		context_of(make_cert(key, "elsewhere", ca, ca_key, false, away, -DAY_S, DAY_S * 30), key);
	server->tls[CERT_SELF_SIGNED] =
		context_of(make_cert(key, "localhost", NULL, NULL, false, here, -DAY_S, DAY_S * 30), key);
	server->tls[CERT_UNKNOWN_CA] = context_of(
		make_cert(key, "localhost", strange, strange_key, false, here, -DAY_S, DAY_S * 30), key);
	snprintf(path, sizeof path, "%s/ca.pem", dir);
	FILE *file = fopen(path, "w");
	bool written = file != NULL && PEM_write_X509(file, ca) == 1;
	if (file != NULL)
		written &= fclose(file) == 0;
	X509_free(ca);
	X509_free(strange);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(strange_key);
	EVP_PKEY_free(key);
	return written;
}

SSL_CTX *
tls_context(struct server *server)
{
	int shown = server->certificate;
	if (shown != CERT_GOOD && server->certificate_count > 0 && --server->certificate_count == 0)
		server->certificate = CERT_GOOD;
	return server->tls[shown];
}
