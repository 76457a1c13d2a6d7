/* metric_hint.c - names that other programs and textbooks give to metrics. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "stats/metric.h"
#include "stats/metric_hint.h"

/* No name is longer. */
#define NAME_SIZE 40

/* Letters and digits of what others say, and the metric's name here.  What they
   say of one class is no mean over classes. */
static const struct {
	const char *theirs, *ours;
} names[] = {
	{ "acc", "accuracy" }, { "accuracyscore", "accuracy" },
	{ "balancedacc", "balanced_accuracy" }, { "bacc", "balanced_accuracy" },
	{ "balancedaccuracyscore", "balanced_accuracy" },
	{ "ppv", "precision:class" },
	{ "positivepredictivevalue", "precision:class" },
	{ "precisionscore", "precision" },
	{ "sensitivity", "recall:class" }, { "sens", "recall:class" },
	{ "tpr", "recall:class" }, { "truepositiverate", "recall:class" },
	{ "recallscore", "recall" },
	{ "spec", "specificity:class" }, { "tnr", "specificity:class" },
	{ "truenegativerate", "specificity:class" },
	{ "negativepredictivevalue", "npv:class" },
	{ "f1score", "f1" }, { "fscore", "f1" }, { "fmeasure", "f1" },
	{ "dice", "f1" },
	{ "matthews", "mcc" }, { "matthewscorrcoef", "mcc" },
	{ "matthewscorrelationcoefficient", "mcc" }, { "phi", "mcc" },
	{ "cohenkappa", "kappa" }, { "cohenskappa", "kappa" },
	{ "cohenkappascore", "kappa" },
	{ "linearkappa", "kappa_linear" }, { "linearweightedkappa",
	    "kappa_linear" },
	{ "quadratickappa", "kappa_quadratic" }, { "qwk", "kappa_quadratic" },
	{ "quadraticweightedkappa", "kappa_quadratic" },
	{ "auc", "auroc" }, { "rocauc", "auroc" }, { "aucroc", "auroc" },
	{ "rocaucscore", "auroc" }, { "cstatistic", "auroc" },
	{ "ap", "average_precision" }, { "auprc", "average_precision" },
	{ "prauc", "average_precision" }, { "aucpr", "average_precision" },
	{ "averageprecisionscore", "average_precision" },
	{ "brierscore", "brier" }, { "brierscoreloss", "brier" },
	{ "crossentropy", "log_loss" }, { "nll", "log_loss" },
	{ "expectedcalibrationerror", "ece" },
	{ "calibrationinthelarge", "calibration_intercept" }
};

/* The letters and digits of NAME, in lower case. */
static void
strip(char out[NAME_SIZE], const char *name)
{
	size_t n = 0;

	for (; *name != '\0' && *name != ':' && *name != '@' &&
	    n + 1 < NAME_SIZE; name++) {
		if (isalnum((unsigned char)*name))
			out[n++] = (char)tolower((unsigned char)*name);
	}
	out[n] = '\0';
}

const char *
mc_metric_called(const char *name)
{
	char theirs[NAME_SIZE], own[NAME_SIZE];
	const struct mc_metric *m;
	size_t i;

	strip(theirs, name);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i].theirs, theirs) == 0)
			return names[i].ours;
	}
	for (m = mc_metric_table; m->name != NULL; m++) {
		strip(own, m->name);
		i = strlen(m->name);
		if (strcmp(own, theirs) == 0 && (strncmp(m->name, name, i) !=
		    0 || (name[i] != '\0' && name[i] != ':' && name[i] != '@')))
			return m->name;
	}
	return NULL;
}

void
mc_metric_hint(struct mc_buf *text, const char *name)
{
	const char *ours = mc_metric_called(name), *form = strchr(name, ':');

	if (ours != NULL && form == NULL)
		mc_buf_printf(text, ": mctools calls it %s", ours);
	else if (ours != NULL)
		mc_buf_printf(text, ": mctools calls it %.*s%s",
		    (int)strcspn(ours, ":"), ours, form);
}
