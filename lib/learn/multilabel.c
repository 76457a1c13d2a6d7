/* multilabel.c - read the labels of images that may have several findings. */
#include "config.h"

#include <string.h>

#include "learn/multilabel.h"

static enum mc_label
label_of(const struct mc_multilabel *m, enum mc_finding_state state)
{
	static const enum mc_label uncertain[] = {
		[MC_UNCERTAIN_IGNORE] = MC_NOT_COUNTED,
		[MC_UNCERTAIN_ZERO] = MC_NO, [MC_UNCERTAIN_ONE] = MC_YES
	};

	return state == MC_FINDING_UNCERTAIN ? uncertain[m->uncertain] :
	    state == MC_FINDING_YES ? MC_YES : MC_NO;
}

void
mc_multilabel_of(const struct mc_multilabel *m, const struct mc_findings *f,
    size_t image, int *label)
{
	size_t n, i;
	const struct mc_finding *named = mc_findings_of(f, image, &n);

	for (i = 0; i < mc_findings_count(f); i++)
		label[i] = MC_NO;
	for (i = 0; i < n; i++)
		label[named[i].number] = label_of(m, named[i].state);
}

enum mc_status
mc_multilabel_read(const struct mc_multilabel *m, const char *const *names,
    size_t n, const char *text, const char *where, int *label,
    struct mc_err *err)
{
	struct mc_findings *f = mc_findings_alloc(m->no_finding);
	enum mc_status status = mc_findings_declare(f, names, n, NULL,
	    err);

	if (status == MC_OK)
		status = mc_findings_add(f, text, where, 0, err);
	if (status == MC_OK)
		status = mc_findings_end(f, where, err);
	if (status == MC_OK)
		mc_multilabel_of(m, f, 0, label);
	mc_findings_free(f);
	return status;
}

void
mc_multilabel_record(const struct mc_multilabel *m, struct mc_keyvalue *kv)
{
	mc_keyvalue_add(kv, "uncertain", "%s",
	    mc_uncertain_names[m->uncertain]);
	mc_keyvalue_add(kv, "no_finding", "%s", m->no_finding != NULL ?
	    m->no_finding : MC_NO_FINDING);
}

enum mc_status
mc_multilabel_find(struct mc_multilabel *m, const struct mc_keyvalue *kv,
    struct mc_err *err)
{
	const char *name = mc_keyvalue_get(kv, "uncertain", 0);
	int i;

	m->no_finding = mc_keyvalue_get(kv, "no_finding", 0);
	for (i = 0; name != NULL && mc_uncertain_names[i] != NULL; i++) {
		if (strcmp(mc_uncertain_names[i], name) == 0) {
			m->uncertain = (enum mc_uncertain)i;
			return MC_OK;
		}
	}
	return mc_err_set(err, MC_EDATA, "the key \"uncertain\" is %s, not "
	    "ignore, zero or one", name != NULL ? name : "missing");
}
