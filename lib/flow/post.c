#include <string.h>

#include "base/calendar.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "flow/batch.h"
#include "flow/compose.h"
#include "flow/post.h"
#include "io/smtp.h"
#include "io/twilio.h"
#include "model/sender.h"

#define IN_FLIGHT	64
#define CLAIM_SECONDS	90		/* above the time of a call */
#define LOOK_SECONDS	30		/* Twilio's list may be that late */
#define NO_LOGIN	600		/* seconds until it is looked for again */
#define ERROR_MAX	250
#define TEST_MS		6000

/* A message on its way; lives in its call's own arena. */
struct flight {
	struct web_call	 call;
	struct message	 m;
	struct sms	 sms;
	bool		 look;		/* it asks whether it went */
	struct verdict	 verdict;	/* without a call */
	bool		 dropped;	/* nobody needs it any more */
	bool		 borrowed;	/* the merchant's number, by the
					   platform's login */
};

struct post {
	struct arena	*arena;		/* its own; it lives in it */
	struct web	*web;
	int64_t		 channel, in_flight, max;
	struct flight	*flying[IN_FLIGHT];	/* .in_flight of them */
	int64_t		 landed;	/* of these, the first so many */
};

struct post *
post_new(struct cx *cx, int64_t channel)
{
	struct arena *a = arena_new();
	struct post *p = arena_alloc(a, sizeof(*p));

	p->arena = a;
	p->web = cx->web;
	p->channel = channel;
	p->max = cx->conf->mail_connections < IN_FLIGHT ?
	    cx->conf->mail_connections : IN_FLIGHT;
	return p;
}

void post_free(struct post *p) { arena_free(p->arena); }
void post_close(struct post *p) { p->max = 0; }

int64_t
post_pause(int64_t attempt)
{
	static const int64_t pauses[] = { 30, 120, 600, 1800, 3600, 3 * 3600,
	    6 * 3600, 12 * 3600 };

	return attempt < 1 || attempt > (int64_t)NELEM(pauses) ? 0 :
	    pauses[attempt - 1];
}

static const char *
copy(struct arena *a, const char *text)
{
	return text == NULL ? NULL : arena_copy(a, text, strlen(text));
}

/* What a message needs to be written. */
struct draft {
	struct schedule	 schedule;
	struct billing	 billing;
	struct session	 session;
	struct config	 config;
	struct composed	 text;
};

static enum err
read_draft(struct cx *cx, const struct message *m, struct draft *d)
{
	enum err e;

	if ((e = schedule_find(cx, m->schedule_id, &d->schedule)) != 0 ||
	    (e = billing_find(cx, m->cycle_id, &d->billing)) != 0 ||
	    (e = session_read(cx, d->billing.session_id, &d->session)) != 0 ||
	    (e = config_read(cx, m->sender_id, &d->config)) != 0)
		return e;
	compose(cx, &d->schedule, &d->billing, &d->session, m->reminder,
	    &d->text);
	return 0;
}

static bool
wanted(const struct draft *d)
{
	return d->billing.status == BILLING_OPEN &&
	    (d->schedule.status == SCHEDULE_ACTIVE ||
	    d->schedule.status == SCHEDULE_COMPLETED);
}

static bool
no_login(struct flight *f, const char *error)
{
	f->verdict = (struct verdict){ FATE_PARK, 0, NO_LOGIN, error, NULL };
	return false;
}

/* Copies what the call points to into its own arena. */
static bool
make_mail(struct cx *cx, struct arena *a, const struct draft *d,
    struct flight *f)
{
	const struct config *c = &d->config;
	const char *from = c->smtp_user == NULL ? NULL :
	    compose_from(&d->schedule, c);
	struct smtp_login l = compose_login(cx, c);
	const char *host, *id;

	if (from == NULL || c->smtp_pass == NULL)
		return no_login(f, "no smtp_user and smtp_pass are set");
	l.user = copy(a, l.user);
	l.password = copy(a, l.password);
	host = strchr(from, '@');
	id = arena_printf(cx->arena, "dapit-%" PRId64 "-%" PRId64 "%s",
	    f->m.id, d->session.id, host == NULL ? "@localhost" : host);
	smtp_call(a, &l, copy(a, from), f->m.recipient, copy(a, compose_mail(
	    cx, &d->schedule, c, &d->text, id, f->m.recipient)), &f->call);
	/* the platform's server may be inside, a merchant's may not */
	f->call.public_only = f->m.sender_id != 0 &&
	    !cx->conf->private_callbacks;
	return true;
}

static bool
make_sms(struct cx *cx, struct arena *a, const struct draft *d,
    struct flight *f)
{
	const struct config *c = &d->config;
	const char *own = d->schedule.sms_phone;
	const char *from = own != NULL && own[0] != '\0' ? own :
	    c->twilio_phone;
	struct twilio_login l = { cx->conf->sms_url, c->twilio_sid,
	    c->twilio_token, cx->conf->sms_ca };

	if (c->twilio_sid == NULL || c->twilio_token == NULL || from == NULL)
		return no_login(f, "no twilio_sid, twilio_token and"
		    " twilio_phone are set");
	l.sid = copy(a, l.sid);
	l.token = copy(a, l.token);
	f->borrowed = from == own && f->m.sender_id == 0;
	f->sms = (struct sms){ .from = copy(a, from), .to = f->m.recipient,
	    .body = copy(a, d->text.sms),
	    .callback = strncmp(cx->conf->url, "https://", 8) != 0 ? NULL :
		arena_printf(a, "%s/api/recurring.php?action=sms_status"
		"&message=%" PRId64, cx->conf->url, f->m.id) };
	if (f->look)
		twilio_look(a, &l, &f->sms, day_of(f->m.due_at -
		    CLAIM_SECONDS) - 1, &f->call);
	else
		twilio_call(a, &l, &f->sms, &f->call);
	return true;
}

/* It changes places with the first that has not landed. */
static void
land(struct post *p, const struct flight *f)
{
	int64_t i = p->landed;
	struct flight *first = p->flying[p->landed];

	while (p->flying[i] != f)
		i++;
	p->flying[p->landed++] = p->flying[i];
	p->flying[i] = first;
}

static void
start(struct cx *cx, struct post *p, const struct message *m, bool look)
{
	struct arena *a = arena_new();
	struct flight *f = arena_alloc(a, sizeof(*f));
	struct draft d = { 0 };
	bool made;
	enum err e;

	f->m = *m;
	f->m.recipient = copy(a, m->recipient);
	f->look = look;
	f->call.arena = a;
	if ((e = read_draft(cx, m, &d)) != 0) {
		log_say(cx, "post", "message %" PRId64 ": %s", m->id,
		    cx->why);
		fail_clear(cx);		/* it never left: try again later */
		f->verdict.fate = FATE_LATER;
	}
	f->dropped = e == 0 && !look && !wanted(&d);
	made = e == 0 && !f->dropped && (p->channel == CHANNEL_EMAIL ?
	    make_mail(cx, a, &d, f) : make_sms(cx, a, &d, f));
	f->call.owner = f;
	p->flying[p->in_flight++] = f;
	if (made)
		web_start(p->web, &f->call);
	else
		land(p, f);
}

struct claim {
	struct post	*p;
	struct rows	 senders;
	struct rows	*claimed;	/* of struct message, for each */
};

/* A day's mails with the login of a sender; 0: any number. */
static enum err
find_limit(struct cx *cx, const struct post *p, int64_t sender_id,
    int64_t *per_day)
{
	struct config c;
	enum err e;

	*per_day = 0;
	if (p->channel != CHANNEL_EMAIL)
		return 0;
	if ((e = config_read(cx, sender_id, &c)) != 0)
		return e;
	if (c.smtp_host == NULL || strcmp(c.smtp_host, GMAIL) == 0)
		*per_day = cx->conf->mail_gmail_per_day;
	return 0;
}

static enum err
claim_one(struct cx *cx, const struct post *p, int64_t sender_id,
    int64_t room, struct rows *rows)
{
	int64_t per_day, got;
	enum err e;

	if ((e = find_limit(cx, p, sender_id, &per_day)) != 0 ||
	    (e = sender_take(cx, sender_id, p->channel, per_day, room,
	    &got)) != 0)
		return e;
	if (got == 0)
		return 0;
	if ((e = message_claim(cx, p->channel, sender_id, got, CLAIM_SECONDS,
	    rows)) != 0 || per_day == 0)
		return e;
	return sender_give(cx, sender_id, p->channel,
	    got - (int64_t)rows->n);
}

static enum err
claim(struct cx *cx, void *arg)
{
	struct claim *c = arg;
	const struct sender_due *s;
	int64_t room = c->p->max - c->p->in_flight, share;
	enum err e;

	if ((e = message_senders(cx, c->p->channel, &c->senders)) != 0)
		return e;
	s = c->senders.row;
	c->claimed = arena_alloc(cx->arena, (c->senders.n + 1) *
	    sizeof(*c->claimed));
	for (size_t i = 0; i < c->senders.n && room > 0; i++) {
		share = room / (int64_t)(c->senders.n - i);
		e = claim_one(cx, c->p, s[i].sender_id, share > 0 ? share : 1,
		    &c->claimed[i]);
		if (e != 0)
			return e;
		room -= (int64_t)c->claimed[i].n;
	}
	return 0;
}

static enum err
start_due(struct cx *cx, struct post *p)
{
	struct claim c = { .p = p };
	enum err e;

	if (p->max <= p->in_flight)
		return 0;
	if ((e = db_tx(cx, claim, &c)) != 0)
		return e;
	for (size_t i = 0; i < c.senders.n; i++) {
		const struct message *m = c.claimed[i].row;

		for (size_t j = 0; j < c.claimed[i].n; j++)
			start(cx, p, &m[j], false);
	}
	return 0;
}

/* Claims that ran out: a mail stays unknown, of an SMS Twilio is asked. */
static enum err
find_lost(struct cx *cx, struct post *p)
{
	struct rows rows;
	const struct message *all;
	enum err e;

	if ((e = message_lost(cx, p->channel, &rows)) != 0)
		return e;
	all = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		struct message m = all[i];

		if (p->channel == CHANNEL_SMS && p->in_flight >= p->max)
			return 0;

		if (p->channel == CHANNEL_EMAIL) {
			m.status = MESSAGE_UNKNOWN;
			m.error = "who sent it ended in the middle";
		} else
			m.due_at = cx->now + CLAIM_SECONDS;
		if ((e = message_tried(cx, &m, NULL)) != 0)
			return e;
		if (p->channel == CHANNEL_SMS)
			start(cx, p, &m, true);
	}
	return 0;
}

static struct verdict
judge(const struct post *p, const struct flight *f)
{
	struct verdict v;

	if (f->call.method == NULL)
		return f->verdict;
	if (f->look)
		return twilio_found(&f->call, &f->sms);
	if (p->channel == CHANNEL_EMAIL)
		return smtp_judge(&f->call);
	v = twilio_judge(&f->call);
	if (f->borrowed && v.fate == FATE_PARK && v.code >= 21000)
		v.fate = FATE_NEVER;	/* the number's fault, not others' */
	return v;
}

/* What is next for a message: its status, and when. */
static void
decide(const struct cx *cx, const struct post *p, const struct verdict *v,
    struct message *m)
{
	int64_t pause = post_pause(m->attempts);

	m->error = v->error;
	m->due_at = cx->now;
	switch (v->fate) {
	case FATE_SENT:
		m->status = MESSAGE_SENT;
		m->provider_id = v->id;
		return;
	case FATE_NEVER:
		m->status = MESSAGE_FAILED;
		return;
	case FATE_PARK:
		m->status = MESSAGE_PENDING;
		return;
	case FATE_UNKNOWN:
		m->status = p->channel == CHANNEL_EMAIL ? MESSAGE_UNKNOWN :
		    MESSAGE_SENDING;
		m->due_at += LOOK_SECONDS;
		return;
	case FATE_LATER:
		m->status = pause == 0 ? MESSAGE_FAILED : MESSAGE_PENDING;
		m->due_at = wait_until(WAIT_MESSAGE, v->pause > pause ?
		    v->pause : pause, cx->now);
		return;
	}
}

static enum err
resolve(struct cx *cx, struct post *p, struct flight *f)
{
	struct verdict v = judge(p, f);
	struct message m = f->m;
	struct try t = { .ms = f->call.ms, .code = v.code };
	enum err e;

	if (f->dropped) {
		m.status = MESSAGE_DROPPED;
		return message_tried(cx, &m, NULL);
	}
	if (v.error != NULL)
		v.error = str_cut(cx->arena, v.error, ERROR_MAX);
	t.error = v.error;
	decide(cx, p, &v, &m);
	if ((e = message_tried(cx, &m, f->look ? NULL : &t)) != 0 ||
	    v.fate != FATE_PARK)
		return e;
	return sender_park(cx, m.sender_id, p->channel,
	    wait_until(WAIT_PARKED, v.pause, cx->now),
	    v.error == NULL ? "" : v.error);
}

static enum err
book(struct cx *cx, void *arg, int64_t i)
{
	return resolve(cx, arg, ((struct post *)arg)->flying[i]);
}

static const char *
name(struct cx *cx, void *arg, int64_t i)
{
	return arena_printf(cx->arena, "message %" PRId64,
	    ((struct post *)arg)->flying[i]->m.id);
}

static enum err
book_landed(struct cx *cx, struct post *p)
{
	enum err e;

	if (p->landed == 0)
		return 0;
	cx_tick(cx);
	e = batch_book(cx, &(struct batch){ p, p->landed, book, name, NULL,
	    channel_word(p->channel), NULL });
	if (e != 0)
		return e;
	for (int64_t i = 0; i < p->landed; i++)
		arena_free(p->flying[i]->call.arena);
	p->in_flight -= p->landed;
	memmove(p->flying, p->flying + p->landed,
	    (size_t)p->in_flight * sizeof(p->flying[0]));
	p->landed = 0;
	return 0;
}

enum err
post_turn(struct cx *cx, struct post *p, int wait_ms, bool *busy)
{
	struct web_call *call;
	enum err e, e2;

	if ((e = find_lost(cx, p)) == 0)
		e = start_due(cx, p);
	*busy = p->in_flight > 0;
	while (p->in_flight > p->landed && (call = web_next(p->web,
	    p->landed > 0 ? 0 : wait_ms)) != NULL)
		land(p, call->owner);
	e2 = book_landed(cx, p);
	return e != 0 ? e : e2;
}

enum err
post_test(struct cx *cx, const struct schedule *s, int64_t channel,
    const char *recipient, struct verdict *v)
{
	struct draft d = { .schedule = *s };
	struct flight f = { .m = { .recipient = recipient,
	    .channel = channel } };
	struct post p = { .channel = channel };
	enum err e;

	if ((e = config_read(cx, s->merchant_id, &d.config)) != 0)
		return e;
	f.m.sender_id = s->merchant_id;
	if ((channel == CHANNEL_EMAIL ? d.config.smtp_user :
	    d.config.twilio_sid) == NULL) {
		f.m.sender_id = 0;
		if ((e = config_read(cx, 0, &d.config)) != 0)
			return e;
	}
	d.billing = (struct billing){ .amount = schedule_amount(s),
	    .billing_day = s->anchor_day };
	d.session = (struct session){ .amount = d.billing.amount };
	compose(cx, s, &d.billing, &d.session, 0, &d.text);
	f.call.arena = cx->arena;
	if (channel == CHANNEL_EMAIL ? make_mail(cx, cx->arena, &d, &f) :
	    make_sms(cx, cx->arena, &d, &f)) {
		f.call.timeout = TEST_MS;	/* somebody waits */
		web_run(cx->web, &f.call);
	}
	*v = judge(&p, &f);
	return 0;
}
