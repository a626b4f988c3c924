/* The audit trail: what was changed, removed, moved or put in is found and named, the end included;
 * and the head beside the database tells the truth and no more. */
#include "tests/store/world.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EVENTS = 6 };

static void
append(struct world *world, int count)
{
	for (int i = 0; i < count; i++) {
		char summary[40];
		text_format(summary, sizeof(summary), "decision %d", i + 1);
		assert_ok(world, store_begin(world->store, &world->err));
		world_event(world, "test.decided", summary);
		assert_ok(world, store_commit(world->store, &world->err));
	}
}

static struct chain_result
verify(struct world *world)
{
	struct chain_result result;

	assert_ok(world, store_verify_chain(world->store, &result, &world->err));
	return result;
}

static void
must_be_broken(struct world *world, int64_t seq)
{
	struct chain_result result = verify(world);
	char number[24];

	if (result.ok || result.broken_seq != seq)
		fail_msg("wanted broken at %lld, got %s at %lld: %s", (long long)seq, result.ok ? "ok" : "broken",
		         (long long)result.broken_seq, result.what);
	text_format(number, sizeof(number), "event %lld ", (long long)seq);
	assert_non_null(strstr(result.what, number));
}

static void
an_empty_trail_and_a_whole_one_verify(void **state)
{
	struct world *world = *state;

	assert_true(verify(world).ok);
	assert_int_equal(verify(world).length, 0);
	append(world, EVENTS);
	assert_true(verify(world).ok);
	assert_int_equal(verify(world).length, EVENTS);
	assert_int_equal(verify(world).broken_seq, 0);
}

static void
every_field_of_an_event_is_in_its_hash(void **state)
{
	struct world *world = *state;
	static const char *const changes[] = {
		"at_ms = at_ms + 1", "client_id = 2", "actor = 'nobody'", "kind = 'test.other'",
		"intent_id = 'x'", "operation_id = 7", "client_order_id = 'x'", "summary = 'decision X'",
		"data = '{\"a\":\"1.50\"}'", "hash = replace(hash, substr(hash, 1, 1), 'f')",
		/* The same bytes, moved from one field into its neighbour. */
		"actor = 'person/testt', kind = 'est.decided'", "summary = 'x', client_order_id = 'y'",
	};

	append(world, EVENTS);
	stranger_drops_triggers(world);
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		stranger_must(world, "CREATE TEMP TABLE kept AS SELECT * FROM events WHERE seq = 3");
		stranger_must(world, "UPDATE events SET %s WHERE seq = 3", changes[i]);
		must_be_broken(world, 3);
		stranger_must(world, "DELETE FROM events WHERE seq = 3; INSERT INTO events SELECT * FROM kept; "
		              "DROP TABLE kept");
		assert_true(verify(world).ok);
	}
	stranger_must(world, "UPDATE events SET previous_hash = (SELECT hash FROM events WHERE seq = 5) "
	              "WHERE seq = 3");
	must_be_broken(world, 3);
}

static void
a_removed_event_is_named(void **state)
{
	struct world *world = *state;

	append(world, EVENTS);
	stranger_drops_triggers(world);
	for (int seq = EVENTS; seq >= 1; seq--) {
		stranger_must(world, "CREATE TEMP TABLE kept AS SELECT * FROM events WHERE seq = %d; "
		              "DELETE FROM events WHERE seq = %d", seq, seq);
		must_be_broken(world, seq);          /* the last one is known by the head alone */
		stranger_must(world, "INSERT INTO events SELECT * FROM kept; DROP TABLE kept");
	}
	stranger_must(world, "DELETE FROM events WHERE seq > 3");
	must_be_broken(world, 4);
	stranger_must(world, "DELETE FROM events");
	must_be_broken(world, 1);
}

static void
a_removed_event_whose_gap_was_closed_is_named(void **state)
{
	struct world *world = *state;

	append(world, EVENTS);
	stranger_drops_triggers(world);
	stranger_must(world, "DELETE FROM events WHERE seq = 3");
	for (int seq = 4; seq <= EVENTS; seq++)
		stranger_must(world, "UPDATE events SET seq = %d WHERE seq = %d", seq - 1, seq);
	must_be_broken(world, 3);
}

static void
reordered_events_are_named(void **state)
{
	struct world *world = *state;

	append(world, EVENTS);
	stranger_drops_triggers(world);
	stranger_must(world, "UPDATE events SET seq = 100 WHERE seq = 2; UPDATE events SET seq = 2 WHERE seq = 4; "
	              "UPDATE events SET seq = 4 WHERE seq = 100");
	must_be_broken(world, 2);
}

static void
an_inserted_event_is_named(void **state)
{
	struct world *world = *state;

	append(world, EVENTS);
	stranger_drops_triggers(world);
	stranger_must(world, "UPDATE events SET seq = seq + 1000 WHERE seq > 3; "
	              "UPDATE events SET seq = seq - 999 WHERE seq > 1000; "
	              "INSERT INTO events SELECT 4, at_ms, client_id, actor, kind, intent_id, operation_id, "
	              "client_order_id, 'put in', data, hash, '%064d' FROM events WHERE seq = 3", 0);
	must_be_broken(world, 4);
	stranger_must(world, "DELETE FROM events WHERE seq = 4; UPDATE events SET seq = seq + 1000 WHERE seq > 4; "
	              "UPDATE events SET seq = seq - 1001 WHERE seq > 1000");
	assert_true(verify(world).ok);
	stranger_must(world, "PRAGMA ignore_check_constraints = ON; INSERT INTO events SELECT 0, at_ms, client_id, actor, kind, intent_id, operation_id, "
	              "client_order_id, summary, data, previous_hash, hash FROM events WHERE seq = 1");
	assert_false(verify(world).ok);
}

/* Somebody who rehashes the rest of the chain is seen by the head. */
static void
a_rewritten_end_is_not_what_the_head_names(void **state)
{
	struct world *world = *state;

	append(world, EVENTS);
	stranger_drops_triggers(world);
	stranger_must(world, "DELETE FROM events WHERE seq >= 5");
	stranger_restores_triggers(world);
	append(world, 2);                            /* a chain that is right in itself */
	must_be_broken(world, 6);
	append(world, 3);                            /* and the head does not move onto it */
	must_be_broken(world, 6);
}

static void
a_head_behind_a_missing_head_and_a_broken_one_are_no_alarm(void **state)
{
	struct world *world = *state;
	char name[700], hash[EVENT_HASH_SIZE];
	int64_t seq;

	append(world, EVENTS);
	text_format(name, sizeof(name), "%s.audit-head", world->path);
	assert_true(head_read(world->path, &seq, hash));
	assert_int_equal(seq, EVENTS);
	append(world, 1);
	assert_true(head_write(world->path, seq, hash));     /* as a crash after the commit leaves it */
	assert_true(verify(world).ok);
	append(world, 1);
	assert_true(head_read(world->path, &seq, hash));
	assert_int_equal(seq, EVENTS + 2);
	FILE *file = fopen(name, "w");
	assert_non_null(file);
	fputs("garbage", file);
	fclose(file);
	assert_true(verify(world).ok);
	assert_non_null(strstr(verify(world).what, "missing"));
	append(world, 1);
	assert_true(head_read(world->path, &seq, hash));
	assert_int_equal(unlink(name), 0);
	assert_true(verify(world).ok);
	append(world, 1);
	assert_true(head_read(world->path, &seq, hash));
	assert_int_equal(seq, EVENTS + 4);
}

static void
a_rolled_back_event_leaves_nothing(void **state)
{
	struct world *world = *state;
	char hash[EVENT_HASH_SIZE];
	int64_t seq;

	append(world, 2);
	assert_ok(world, store_begin(world->store, &world->err));
	world_event(world, "test.undone", "never");
	store_rollback(world->store);
	append(world, 1);
	assert_true(head_read(world->path, &seq, hash));
	assert_int_equal(seq, 3);
	assert_true(verify(world).ok);
}

static void
an_event_needs_a_transaction(void **state)
{
	struct world *world = *state;
	struct event event = { .client_id = 1, .actor = "a", .kind = "k" };

	assert_status(world, store_event_append(world->store, &event, &world->err), STATUS_BUG);
	assert_ok(world, store_begin_read(world->store, &world->err));
	assert_status(world, store_event_append(world->store, &event, &world->err), STATUS_BUG);
	store_rollback(world->store);
}

static bool
keep_data(void *self, const struct event *event)
{
	text_copy(self, 200, event->data);
	return false;
}

static void
numbers_that_are_no_json_are_kept_as_a_string(void **state)
{
	struct world *world = *state;
	static const struct { const char *in, *out; } cases[] = {
		{ NULL, "{}" }, { "", "{}" }, { "{\"a\":1}", "{\"a\":1}" }, { "{\"a\":", "\"{\\\"a\\\":\"" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct event event = { .client_id = 1, .actor = "a", .kind = "k", .data = cases[i].in };
		char data[200];
		assert_ok(world, store_begin(world->store, &world->err));
		assert_ok(world, store_event_append(world->store, &event, &world->err));
		assert_ok(world, store_commit(world->store, &world->err));
		assert_int_equal(event.seq, i + 1);
		assert_int_equal(strlen(event.hash), 64);
		assert_ok(world, store_events(world->store, &(struct event_query){ .newest_first = true },
		                              keep_data, data, &world->err));
		assert_string_equal(data, cases[i].out);
	}
	assert_true(verify(world).ok);
}

/* Written down once by hand, so that the form of the hash can't change unnoticed. */
static void
the_hash_is_sha256_over_netstrings(void **state)
{
	struct world *world = *state;
	struct event event = {
		.at_ms = 1234, .client_id = 1, .actor = "person/test", .kind = "test.decided", .summary = "decision 1",
		.data = "{\"a\":\"1.5\"}",
	};
	static const char content[] = "1:1,4:1234,1:1,11:person/test,12:test.decided,0:,1:0,0:,10:decision 1,"
		"11:{\"a\":\"1.5\"},64:0000000000000000000000000000000000000000000000000000000000000000,";
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[EVENT_HASH_SIZE];
	unsigned len;

	assert_ok(world, store_begin(world->store, &world->err));
	assert_ok(world, store_event_append(world->store, &event, &world->err));
	assert_ok(world, store_commit(world->store, &world->err));
	assert_int_equal(EVP_Digest(content, sizeof(content) - 1, digest, &len, EVP_sha256(), NULL), 1);
	for (unsigned i = 0; i < len; i++)
		snprintf(hex + 2 * (size_t)i, 3, "%02x", digest[i]);
	assert_string_equal(event.hash, hex);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_empty_trail_and_a_whole_one_verify),
		TEST(every_field_of_an_event_is_in_its_hash),
		TEST(a_removed_event_is_named),
		TEST(a_removed_event_whose_gap_was_closed_is_named),
		TEST(reordered_events_are_named),
		TEST(an_inserted_event_is_named),
		TEST(a_rewritten_end_is_not_what_the_head_names),
		TEST(a_head_behind_a_missing_head_and_a_broken_one_are_no_alarm),
		TEST(a_rolled_back_event_leaves_nothing),
		TEST(an_event_needs_a_transaction),
		TEST(numbers_that_are_no_json_are_kept_as_a_string),
		TEST(the_hash_is_sha256_over_netstrings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
