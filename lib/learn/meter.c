/* meter.c - say how far a training has come. */
#include "config.h"

#include <math.h>

#include "base/usage.h"
#include "learn/meter.h"

/* "0:07", "12:34", "3:04:05" */
static void
print_time(struct mc_buf *text, double seconds)
{
	long long s = (long long)(seconds + 0.5);

	if (s >= 3600)
		mc_buf_printf(text, "%lld:%02lld:%02lld", s / 3600,
		    s / 60 % 60, s % 60);
	else
		mc_buf_printf(text, "%lld:%02lld", s / 60, s % 60);
}

static void
print_speed(const struct mc_meter *m, const struct mc_reading *r,
    struct mc_buf *text)
{
	double all = (double)m->epochs * (double)m->n_train;
	double done = (double)(r->epoch - 1) * (double)m->n_train +
	    (double)r->done;
	double fresh = done - (double)m->done_before;
	double passed = r->now - m->start;

	if (fresh <= 0 || passed <= 0)
		return;
	mc_buf_printf(text, fresh / passed < 1000 ? ", %.3g images/s, " :
	    ", %.0f images/s, ", fresh / passed);
	print_time(text, passed / fresh * (all - done));
	mc_buf_puts(text, " left");
}

void
mc_meter_print(const struct mc_meter *m, const struct mc_reading *r,
    struct mc_buf *text)
{
	text->len = 0;
	mc_buf_printf(text, "epoch %lld/%lld", (long long)r->epoch,
	    (long long)m->epochs);
	if (r->done < m->n_train)
		mc_buf_printf(text, ", image %zu/%zu", r->done, m->n_train);
	mc_buf_printf(text, ": loss %.4g", r->loss);
	if (!isnan(m->val_loss))
		mc_buf_printf(text, ", validation loss %.4g, accuracy %.3f",
		    m->val_loss, m->val_accuracy);
	if (!isnan(m->val_loss) && m->metric != NULL)
		mc_buf_printf(text, ", %s %.3f", m->metric, m->val_value);
	print_speed(m, r, text);
	mc_buf_printf(text, ", %lld MB",
	    (long long)(r->memory / 1000000));
}

/* Draw or say how far TRAIN, the walk of EPOCH, has come. */
static void
show(const struct mc_meter *m, int64_t epoch, const struct mc_walk *train)
{
	const struct mc_reading reading = { epoch, train->n,
	    mc_walk_loss(train), mc_seconds(), mc_peak_memory() };
	struct mc_buf text = { 0 };

	mc_meter_print(m, &reading, &text);
	if (m->draw == NULL)
		mc_say(m->say, "%s", text.data);
	else
		m->draw(text.data, epoch == m->epochs &&
		    train->n == m->n_train);
	mc_buf_free(&text);
}

void
mc_meter_start(struct mc_meter *m, int64_t epoch, const struct mc_walk *train)
{
	m->start = mc_seconds();
	m->val_loss = NAN;
	m->done_before = (epoch - 1) * (int64_t)m->n_train +
	    (int64_t)train->n;
}

void
mc_meter_step(const struct mc_meter *m, int64_t epoch,
    const struct mc_walk *train)
{
	if (m->draw != NULL)
		show(m, epoch, train);
}

void
mc_meter_epoch(struct mc_meter *m, const struct mc_walk *train,
    const struct mc_best *val)
{
	if (m->n_val > 0) {
		m->val_loss = val->loss;
		m->val_accuracy = val->accuracy;
		m->val_value = val->value;
	}
	show(m, val->epoch, train);
}
