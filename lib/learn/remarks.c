/* remarks.c - say what a training reads and keeps. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "learn/remarks.h"

/* How many findings are listed in one line. */
#define MOST_FINDINGS 20

/*
 * Say how many training images each finding has or, of many findings, the rarest
 * and the most frequent.
 */
static void
remark_findings(const struct mc_dataset *d, void (*say)(const char *line))
{
	size_t n = d->n_classes, least = 0, most = 0, i, unknown;
	size_t *with = mc_xcalloc(2 * n, sizeof(*with)), *without = with + n;
	struct mc_buf text = { 0 };

	mc_dataset_count(d, d->train, d->n_train, with, without);
	for (i = 0; i < n; i++) {
		least = with[i] < with[least] ? i : least;
		most = with[i] > with[most] ? i : most;
		unknown = d->n_train - with[i] - without[i];
		mc_buf_printf(&text, "%s%s %zu", i > 0 ? ", " : "",
		    d->classes[i], with[i]);
		if (unknown > 0)
			mc_buf_printf(&text, " (%zu uncertain)", unknown);
	}
	if (n <= MOST_FINDINGS)
		mc_say(say, "training images with each finding: %s",
		    text.data);
	else
		mc_say(say, "%zu findings: \"%s\" has the fewest training "
		    "images, %zu, and \"%s\" the most, %zu", n,
		    d->classes[least], with[least], d->classes[most],
		    with[most]);
	mc_buf_free(&text);
	free(with);
}

/* Findings that look like classes, or a word for none that no label has. */
static void
remark_word(const struct mc_dataset *d, void (*say)(const char *line))
{
	const char *none = d->multilabel.no_finding;
	size_t i, n;

	for (i = 0; i < d->n_texts; i++) {
		const struct mc_finding *f = mc_findings_of(d->findings, i, &n);

		if (n != 1 || f->state != MC_FINDING_YES) {
			mc_findings_say_unused(d->findings, NULL, say);
			return;
		}
	}
	mc_say(say, "every image has one finding, and no label is \"%s\": "
	    "leave out --multilabel if these are classes, or say with "
	    "--no-finding which label means no finding",
	    none != NULL ? none : MC_NO_FINDING);
}

/*
 * Classes, or findings, without a validation image, which cannot help to choose
 * the epoch.
 */
static void
remark_classes(const struct mc_dataset *d, void (*say)(const char *line))
{
	bool findings = d->multilabel.on;
	size_t *with = mc_xcalloc(2 * d->n_classes, sizeof(*with)), i;
	size_t missing = 0, first = 0;

	mc_dataset_count(d, d->val, d->n_val, with, with + d->n_classes);
	for (i = d->n_classes; i-- > 0 && d->n_val > 0;) {
		if (with[i] > 0)
			continue;
		missing++;
		first = i;
	}
	free(with);
	if (missing == 1)
		mc_say(say, "no validation image %s \"%s\"", findings ?
		    "with the finding" : "of the class", d->classes[first]);
	else if (missing > 1)
		mc_say(say, "no validation image %s %zu of the %zu %s, "
		    "such as \"%s\"", findings ? "with" : "of", missing,
		    d->n_classes, findings ? "findings" : "classes",
		    d->classes[first]);
}

/* A class that looks like several findings. */
static void
remark_joined(const struct mc_dataset *d, void (*say)(const char *line))
{
	size_t i;

	for (i = 0; i < d->n_classes; i++) {
		if (strchr(d->classes[i], '|') == NULL)
			continue;
		mc_say(say, "the label \"%s\" is treated as a class of its own; "
		    "give --multilabel to train on each finding",
		    d->classes[i]);
		return;
	}
}

/* Grey levels of DICOM, or of NIfTI, that were not made in one way. */
static void
remark_levels(const struct mc_dataset *d, void (*say)(const char *line))
{
	struct mc_buf text = { 0 };
	bool differ = false;
	size_t i;

	for (i = 0; i < d->grey.n; i++)
		differ |= mc_grey_other(&d->grey, d->grey.value[i]) != NULL;
	mc_grey_print(&d->grey, &text);
	if (differ)
		mc_say(say, "the grey levels of the images are made in several "
		    "ways: %s", text.data);
	mc_buf_free(&text);
}

/* Say how many images train and validate, and which others do not. */
static void
remark_counts(const struct mc_dataset *d, int64_t fold, double share,
    void (*say)(const char *line))
{
	char part[3][64];
	size_t n = 0;

	if (share > 0)
		snprintf(part[n++], sizeof(part[0]), "%lld image%s outside "
		    "share %g", (long long)d->n_outside,
		    MC_PLURAL(d->n_outside), share);
	if (fold > 0)
		snprintf(part[n++], sizeof(part[0]), "%lld image%s of fold "
		    "%lld", (long long)d->n_held, MC_PLURAL(d->n_held),
		    (long long)fold);
	if (d->n_test > 0 || n == 0)
		snprintf(part[n++], sizeof(part[0]), "%lld test image%s",
		    (long long)d->n_test, MC_PLURAL(d->n_test));
	mc_say(say, "training on %zu image%s, validating on %zu; %s%s%s%s%s not "
	    "used", d->n_train, MC_PLURAL(d->n_train), d->n_val, part[0],
	    n > 2 ? ", " : "", n > 2 ? part[1] : "", n > 1 ? " and " : "",
	    n > 1 ? part[n - 1] : "");
}

void
mc_remark_data(const struct mc_dataset *d, int64_t fold, double share,
    void (*say)(const char *line))
{
	remark_counts(d, fold, share, say);
	if (d->n_val > 0 && d->n_units_validate > 0 &&
	    d->n_units_validate < MC_ENOUGH_VALIDATE)
		mc_say(say, "the validation images are of %lld group%s "
		    "(patients), which is few: the validation metrics, and what "
		    "is chosen by them, depend on chance", (long long)
		    d->n_units_validate, MC_PLURAL(d->n_units_validate));
	if (d->n_bad > 0)
		mc_say(say, "%lld image%s left out that could not be read or "
		    "decoded",
		    (long long)d->n_bad, MC_PLURAL(d->n_bad));
	remark_levels(d, say);
	if (d->multilabel.on) {
		remark_findings(d, say);
		remark_word(d, say);
	} else {
		remark_joined(d, say);
	}
	remark_classes(d, say);
	if (d->n_copies_val > 0)
		mc_say(say, "%lld validation image%s of training images: "
		    "mc-split keeps copies together",
		    (long long)d->n_copies_val, d->n_copies_val == 1 ?
		    " is a byte-for-byte copy" : "s are byte-for-byte copies");
	if (d->n_copies_left > 0)
		mc_say(say, "%lld of the images not used %s of images used, "
		    "and mc-predict will refuse %s: mc-split keeps copies "
		    "together", (long long)d->n_copies_left,
		    d->n_copies_left == 1 ? "is a byte-for-byte copy" :
		    "are byte-for-byte copies",
		    d->n_copies_left == 1 ? "it" : "them");
	if (d->n_units_val > 0)
		mc_say(say, "groups with training images and validation images: "
		    "%lld: mc-split keeps groups together",
		    (long long)d->n_units_val);
	if (d->n_units_left > 0)
		mc_say(say, "groups with images used and images not used: "
		    "%lld: predictions of these are better than those of new "
		    "patients: mc-split keeps groups together",
		    (long long)d->n_units_left);
}

/*
 * The largest decay, to one digit of its distance from 1, that averages over at
 * most a tenth of N steps; 0: none does.
 */
static double
fitting_decay(double n)
{
	double rest = 10 / n, digit = pow(10, floor(log10(rest)));

	rest = ceil(rest / digit - 1e-9) * digit;
	return rest < 1 ? 1 - rest : 0;
}

void
mc_remark_average(const struct mc_training *g, void (*say)(const char *line))
{
	const struct mc_length length = mc_train_length(g);
	double n = (double)length.epochs * (double)length.steps;
	double decay = g->recipe.ema, fits = fitting_decay(n);
	struct mc_buf remedy = { 0 };

	if ((1 - decay) * n >= 1 - 1e-9)
		return;
	if (fits > 0)
		mc_buf_printf(&remedy, "give --ema %.12g or less", fits);
	else
		mc_buf_puts(&remedy, "leave out --ema");
	mc_say(say, "--ema %.9g averages over about %.0f steps, more than the "
	    "%.0f of this training, so the first ones would dominate: %s",
	    decay, 1 / (1 - decay), n, remedy.data);
	mc_buf_free(&remedy);
}

void
mc_remark_features(const struct mc_dataset *d, void (*say)(const char *line))
{
	const float *first, *x;
	size_t i, j;
	float slack = 0;

	if (d->kept.form != MC_KEEP_FEATURES || d->n < 2)
		return;
	first = mc_records_at(d->kept.records, 0);
	for (j = 0; j < d->kept.dim; j++)
		slack = fmaxf(slack, 1e-5f * fabsf(first[j]));
	for (i = 1; i < d->n; i++) {
		x = mc_records_at(d->kept.records, i);
		for (j = 0; j < d->kept.dim; j++)
			if (fabsf(x[j] - first[j]) > slack)
				return;
	}
	mc_say(say, "all %zu images have the same features, so no head can tell "
	    "them apart: check the images, --mean, --std and --weights", d->n);
}

/* Append how KEPT has done: ": validation auroc:macro 0.981, accuracy 0.9,..." */
static void
add_validation(const struct mc_criterion *c, const struct mc_best *kept,
    struct mc_buf *text)
{
	mc_buf_puts(text, ": validation ");
	if (mc_criterion_has_column(c)) {
		mc_criterion_name(c, text);
		mc_buf_printf(text, " %.3f, ", kept->value);
	}
	mc_buf_printf(text, "accuracy %.3f, loss %.4g", kept->accuracy,
	    kept->loss);
}

/* Append which epoch, or which value, G has kept. */
static void
add_kept(const struct mc_training *g, const struct mc_best *kept,
    struct mc_buf *text)
{
	const struct mc_grid *tried = &g->recipe.tried;
	bool steps = g->recipe.fit == MC_FIT_STEPS;
	char number[MC_NUM_SIZE];

	if (!steps)
		mc_buf_printf(text, "%s %s", mc_recipe_parameter(&g->recipe),
		    mc_format_f64(number, tried->value[kept->epoch - 1]));
	else if (tried->n > 1)
		mc_buf_printf(text, "learning rate %s, ", mc_format_f64(number,
		    g->recipe.optim.rate));
	if (!steps && tried->n > 1)
		mc_buf_printf(text, ", number %lld of %zu,",
		    (long long)kept->epoch, tried->n);
	if (steps)
		mc_buf_printf(text, "epoch %lld of %lld%s",
		    (long long)kept->epoch, (long long)g->recipe.epochs,
		    tried->n > 1 ? "," : "");
	mc_buf_puts(text, " is kept");
}

/* Say that better values than the one that is KEPT may not have been tried. */
static void
remark_end(const struct mc_training *g, const struct mc_best *kept,
    void (*say)(const char *line))
{
	const struct mc_grid *tried = &g->recipe.tried;
	bool first = kept->epoch == 1;
	char number[MC_NUM_SIZE];

	if (g->recipe.fit != MC_FIT_LOGISTIC || tried->n == 1 ||
	    (!first && kept->epoch != (int64_t)tried->n))
		return;
	mc_say(say, "C %s is the %s that was tried: give --C %s values to see "
	    "whether one of them does better", mc_format_f64(number,
	    tried->value[kept->epoch - 1]), first ? "smallest" : "largest",
	    first ? "smaller" : "larger");
}

/* Append the findings WAY: their names, unless D has many. */
static void
add_findings(const struct mc_dataset *d, const struct mc_one_way *way,
    struct mc_buf *text)
{
	const char *before = " ";
	size_t k;

	if (d->n_classes > MOST_FINDINGS) {
		mc_buf_printf(text, " %zu of the %zu findings", way->n,
		    d->n_classes);
		return;
	}
	for (k = 0; k < d->n_classes; k++) {
		if ((way->first >> k & 1) == 0)
			continue;
		mc_buf_printf(text, "%s%s", before, d->classes[k]);
		before = ", ";
	}
}

/* What is predicted one way: a class, or findings; nothing: neither is. */
static void
add_one_way(const struct mc_dataset *d, const struct mc_best *kept,
    struct mc_buf *text)
{
	const char *split = d->n_val > 0 ? "validation" : "training";

	if (kept->only_class >= 0)
		mc_buf_printf(text, "the model predicts \"%s\" for every %s "
		    "image", d->classes[kept->only_class], split);
	if (kept->no.n + kept->yes.n == 0)
		return;
	mc_buf_printf(text, "at a probability of 0.5 every %s image is "
	    "predicted ", split);
	if (kept->no.n > 0) {
		mc_buf_puts(text, "\"no\" for");
		add_findings(d, &kept->no, text);
	}
	if (kept->yes.n > 0) {
		mc_buf_printf(text, "%s\"yes\" for", kept->no.n > 0 ?
		    ", and " : "");
		add_findings(d, &kept->yes, text);
	}
	mc_buf_puts(text, ": mc-threshold chooses other thresholds");
}

void
mc_remark_kept(const struct mc_training *g, const struct mc_best *kept,
    const char *task, const char *arm, void (*say)(const char *line))
{
	const struct mc_dataset *d = g->data;
	bool validated = d->n_val > 0;
	struct mc_buf text = { 0 };

	add_kept(g, kept, &text);
	if (validated)
		add_validation(&g->recipe.select, kept, &text);
	mc_say(say, "%s", text.data);
	mc_buf_free(&text);
	remark_end(g, kept, say);
	if (g->recipe.patience > 0 &&
	    kept->epoch + g->recipe.patience < g->recipe.epochs)
		mc_say(say, "the training ended after epoch %lld: none of the "
		    "last %lld was better", (long long)(kept->epoch +
		    g->recipe.patience), (long long)g->recipe.patience);
	add_one_way(d, kept, &text);
	if (text.len > 0)
		mc_say(say, "%s%s%s, seed %llu: %s", task, *task != '\0' ?
		    ", " : "", arm, (unsigned long long)g->recipe.seed,
		    text.data);
	mc_buf_free(&text);
}
