/*
 * test_statements_db.c - every statement of every noun, prepared against the
 * real schema: its columns are the struct's, by name and order.
 */
#include "flow/audit.h"
#include "flow/count.h"
#include "flow/migrate.h"
#include "flow/doctor.h"
#include "flow/jump.h"
#include "flow/pulse.h"
#include "model/account.h"
#include "model/alert.h"
#include "model/billing.h"
#include "model/config.h"
#include "model/message.h"
#include "model/schedule.h"
#include "model/sealed.h"
#include "model/sendback.h"
#include "model/sender.h"
#include "model/day.h"
#include "model/outgoing.h"
#include "model/payer.h"
#include "model/personal.h"
#include "model/posting.h"
#include "model/act.h"
#include "model/aside.h"
#include "model/endpoint.h"
#include "model/erasure.h"
#include "model/event.h"
#include "model/idempotency.h"
#include "model/key.h"
#include "model/login.h"
#include "model/match.h"
#include "model/merchant.h"
#include "model/refund.h"
#include "model/refundentry.h"
#include "model/session.h"
#include "model/shopurl.h"
#include "model/story.h"
#include "model/subject.h"
#include "model/transaction.h"
#include "model/payout.h"
#include "model/transfer.h"
#include "model/worker.h"
#include "tap.h"

#define NOUN(n) { #n, n##_stmts, &n##_nstmts }

static const struct {
	const char		*noun;
	const struct stmt	*stmts;
	const size_t		*n;
} nouns[] = {
	NOUN(account), NOUN(act), NOUN(alert), NOUN(aside), NOUN(audit), NOUN(billing), NOUN(config), NOUN(day), NOUN(doctor), NOUN(endpoint), NOUN(erasure),
	NOUN(event), NOUN(jump), NOUN(pulse),
	NOUN(idempotency), NOUN(key), NOUN(login), NOUN(match), NOUN(merchant), NOUN(message),
	NOUN(migrate), NOUN(outgoing), NOUN(payer), NOUN(payout), NOUN(personal), NOUN(posting), NOUN(refund), NOUN(refundentry), NOUN(schedule), NOUN(sealed), NOUN(sendback), NOUN(sender), NOUN(session), NOUN(shopurl), NOUN(story), NOUN(subject), NOUN(transaction),
	NOUN(transfer), NOUN(worker),
};

int
main(void)
{
	char why[256];
	struct cx cx = { .arena = arena_new() };
	int done = 0;

	tap_needs_db();
	if ((cx.conf = conf_read(NULL, why)) == NULL) {
		printf("not ok 1 - %s\n", why);
		return 1;
	}
	cx.db = db_new(cx.conf, cx.conf->db_name);
	cx_begin(&cx);
	is_int(migrate(&cx, migrations, &done), 0, "migrated: %s", cx.why);
	for (size_t i = 0; i < NELEM(nouns); i++)
		for (size_t j = 0; j < *nouns[i].n; j++) {
			fail_clear(&cx);
			is_int(db_check(&cx, &nouns[i].stmts[j]), 0,
			    "%s: statement %zu fits its struct: %s",
			    nouns[i].noun, j, cx.why);
		}
	for (size_t l = 0; checks[l] != NULL; l++)
		for (const struct check *c = checks[l]; c->name != NULL; c++)
			is_int(db_check(&cx, &c->find), 0, "audit: %s: %s",
			    c->name, cx.why);
	for (const struct count *c = counts; c->what != NULL; c++)
		is_int(db_check(&cx, &c->find), 0, "doctor: %s: %s",
		    c->what, cx.why);
	db_free(cx.db);
	conf_free(cx.conf);
	arena_free(cx.arena);
	return tap_done();
}
