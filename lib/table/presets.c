/* presets.c - options of an index for data sets as they are downloaded. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "table/csv.h"
#include "table/presets.h"

/* A table that comes with a data set. */
struct preset_table {
	const char *file;	/* its name; NULL: that of the folder */
	const char *other;	/* another name that it may have, or NULL */
	const char *key;
	enum { NEEDED, OPTIONAL, FOR_GROUP } use;
};

/* Options by their names in mc_index_options; NULL: not set. */
struct preset {
	const char *name;
	const char *pattern;	/* of the name of each image, */
	const char *called;	/* and such names, for a message */
	const char *group;	/* --group, its part and from */
	int part, from;
	struct preset_table table[MC_PRESET_TABLES];
	bool headless;
	const char *group_column, *split, *label, *one_hot, *findings;
	bool multilabel;
	const char *declared;
	const char *drop;
	const char *slices, *channels, *mask[3];	/* of NIfTI */
	const char *caveat;
	const char *kind, *kinds_caveat;
};

#define ISIC "^ISIC_[0-9]+\\.[A-Za-z]+$"
#define ISIC_NAME "ISIC_0024306.jpg"
#define BRATS .slices = "axial:mask", \
	.channels = "*_t1ce.nii*,*_t2.nii*,*_flair.nii*", \
	.declared = "HGG,LGG", .from = MC_GROUP_NAME
/* Of BraTS, and of mc-phantom --task glioma. */
#define PATIENT "^(Bra[tT]S1[789]_[A-Za-z0-9]+_[A-Za-z0-9]+|patient[0-9]+)"
#define SEQUENCE "_(t1|t1ce|t2|flair)\\.nii(\\.gz)?$"
#define CENTRES "nearly every centre of BraTS has patients of one grade only, " \
	"so a network can tell the grades apart by the scanner; the slices are " \
	"those that experts marked, which are not known of a new patient"
#define LESION "a group is a lesion, not a patient: lesions of a patient " \
	"may stand in several splits"

static const struct preset presets[] = {
	{ .name = "chest-xray",
	  .pattern = "^(person[0-9]+_(virus|bacteria)_[0-9]+(_[0-9]+)?|"
	      "(NORMAL2-)?IM-[0-9]+-[0-9]+(-[0-9]+)?)\\.[A-Za-z]+$",
	  .group = "^(person[0-9]+_(virus|bacteria)|(NORMAL2-)?IM-[0-9]+)",
	  .from = MC_GROUP_NAME,
	  .declared = "NORMAL,PNEUMONIA",
	  .called = "person12_virus_34.jpeg, IM-0001-0001.jpeg or "
	      "NORMAL2-IM-0381-0001.jpeg",
	  .caveat = "a group is a number together with virus, bacteria, IM or "
	      "NORMAL2-IM, each of which is numbered apart: a child with films "
	      "of two kinds counts as two" },
	{ .name = "ham10000", .pattern = ISIC, .called = ISIC_NAME,
	  .table = { { "HAM10000_metadata.csv", "HAM10000_metadata", "image_id",
	      NEEDED } },
	  .group_column = "lesion_id", .label = "dx",
	  .declared = "akiec,bcc,bkl,df,mel,nv,vasc",
	  .caveat = LESION },
	{ .name = "isic2018", .pattern = ISIC, .called = ISIC_NAME,
	  .table = { { "ISIC2018_Task3_Training_GroundTruth.csv", NULL, "image",
	      NEEDED },
	    { "ISIC2018_Task3_Training_LesionGroupings.csv", NULL, "image",
	      FOR_GROUP } },
	  .group_column = "lesion_id",
	  .one_hot = "MEL,NV,BCC,AKIEC,BKL,DF,VASC",
	  .caveat = LESION },
	{ .name = "ichallenge-amd", .pattern = "^[AN][0-9]+\\.[A-Za-z]+$",
	  .called = "A0001.jpg or N0001.jpg",
	  .declared = "AMD,Non-AMD",
	  .caveat = "the data set names neither patients nor eyes: both eyes "
	      "of a patient may stand in several splits" },
	{ .name = "nih-chestxray14",
	  .pattern = "^[0-9]+_[0-9]+\\.[A-Za-z]+$",
	  .called = "00000001_000.png",
	  .table = { { "Data_Entry_2017_v2020.csv", "Data_Entry_2017.csv",
	      "Image Index", NEEDED } },
	  .group_column = "Patient ID", .label = "Finding Labels",
	  .multilabel = true,
	  .caveat = "the findings were read from reports by a program; the "
	      "split of test_list.txt is not used" },
	{ .name = "chexpert",
	  .pattern = "^view[0-9]+_(frontal|lateral)\\.[A-Za-z]+$",
	  .called = "view1_frontal.jpg",
	  .group = "patient[0-9]+", .from = MC_GROUP_PATH,
	  .table = { { "train.csv", NULL, "Path", NEEDED },
	    { "valid.csv", NULL, "Path", OPTIONAL } },
	  .findings = "No Finding,Enlarged Cardiomediastinum,Cardiomegaly,"
	      "Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,"
	      "Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,"
	      "Fracture,Support Devices",
	  .caveat = "the findings of train were read from reports by a "
	      "program",
	  .kind = "_lateral.",
	  .kinds_caveat = "frontal and lateral views are taken together (see "
	      "--exclude)" },
	{ .name = "medmnist-folder",
	  .pattern = "^(train|val|test)[0-9]+_[0-9_]+\\.[A-Za-z]+$",
	  .called = "train0_3.png",
	  .table = { { NULL, NULL, "2", NEEDED } }, .headless = true,
	  .label = "3", .split = "1", .drop = "*",
	  .caveat = "the data set names no patients, and its labels are "
	      "numbers (see --rename)" },
	{ .name = "brats", BRATS,
	  .pattern = PATIENT "_[0-9]+" SEQUENCE,
	  .called = "BraTS19_CBICA_AAB_1_t1ce.nii.gz",
	  .group = PATIENT,
	  .mask = { "*_seg.nii*" },
	  .caveat = CENTRES },
	{ .name = "brats2020", BRATS,
	  .pattern = "^BraTS20_Training_[0-9]+" SEQUENCE,
	  .called = "BraTS20_Training_001_t1ce.nii.gz",
	  .group = "^BraTS20_Training_[0-9]+",
	  .mask = { "*_seg.nii*", "*_Segm.nii*" },	/* one has no other */
	  .table = { { "name_mapping.csv", NULL, "group=BraTS_2020_subject_ID",
	      NEEDED } },
	  .label = "Grade",
	  .caveat = CENTRES }
};

static const struct preset *
find_preset(const char *name, struct mc_err *err)
{
	struct mc_buf list = { 0 };
	size_t n = sizeof(presets) / sizeof(*presets), i;

	for (i = 0; i < n; i++) {
		if (strcmp(presets[i].name, name) == 0)
			return &presets[i];
	}
	for (i = 0; i < n; i++)
		mc_buf_printf(&list, "%s%s", i > 0 ? ", " : "",
		    presets[i].name);
	mc_err_set(err, MC_EUSAGE, "--preset %s: there are: %s", name,
	    list.data);
	mc_buf_free(&list);
	return NULL;
}

/* --- Tables --------------------------------------------------------------- */

/* DIR without slashes at its end; to be freed. */
static char *
trim(const char *dir)
{
	size_t n = strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	return mc_xstrndup(dir, n);
}

/* The folder above DIR, with a slash at its end or empty; to be freed. */
static char *
above(const char *dir)
{
	const char *slash = strrchr(dir, '/');
	const char *name = slash != NULL ? slash + 1 : dir;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return mc_xasprintf("%s/../", dir);
	return mc_xstrndup(dir, (size_t)(name - dir));
}

/* The file called NAME in FOLDER, or in a folder called like it; or NULL. */
static char *
look_in(const char *folder, const char *name)
{
	const char *dot = strrchr(name, '.');
	struct stat st;
	char *path = mc_xasprintf("%s%s", folder, name);

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		return path;
	free(path);
	if (dot == NULL)
		return NULL;
	path = mc_xasprintf("%s%.*s/%s", folder, (int)(dot - name), name,
	    name);
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		return path;
	free(path);
	return NULL;
}

/* The file called NAME, or as the folder is, in or above DIR; or NULL. */
static char *
look_around(const char *dir, const char *name)
{
	char *folder = trim(dir), *up = above(folder), *own = NULL, *path;
	char *inner = mc_xasprintf("%s/", folder), *real = NULL;

	if (name == NULL) {
		real = realpath(folder, NULL);
		own = mc_xasprintf("%s.csv", real != NULL ?
		    strrchr(real, '/') + 1 : folder);
		name = own;
	}
	path = look_in(inner, name);
	if (path == NULL)
		path = look_in(up, name);
	free(real);
	free(own);
	free(inner);
	free(up);
	free(folder);
	return path;
}

static char *
find_table(const struct preset_table *t, char *const *dirs)
{
	char *path = NULL;

	for (; *dirs != NULL && path == NULL; dirs++) {
		path = look_around(*dirs, t->file);
		if (path == NULL && t->other != NULL)
			path = look_around(*dirs, t->other);
	}
	return path;
}

/* Find the tables of P; those for the group only where it is NEEDED. */
static enum mc_status
find_tables(const struct preset *p, char *const *dirs, bool grouped,
    struct mc_preset_use *use, struct mc_err *err)
{
	size_t i, n = 0;

	for (i = 0; i < MC_PRESET_TABLES && p->table[i].key != NULL; i++) {
		const struct preset_table *t = &p->table[i];

		if (t->use == FOR_GROUP && grouped)
			continue;
		use->path[n] = find_table(t, dirs);
		if (use->path[n] == NULL && t->use == OPTIONAL)
			continue;
		if (use->path[n] == NULL)
			return mc_err_set(err, MC_EDATA, "%s: --preset %s "
			    "needs %s, in this folder or the one above it%s",
			    dirs[0], p->name, t->file != NULL ? t->file :
			    "a table called like the folder, .csv", t->use ==
			    FOR_GROUP ? ": download it, or say which images "
			    "belong together with --group" :
			    ": download it, or name it with --join");
		use->join[n] = use->path[n];
		use->key[n++] = t->key;
	}
	return MC_OK;
}

/* A table with several labels per image has no one column of labels. */
static enum mc_status
check_headless(const struct preset *p, const struct mc_index_options *o,
    struct mc_err *err)
{
	enum mc_status status;
	struct mc_table *t;
	size_t n;

	if (!p->headless || o->label == NULL)
		return MC_OK;
	status = mc_csv_read_headless(&t, o->join[0], err);
	if (status != MC_OK)
		return status;
	n = mc_table_columns(t);
	mc_table_free(t);
	return n <= 3 ? MC_OK : mc_err_set(err, MC_EDATA, "%s: --preset %s: "
	    "several labels per image: name their columns, 3 to %zu, with "
	    "--findings", o->join[0], p->name, n);
}

/* --- Options -------------------------------------------------------------- */

static void
set(const char **option, const char *value)
{
	if (*option == NULL)
		*option = value;
}

static void
set_label(const struct preset *p, struct mc_index_options *o)
{
	if (o->label != NULL || o->one_hot != NULL || o->findings != NULL)
		return;
	o->label = p->label;
	o->one_hot = p->one_hot;
	o->findings = p->findings;
	o->multilabel = p->multilabel;
	o->declared = p->declared;
}

static void
set_group(const struct preset *p, struct mc_index_options *o)
{
	if (o->group != NULL || o->group_column != NULL)
		return;
	o->group_column = p->group_column;
	o->group = p->group;
	o->group_part = p->part;
	if (p->group != NULL && o->group_from == MC_GROUP_EITHER)
		o->group_from = p->from;
}

enum mc_status
mc_preset_apply(const char *name, char *const *dirs,
    struct mc_index_options *o, struct mc_preset_use *use,
    struct mc_err *err)
{
	const struct preset *p = find_preset(name, err);
	bool grouped = o->group != NULL || o->group_column != NULL;
	enum mc_status status = MC_OK;
	size_t i, n;

	if (p == NULL)
		return MC_EUSAGE;
	o->preset = p->name;
	o->pattern = p->pattern;
	o->called = p->called;
	o->caveat = p->caveat;
	o->kind = p->kind;
	o->kinds_caveat = p->kinds_caveat;
	set_label(p, o);
	set_group(p, o);
	set(&o->split, p->split);
	set(&o->slices, p->slices);
	set(&o->channels, p->channels);
	if (o->mask == NULL && p->mask[0] != NULL)
		o->mask = p->mask;
	if (o->columns == NULL)
		set(&o->drop, p->drop);
	if (o->join != NULL && o->key != NULL)
		return MC_OK;
	o->headless = p->headless;
	if (o->join == NULL)
		status = find_tables(p, dirs, grouped, use, err);
	for (n = 0; o->join != NULL && o->join[n] != NULL; n++)
		;
	for (i = 0; i < n && i < MC_PRESET_TABLES; i++)
		use->key[i] = p->table[i].key;
	if (status != MC_OK)
		return status;
	if (o->join == NULL && use->join[0] != NULL)
		o->join = use->join;
	if (o->key == NULL && use->key[0] != NULL)
		o->key = use->key;
	return check_headless(p, o, err);
}

void
mc_preset_end(struct mc_preset_use *use)
{
	size_t i;

	for (i = 0; i < MC_PRESET_TABLES; i++)
		free(use->path[i]);
}
