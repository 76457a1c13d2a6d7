/* meter.c - say how far a training has come. */
#include "config.h"

#include <math.h>

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
	double all = (double)m->epochs * (double)m->per_epoch;
	double done = (double)(r->epoch - 1) * (double)m->per_epoch +
	    (double)r->done;
	double fresh = done - (double)m->done_before;
	double passed = r->now - m->start;

	if (fresh <= 0 || passed <= 0)
		return;
	mc_buf_printf(text, ", %.3g images/s, ", fresh / passed);
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
	if (r->done < m->per_epoch)
		mc_buf_printf(text, ", image %zu/%zu", r->done, m->per_epoch);
	mc_buf_printf(text, ": loss %.4g", r->loss);
	if (!isnan(m->val_loss))
		mc_buf_printf(text, ", validation loss %.4g, accuracy %.3g",
		    m->val_loss, m->val_accuracy);
	print_speed(m, r, text);
	mc_buf_printf(text, ", %lld MB",
	    (long long)(r->memory / 1000000));
}
