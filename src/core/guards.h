/* The guards: a list of short functions, each with a name, a rule and a message with its numbers.
 * They run at validation and again at execution, on facts that the desk gathered; they read nothing
 * themselves.  (domain.md, "Guards") */
#ifndef CORE_GUARDS_H
#define CORE_GUARDS_H

#include "core/budget.h"
#include "core/intent.h"
#include "core/policy.h"
#include "core/sizing.h"
#include "core/strategy.h"
#include "core/symbol.h"

enum verdict_status { VERDICT_PASS, VERDICT_WARN, VERDICT_FAIL };
enum { GUARD_NAME_SIZE = 24, REPORT_MAX = 24 };

struct verdict {
	char name[GUARD_NAME_SIZE];       /* "stop" */
	enum verdict_status status;
	char code[40];                    /* the reason's stable name, "stop.wrong_side"; "stop.ok" */
	char message[256];                /* one line with its numbers */
	char details[512];                /* the numbers behind it, "key=value; key=value" */
};

enum guard_occasion { OCCASION_VALIDATE, OCCASION_EXECUTE };

/* A missing fact is not a verdict: guards that need it are not run, and the report says which. */
enum missing_fact {
	MISSING_NOTHING = 0, MISSING_QUOTE = 1, MISSING_FRESH_QUOTE = 2, MISSING_RULES = 4,
	MISSING_BALANCE = 8
};

struct guard_facts {
	enum guard_occasion occasion;
	const struct intent *intent;
	int64_t client_id;                        /* who asks */
	int64_t now_ms;
	const struct symbol_rules *rules;         /* NULL: unknown */
	bool is_symbol_unknown;                   /* the exchange says that there is no such symbol */
	const struct quote *quote;                /* NULL: none */
	int64_t quote_age_ms, stale_ms;
	const struct strategy *strategy;          /* NULL: none chosen */
	bool is_strategy_missing;                 /* one was named and does not exist */
	struct decimal strategy_drawdown_percent; /* of the mode asked for */
	const struct sizing *sizing;              /* computed on the fresh price; NULL if it could not be */
	const struct error *sizing_error;         /* why not */
	struct decimal risk_limit_percent;        /* the lowest of 1, the book's, the strategy's */
	struct policy_facts policy;
	bool has_balance;
	struct decimal balance_free;              /* quote asset */
	struct decimal fee_percent, gap_percent, slippage_percent;
	struct decimal max_drift_percent;         /* 0.5 */
	struct decimal stop_limit_percent;        /* exits.stop_limit_percent */
	/* The book around it, this client and mode only. */
	struct decimal symbol_exposure;           /* value open or executing in this symbol, without it */
	int symbol_open_count;                    /* ACTIVE operations in this symbol */
	struct decimal open_risk;                 /* of everything open or executing, without it */
	int duplicate_count;                      /* other VALIDATED/EXECUTING: symbol, side, entry, mode */
	char duplicate_id[INTENT_ID_SIZE];
	struct budget budget;
	struct decimal budget_base;
	/* The day's limits; has_* false: none set. */
	bool has_orders_limit, has_notional_limit, has_loss_limit;
	int64_t orders_limit, orders_today;
	struct decimal notional_limit, notional_today, loss_limit, loss_today;
	/* On the symbol, for the exchange's own limits; LIVE: of the account, whoever placed them. */
	int open_orders, open_algo_orders;
	int open_order_lists;                     /* an OTOCO counts as one */
	/* For MAX_POSITION.  LIVE: what the account has of the base asset, free and locked, and what its
	 * open BUY orders may add. */
	struct decimal base_held;
};

struct report {
	struct verdict checks[REPORT_MAX];
	int count, passed, warnings, failures;
	unsigned missing;                         /* of enum missing_fact */
	char missing_text[160];                   /* which facts, in words */
};

/* Run every guard, in the order of the list.  With a missing fact the report still holds what could
 * be judged; where no size could be computed, `size` says why and the guards that would judge a
 * quantity are left out.  A symbol that does not exist has one FAIL and no missing facts. */
void guards_run(const struct guard_facts *facts, struct report *ret);

/* The list itself, for the man page, the help and the tests: name and rule in words. */
struct guard_entry { const char *name; const char *rule; };
size_t guards_count(void);
struct guard_entry guards_entry(size_t index);

/* Every reason that a guard can give for WARN or FAIL: code and what it means.  At least 25. */
struct guard_reason { const char *code; enum verdict_status status; const char *meaning; };
size_t guards_reason_count(void);
struct guard_reason guards_reason(size_t index);

const char *verdict_status_name(enum verdict_status status);   /* "PASS", "WARN", "FAIL" */

#endif
