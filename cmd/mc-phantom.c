/*
 * mc-phantom - make a synthetic study: folders of images with patients, classes
 * and a known difficulty.
 *
 * The folder is made under another name beside its place and renamed when it is
 * whole.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/parallel.h"
#include "image/decode.h"
#include "phantom/plan.h"
#include "phantom_file.h"
#include "tool.h"

#define MOST_PATIENTS 1000000
#define MOST_IMAGES 99		/* of a patient */
#define MOST_VOXELS 512		/* along an axis: 0.9 GB for a visit */
#define BLOCK 64		/* images between two looks at signals */

struct options {
	struct mc_common common;
	const char *classes;
	bool dicom;
	double difficulty;
	const char *images;
	double noise_labels;
	int64_t patients;
	int64_t seed;
	int64_t size;
	int task;		/* enum mc_phantom_task */
	int64_t threads;
};

static const struct mc_opt table[] = {
	{ "classes", 0, "LIST", "classes and their weights: A=3,B=1 (default: "
	    "all classes of the task, equal weights)", MC_STRING,
	    offsetof(struct options, classes), 0, 0, NULL },
	{ "dicom", 0, NULL, "write DICOM files, as of three scanners, instead "
	    "of PNG (chest)", MC_FLAG, offsetof(struct options, dicom), 0, 0,
	    NULL },
	{ "difficulty", 0, "X", "difficulty, from 0 (easy) to 1 (impossible) "
	    "(default: 0.4)",
	    MC_REAL, offsetof(struct options, difficulty), 0, 1, NULL },
	{ "images-per-patient", 0, "MIN-MAX", "number of images per patient "
	    "(default: 1-3; glioma: 1)",
	    MC_STRING, offsetof(struct options, images), 0, 0, NULL },
	{ "noise-labels", 0, "X", "share of patients in a wrong class folder "
	    "(default: 0)", MC_REAL, offsetof(struct options, noise_labels), 0,
	    0.5, NULL },
	{ "patients", 0, "N", "number of patients (default: 100)", MC_INTEGER,
	    offsetof(struct options, patients), 1, MOST_PATIENTS, NULL },
	{ "seed", 0, "N", "random seed (default: 1)", MC_INTEGER,
	    offsetof(struct options, seed), 0, (double)INT64_MAX, NULL },
	{ "size", 0, "PX", "height and width in pixels (default: 224; glioma: "
	    "64)",
	    MC_INTEGER,
	    offsetof(struct options, size), 16, 4096, NULL },
	{ "task", 0, "NAME", "chest, fundus, dermoscopy or glioma", MC_CHOICE,
	    offsetof(struct options, task), 0, 0,
	    MC_WORDS("chest", "fundus", "dermoscopy", "glioma") },
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER,
	    offsetof(struct options, threads), 1, 1024, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-phantom", "--task NAME [OPTION]... -o DIR",
	"Make a synthetic study of known difficulty: a folder of images.",
	table, false
};

struct study {
	struct mc_phantom_plan plan;
	enum phantom_format format;
	char *dir;		/* where it is made; NULL: nowhere yet */
	size_t begin;		/* of the present block */
	pthread_mutex_t lock;	/* of the two below */
	size_t failed;		/* the first picture that could not be made */
	struct mc_err err;
};

static volatile sig_atomic_t caught;

/* --- The folder ----------------------------------------------------------- */

/* Refuse what must not be replaced: anything but an empty folder. */
static enum mc_status
check_target(const char *path, struct mc_err *err)
{
	DIR *d = opendir(path);
	size_t n = 0;

	if (d == NULL && errno == ENOENT)
		return MC_OK;
	if (d == NULL)
		return mc_err_errno(err, "%s", path);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	if (n > 2)	/* more than . and .. */
		return mc_err_set(err, MC_EIO, "%s: already exists and is not "
		    "empty: remove it or choose another name", path);
	return MC_OK;
}

static int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	(void)remove(path);
	return 0;
}

/* Remove DIR and all that is in it, as far as that can be done. */
static void
remove_folder(const char *dir)
{
	(void)nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static enum mc_status
make_folders(struct study *s, const char *target, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	mode_t mask = umask(0);
	size_t c;
	char *path;

	umask(mask);
	s->dir = mc_xasprintf("%s.XXXXXX", target);
	if (mkdtemp(s->dir) == NULL) {
		status = mc_err_errno(err, "%s", target);
		free(s->dir);
		s->dir = NULL;
		return status;
	}
	if (chmod(s->dir, 0777 & ~mask) != 0)
		return mc_err_errno(err, "%s", s->dir);
	for (c = 0; c < s->plan.classes.n && !s->plan.by_patient &&
	    status == MC_OK; c++) {
		path = mc_xasprintf("%s/%s", s->dir, s->plan.classes.name[c]);
		if (mkdir(path, 0777) != 0)
			status = mc_err_errno(err, "%s", path);
		free(path);
	}
	return status;
}

/* --- Drawing -------------------------------------------------------------- */

static void
draw_one(void *arg, size_t i)
{
	struct study *s = arg;
	struct mc_err err;

	i += s->begin;
	if (phantom_file(&s->plan, s->format, s->dir, &s->plan.picture[i],
	    &err) == MC_OK)
		return;
	pthread_mutex_lock(&s->lock);
	if (i < s->failed) {
		s->failed = i;
		s->err = err;
	}
	pthread_mutex_unlock(&s->lock);
}

static enum mc_status
draw_all(struct study *s, int threads, struct mc_err *err)
{
	size_t n;

	for (; s->begin < s->plan.n && !caught; s->begin += n) {
		n = s->plan.n - s->begin < BLOCK ? s->plan.n - s->begin : BLOCK;
		mc_parallel(n, threads, draw_one, s);
		if (s->failed < s->plan.n) {
			*err = s->err;
			return err->status;
		}
		tool_progress("images", (int64_t)(s->begin + n),
		    (int64_t)s->plan.n);
	}
	return MC_OK;
}

/* truth.tsv says what was drawn, whatever folder it lies in. */
static enum mc_status
write_truth(const struct study *s, struct mc_err *err)
{
	char *path = mc_xasprintf("%s/truth.tsv", s->dir), *id;
	struct mc_buf text = { 0 };
	char number[MC_NUM_SIZE];
	enum mc_status status;
	size_t i;

	mc_buf_puts(&text, "id\tdrawn\tsign\n");
	for (i = 0; i < s->plan.n; i++) {
		const struct mc_phantom_picture *p = &s->plan.picture[i];

		id = mc_phantom_picture_id(&s->plan, p);
		mc_buf_printf(&text, "%s\t%s\t%s\n", id,
		    s->plan.classes.name[p->drawn],
		    mc_format_f32(number, (float)p->sign));
		free(id);
	}
	status = phantom_write(path, text.data, text.len, err);
	mc_buf_free(&text);
	free(path);
	return status;
}

/* labels.tsv says what the folders of classes say elsewhere. */
static enum mc_status
write_labels(const struct study *s, struct mc_err *err)
{
	char *path = mc_xasprintf("%s/labels.tsv", s->dir), *patient;
	struct mc_buf text = { 0 };
	enum mc_status status;
	size_t i;

	mc_buf_puts(&text, "patient\tlabel\n");
	for (i = 0; i < s->plan.n; i++) {
		const struct mc_phantom_picture *p = &s->plan.picture[i];

		if (p->image > 0)
			continue;
		patient = mc_phantom_patient(&s->plan, p->patient);
		mc_buf_printf(&text, "%s\t%s\n", patient,
		    s->plan.classes.name[p->folder]);
		free(patient);
	}
	status = phantom_write(path, text.data, text.len, err);
	mc_buf_free(&text);
	free(path);
	return status;
}

static enum mc_status
make_study(struct study *s, const char *target, int threads,
    struct mc_err *err)
{
	enum mc_status status;

	status = check_target(target, err);
	if (status == MC_OK)
		status = make_folders(s, target, err);
	if (status == MC_OK)
		status = draw_all(s, threads, err);
	if (status == MC_OK && !caught)
		status = write_truth(s, err);
	if (status == MC_OK && !caught && s->plan.by_patient)
		status = write_labels(s, err);
	if (status == MC_OK && !caught && rename(s->dir, target) != 0)
		status = mc_err_errno(err, "%s", target);
	if ((status != MC_OK || caught) && s->dir != NULL)
		remove_folder(s->dir);
	return status;
}

/* --- The command line ----------------------------------------------------- */

static void
catch_signal(int number)
{
	caught = number;
}

static void
catch_signals(void)
{
	static const int numbers[] = { SIGALRM, SIGHUP, SIGINT, SIGPIPE,
	    SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU,
	    SIGXFSZ };
	struct sigaction action = { .sa_handler = catch_signal }, old;
	size_t i;

	sigemptyset(&action.sa_mask);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (sigaction(numbers[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
}

static void
parse_images(const char *range, size_t *least, size_t *most)
{
	char *low = mc_xstrdup(range), *high = strchr(low, '-');
	int64_t a = 0, b = 0;
	struct mc_err err;

	if (high != NULL)
		*high++ = '\0';
	if (mc_parse_i64(low, 1, MOST_IMAGES, &a, &err) != MC_OK ||
	    mc_parse_i64(high != NULL ? high : low, a, MOST_IMAGES, &b, &err) !=
	    MC_OK)
		tool_usage("--images-per-patient: %s", err.text);
	*least = (size_t)a;
	*most = (size_t)b;
	free(low);
}

static void
check_options(const struct options *o, struct study *s)
{
	struct mc_err err;

	if (o->task == MC_NOT_GIVEN)
		tool_usage("give --task chest, fundus, dermoscopy or glioma");
	if (o->common.output == NULL || *o->common.output == '\0')
		tool_usage("give the folder to make, with -o");
	if (o->dicom && o->task != MC_PHANTOM_CHEST)
		tool_usage("--dicom is for --task chest");
	if (o->task == MC_PHANTOM_GLIOMA && o->size > MOST_VOXELS)
		tool_usage("--size: at most %d for --task glioma", MOST_VOXELS);
	s->format = o->task == MC_PHANTOM_GLIOMA ? PHANTOM_NIFTI :
	    o->dicom ? PHANTOM_DICOM : PHANTOM_PNG;
	s->plan.by_patient = o->dicom;
	s->plan.phantom = (struct mc_phantom){
	    (enum mc_phantom_task)o->task, o->size > 0 ? (int)o->size :
	    o->task == MC_PHANTOM_GLIOMA ? 64 : 224,
	    4 * (1 - o->difficulty), (uint64_t)o->seed };
	if (mc_phantom_mix_parse(&s->plan.classes, s->plan.phantom.task,
	    o->classes, &err) != MC_OK)
		tool_usage("%s", err.text);
	parse_images(o->images != NULL ? o->images :
	    o->task == MC_PHANTOM_GLIOMA ? "1" : "1-3", &s->plan.least,
	    &s->plan.most);
	s->plan.patients = (size_t)o->patients;
	if (s->plan.patients < s->plan.classes.n)
		tool_usage("--patients: %zu is less than the %zu classes",
		    s->plan.patients, s->plan.classes.n);
	if (s->plan.classes.n < 2 && o->noise_labels > 0)
		tool_usage("--noise-labels needs two classes");
}

int
main(int argc, char **argv)
{
	struct options o = { .difficulty = 0.4, .patients = 100, .seed = 1,
	    .task = MC_NOT_GIVEN };
	struct study s = { .failed = SIZE_MAX };
	struct mc_err err;
	enum mc_status status;
	char *target;
	size_t n;
	int first;

	o.threads = mc_cpus();
	first = tool_start(&prog, argc, argv, &o);
	if (first < argc)
		tool_usage("%s: unexpected operand", argv[first]);
	check_options(&o, &s);
	target = mc_xstrdup(o.common.output);
	for (n = strlen(target); n > 1 && target[n - 1] == '/'; n--)
		target[n - 1] = '\0';
	pthread_mutex_init(&s.lock, NULL);
	status = mc_image_init(&err);
	if (status == MC_OK) {
		catch_signals();
		mc_phantom_plan_make(&s.plan, o.noise_labels);
		tool_say("%zu image%s of %zu patient%s, seed %lld; the best "
		    "possible AUROC of two classes is %.3f",
		    s.plan.n, MC_PLURAL(s.plan.n), s.plan.patients,
		    MC_PLURAL(s.plan.patients), (long long)o.seed,
		    mc_phantom_auroc(&s.plan.phantom));
		status = make_study(&s, target, (int)o.threads, &err);
		mc_image_shutdown();
	}
	free(s.plan.picture);
	free(s.dir);
	free(target);
	if (caught) {
		signal(caught, SIG_DFL);
		raise(caught);
	}
	return tool_end(status, &err);
}
