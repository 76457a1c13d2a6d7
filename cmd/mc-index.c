/*
 * mc-index - write the manifest of the images in folders.
 *
 * The folders say what class an image is of and which split it was given; the
 * path, or a table of metadata, says whose image it is.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "limit.h"
#include "table/findings.h"
#include "table/index.h"
#include "table/presets.h"
#include "tool.h"

struct options {
	struct mc_common common;
	const char *preset;
	const char *frames, *left_out;
	int64_t max_voxels;
	struct mc_index_options index;
};

#define AT(member) offsetof(struct options, index.member)

static const struct mc_opt table[] = {
	{ "channels", 0, "LIST", "make one picture of three NIfTI files of a "
	    "folder: three globs", MC_STRING, AT(channels), 0, 0, NULL },
	{ "classes", 0, "[!]LIST", "leave out images with other labels; "
	    "with !, with these",
	    MC_STRING, AT(classes), 0, 0, NULL },
	{ "columns", 0, "LIST", "pass only these columns of --join to the "
	    "manifest", MC_STRING, AT(columns), 0, 0, NULL },
	{ "drop", 0, "LIST", "pass all but these columns of --join",
	    MC_STRING, AT(drop), 0, 0, NULL },
	{ "exclude", 0, "GLOB", "leave out files and folders that match GLOB",
	    MC_STRINGS, AT(exclude), 0, 0, NULL },
	{ "findings", 0, "COLUMNS", "take findings from these columns of "
	    "--join: 1, 0, -1 or empty", MC_STRING, AT(findings), 0, 0, NULL },
	{ "frames", 0, "WHICH", "frames of DICOM that become rows: first, "
	    "middle, all or every:N (default: first)",
	    MC_STRING, offsetof(struct options, frames), 0, 0, NULL },
	{ "from-name", 0, "COLUMN=REGEX", "add a column of what REGEX matches in "
	    "the file's name", MC_STRINGS, AT(from_name), 0, 0, NULL },
	{ "group", 0, "REGEX", "take the group from what REGEX matches in the "
	    "path",
	    MC_STRING, AT(group), 0, 0, NULL },
	{ "group-column", 0, "COLUMN", "take the group from COLUMN of --join",
	    MC_STRING, AT(group_column), 0, 0, NULL },
	{ "group-from", 0, NULL, "match --group with the file's name, or its "
	    "path below DIR (default: path)", MC_CHOICE, AT(group_from), 0, 0,
	    MC_WORDS("name", "path") },
	{ "group-part", 0, "N", "take the N-th parenthesis of --group "
	    "(default: the whole match)", MC_INTEGER, AT(group_part), 1, 99,
	    NULL },
	{ "id-key", 0, "FILE", "hash patient, study and series of DICOM with "
	    "the key in FILE", MC_INPUT, AT(id_key), 0, 0, NULL },
	{ "include", 0, "GLOB", "leave out files that do not match GLOB",
	    MC_STRINGS, AT(include), 0, 0, NULL },
	{ "join", 0, "FILE", "metadata: a CSV or TSV with one row per image or "
	    "patient", MC_INPUTS, AT(join), 0, 0, NULL },
	{ "keep-ids", 0, NULL, "keep patient, study and series of DICOM as "
	    "they are", MC_FLAG, AT(keep_ids), 0, 0, NULL },
	{ "key", 0, "COLUMN", "column of --join with the image's name or id; "
	    "group=COLUMN: with the patient's", MC_STRINGS, AT(key), 0, 0,
	    NULL },
	{ "label", 0, "COLUMN", "take the label from COLUMN of --join",
	    MC_STRING, AT(label), 0, 0, NULL },
	{ "left-out", 0, "FILE", "list in FILE what is not in the manifest, "
	    "and why", MC_OUTPUT, offsetof(struct options, left_out), 0, 0,
	    NULL },
	{ "mask", 0, "GLOB", "NIfTI files that are masks of others, and no "
	    "images", MC_STRINGS, AT(mask), 0, 0, NULL },
	{ "mask-label", 0, "LIST", "two labels: of slices in which the mask "
	    "marks something, and of the others", MC_STRING, AT(mask_label),
	    0, 0, NULL },
	LIMIT_VOXELS(struct options, max_voxels),
	{ "merge", 0, "NEW=LIST", "make one label of several; * is all "
	    "others",
	    MC_STRINGS, AT(merge), 0, 0, NULL },
	{ "multilabel", 0, NULL, "the label of --label holds several findings",
	    MC_FLAG, AT(multilabel), 0, 0, NULL },
	{ "no-finding", 0, "NAME", "word for no finding in a label (default: "
	    MC_NO_FINDING ")", MC_STRING, AT(no_finding), 0, 0, NULL },
	{ "one-hot", 0, "LIST", "take the label from the one of these columns "
	    "of --join that is 1", MC_STRING, AT(one_hot),
	    0, 0, NULL },
	{ "preset", 0, "NAME", "set these options for a well-known data set",
	    MC_STRING, offsetof(struct options, preset), 0, 0, NULL },
	{ "rename", 0, "FILE", "table of labels and their names: columns label "
	    "and name", MC_INPUT, AT(rename), 0, 0, NULL },
	{ "slices", 0, "WHICH", "slices of NIfTI that become rows: AXIS:N, "
	    "AXIS:middle:N, AXIS:every:N, AXIS:all, AXIS:mask or AXIS:mask:N",
	    MC_STRING, AT(slices), 0, 0, NULL },
	{ "split-column", 0, "COLUMN", "take the split from COLUMN of --join",
	    MC_STRING, AT(split), 0, 0, NULL },
	{ "unmatched", 0, NULL, "images without a row, rows without an image: "
	    "refuse both, or leave both out", MC_CHOICE, AT(unmatched), 0, 0,
	    MC_WORDS("refuse", "skip") },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-index", "[OPTION]... DIR...",
	"Write the manifest of the images in folders.", table, false
};

static size_t
count(const char *const *list)
{
	size_t n = 0;

	while (list != NULL && list[n] != NULL)
		n++;
	return n;
}

static void
check_join(const struct mc_index_options *o)
{
	size_t joins = count(o->join), keys = count(o->key);

	if (joins == 0 && (keys > 0 || o->label != NULL ||
	    o->one_hot != NULL || o->findings != NULL ||
	    o->group_column != NULL || o->split != NULL))
		tool_usage("--key, --label, --one-hot, --findings, "
		    "--group-column and --split-column need --join");
	if (joins == 0 && (o->columns != NULL || o->drop != NULL ||
	    o->unmatched != MC_UNMATCHED_ROWS))
		tool_usage("--columns, --drop and --unmatched need --join");
	if (joins > 0 && keys == 0)
		tool_usage("--join needs --key");
	if (keys > 1 && keys != joins)
		tool_usage("%zu --key for %zu --join: give one for all, or one "
		    "for each in the same order", keys, joins);
	if (o->columns != NULL && o->drop != NULL)
		tool_usage("give --columns or --drop, not both");
}

static void
check_options(const struct mc_index_options *o)
{
	struct mc_err err;

	if (o->group != NULL && o->group_column != NULL)
		tool_usage("give --group or --group-column, not both");
	if (o->group == NULL && (o->group_part > 0 ||
	    o->group_from != MC_GROUP_EITHER))
		tool_usage("--group-part and --group-from are for --group, "
		    "which is not given");
	if (o->slices == NULL && (o->mask != NULL || o->channels != NULL))
		tool_usage("--mask and --channels are for --slices, which is "
		    "not given");
	if (o->mask_label != NULL && o->mask == NULL)
		tool_usage("--mask-label needs --mask");
	if ((o->label != NULL) + (o->one_hot != NULL) +
	    (o->findings != NULL) + (o->mask_label != NULL) > 1)
		tool_usage("give one of --label, --one-hot, --findings and "
		    "--mask-label");
	if ((o->multilabel || o->findings != NULL) && (o->rename != NULL ||
	    o->merge != NULL || o->classes != NULL))
		tool_usage("--rename, --merge and --classes are for images "
		    "with one label");
	if (o->multilabel && o->label == NULL)
		tool_usage("--multilabel is for --label, which is not given");
	if (o->no_finding != NULL && !o->multilabel && o->findings == NULL)
		tool_usage("--no-finding is for --findings and --multilabel, "
		    "and neither is given");
	if (o->no_finding != NULL &&
	    mc_findings_check_none(o->no_finding, &err) != MC_OK)
		tool_usage("%s", err.text);
	if (o->findings != NULL && strchr(o->findings, '*') !=
	    strrchr(o->findings, '*'))
		tool_usage("--findings: \"%s\": only one * is allowed",
		    o->findings);
	check_join(o);
}

/* Set the frames of O from the option's text. */
static void
choose_frames(struct options *o)
{
	const char *text = o->frames != NULL ? o->frames : "first";
	struct mc_err err;

	o->index.every = 1;
	o->index.frames = strcmp(text, "first") == 0 ? MC_FRAMES_FIRST :
	    strcmp(text, "middle") == 0 ? MC_FRAMES_MIDDLE : MC_FRAMES_EVERY;
	if (o->index.frames == MC_FRAMES_EVERY && strcmp(text, "all") != 0 &&
	    (strncmp(text, "every:", 6) != 0 || mc_parse_i64(text + 6, 1,
	    INT32_MAX, &o->index.every, &err) != MC_OK))
		tool_usage("--frames: first, middle, all or every:N");
	if (o->index.keep_ids && o->index.id_key != NULL)
		tool_usage("give --id-key or --keep-ids, not both");
}

static void
warn(const char *line)
{
	tool_warn("%s", line);
}

static void
say(const char *line)
{
	tool_say("%s", line);
}

static void
progress(int64_t done, int64_t total)
{
	tool_progress("images", done, total);
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	(void)err;
	mc_index_write(arg, f);
	return MC_OK;
}

/* Write the manifest, and the list of what it leaves out. */
static enum mc_status
write_outputs(const struct options *o, struct mc_index *x, struct mc_err *err)
{
	struct mc_out *left_out = NULL;
	enum mc_status status = MC_OK;

	if (o->left_out != NULL)
		status = mc_out_open(&left_out, o->left_out, err);
	if (status != MC_OK)
		return status;
	if (left_out != NULL)
		mc_index_write_left_out(x, mc_out_file(left_out));
	return tool_write_beside(left_out, o->common.output, write_output, x,
	    err);
}

/* Find the images in DIRS, and write their manifest. */
static enum mc_status
run(const struct options *o, char *const *dirs, struct mc_err *err)
{
	enum mc_status status;
	struct mc_index *x;
	const char *path;
	size_t i;

	for (i = 0; o->index.join != NULL && o->index.join[i] != NULL; i++)
		tool_reads(o->index.join[i]);
	status = mc_index_find(&x, dirs, &o->index, err);
	for (i = 0; status == MC_OK && (path = mc_index_path(x, i)) != NULL;
	    i++)
		tool_reads(path);
	if (status == MC_OK)
		status = mc_index_fill(x, err);
	if (status == MC_OK)
		status = write_outputs(o, x, err);
	mc_index_free(x);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = { .index = { .warn = warn, .detail = say,
	    .seen = warn, .progress = progress,
	    .group_from = MC_GROUP_EITHER,
	    .unmatched = MC_UNMATCHED_ROWS } };
	struct mc_preset_use use = { .path = { NULL } };
	struct mc_index_options given;
	enum mc_status status = MC_OK;
	struct mc_err err;
	int first;

	first = tool_start(&prog, argc, argv, &o);
	if (first == argc)
		tool_usage("no folder given");
	mc_max_voxels_set(o.max_voxels);
	given = o.index;
	if (o.preset != NULL)
		status = mc_preset_apply(o.preset, argv + first, &o.index,
		    &use, &err);
	if (status == MC_OK) {
		check_options(&o.index);
		choose_frames(&o);
		status = run(&o, argv + first, &err);
	}
	mc_preset_end(&use);
	free((void *)given.join);
	free((void *)given.key);
	free((void *)given.merge);
	free((void *)given.include);
	free((void *)given.exclude);
	free((void *)given.mask);
	free((void *)given.from_name);
	return tool_end(status, &err);
}
