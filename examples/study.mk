# study.mk - run a study: every task x model x regime x seed, up to the PDF.
#
# A study's Makefile sets what to compare, includes this file, and says how
# each task's manifest is made:
#
#	TASKS   = chest
#	MODELS  = resnet50 dinov2_vits14
#	REGIMES = frozen finetune
#	SEEDS   = 1 2 3
#	include .../study.mk
#	chest/manifest.tsv:
#		mc-index ... | mc-split ... -o $@
#
# Then `make` makes TASK/manifest.tsv and TASK/images.tar; for each frozen model
# TASK/MODEL.features.tar, once for all seeds and folds; for each run
# TASK/MODEL-REGIME-SEED.model.tar and .predictions.tsv; for each task its
# metrics.tsv and differences.tsv; and for all tasks metrics.tsv,
# differences.tsv, table.pdf, figures/forest.pdf of the metrics and
# figures/differences.pdf; with SHARES also curve.tsv and figures/shares.pdf.
# Each is also a target of its own; `make table.tex` makes the table alone, to
# \input.  Figures need gnuplot and table.pdf pdflatex: both are left out, with a
# word, where these are not installed, and table.tex is made.  report.html is a
# page of all of it, and study.tar an archive to keep, see below.
# Every file is written whole or not at all, so an interrupted study continues
# where it stopped.
#
# A file is made again when a prerequisite is newer, or when the command that
# makes it has changed: an option, a model that was added or removed, or the
# content of a file that an option names (weights, --join) and that exists when
# make starts.  So a table is never older than its Makefile.  The folders of INDEX
# are not watched: delete TASK/index.tsv after images were added or removed.
#
# These variables may also be set; of an option given twice the last counts:
#
#	INDEX INDEX.task	options and folders of mc-index, which then makes
#				TASK/index.tsv
#	SPLIT SPLIT.task	options of mc-split, which then makes
#				TASK/manifest.tsv of TASK/index.tsv
#	PACK PACK.task		options of mc-pack
#	TRAIN			options of mc-train, to which are added those of
#	TRAIN.regime TRAIN.model TRAIN.task TRAIN.model-regime TRAIN.shareN
#	TRAIN.foldK		(mc-embed has those that it knows: --crop, --device,
#				--features, --filter, --init-seed, --mean,
#				--precision, --resize, --skip-bad and --std, except
#				those of TRAIN.shareN and TRAIN.foldK)
#	EMBED EMBED.task	further options of mc-embed, such as --batch
#	WEIGHTS.model		--weights of that model (default: PyTorch's cache)
#	MODELS.regime		models of that regime, instead of MODELS
#	BACKBONE.model		the backbone of that model, if it has another name
#	PREDICT PREDICT.task	options of mc-predict
#	PATIENTS PATIENTS.task	yes: the tables are those of patients, see below;
#				PATIENTS.task set to nothing: not of this task
#	BOOTSTRAP BOOTSTRAP.task	options of mc-bootstrap
#	COMPARE COMPARE.task	options of mc-compare
#	TABLE			options of mc-tex
#	FIGURES			which figures, of forest, differences, shares,
#				montage and explain (default: the first three, as
#				far as the study has them, to which montage or
#				explain alone are added); differences needs two
#				arms, shares needs SHARES
#	PLOT PLOT.figure	options of mc-plot; forests and differences of very many
#				arms are a figure per task, such as forest-TASK
#	MONTAGE MONTAGE.task	options of mc-montage, see below
#	EXPLAIN EXPLAIN.model EXPLAIN.task
#				options of mc-explain, see below
#	DESCRIBE DESCRIBE.task	options of mc-describe for report.html, such as
#				--columns age,sex
#	REPORT			options of mc-report, such as --title and
#				--question
#	THREADS			threads of each program that computes with a
#				network (default: 2)
#	FOLDS			number of folds of a cross-validation
#	SHARES			shares of the training images, in percent
#	TEST.task		the manifest of an external test set
#	PACK.task.test		options of mc-pack for its images
#	LAUNCH			where the programs that read images or resample
#				run, see below (default: here)
#	GPUS			GPUs of this machine, such as 0,1: each program whose
#				options say --device cuda has one for itself, see
#				mc-gpu(1)
#	RESOURCES		options of the launcher, to which are added those
#				of RESOURCES.program RESOURCES.regime
#				RESOURCES.model RESOURCES.task
#				RESOURCES.model-regime
#	TRY			yes: a trial that shows the pipeline, not the
#				models: random weights, TRAIN with --resize 112
#				--crop 112, and one epoch of fine-tuning
#	MC			the folder of the programs, quoted for the shell
#				and ending with a slash
#
# Names of tasks, models, regimes, seeds and shares are separated by blanks; one
# that is given twice counts once.  They become names of files and targets, so
# they cannot contain a blank or one of : % = ; | & < > ( ) [ ] * ? ' " ` \ , # $.
# PATIENTS and TRY are yes or nothing; any other value is an error.
#
# Several seeds.  The metrics are means over the seeds.
#
# Threads.  With some builds of libtorch (see mc-train(1)), fine-tuning on
# another number of threads gives another network, so THREADS is part of the
# study: the same Makefile gives the same table on a laptop and on a server with
# the same libraries.  `make -j N` trains N runs at once, each with its own
# memory.  Their lines are mixed; with `make -j N -O` those of each come together,
# below its command, when it ends.
#
# An interrupted fine-tuning.  Its state is in TASK/MODEL-REGIME-SEED.checkpoint
# (mc-train --checkpoint) until the model is there, and the next make goes on from
# it.
#
# A cluster.  With `make -j 200 LAUNCH=slurm`, mc-slurm(1) runs mc-index,
# mc-pack, mc-embed, mc-train, mc-predict, mc-bootstrap, mc-compare, mc-montage
# and mc-explain on the nodes, as jobs, or within an allocation as its steps;
# the others, which take seconds, run here.  What a command prints is also in
# .study.made/TARGET.log.  The files are the same as those of one machine, so
# LAUNCH and RESOURCES are no reason to make one again.  Defaults are THREADS
# CPUs, 8 GB (24 for large backbones, 64 for giant ones), a GPU where the
# options say --device cuda, and 4 hours (24 for a fine-tuning, which at its
# limit is queued again).  RESOURCES.mc-bootstrap = --cpus 8 and
# RESOURCES.resnet50-finetune = --memory 32G --gpus 1 are examples; of an option
# given twice the last counts.  LAUNCH=NAME runs any program mc-NAME, see "Other
# schedulers" in mc-slurm(1).
#
# Two kinds of weights.  To compare pretrained and random weights of one
# backbone:
#
#	MODELS = resnet50 resnet50.random
#	BACKBONE.resnet50.random = resnet50
#	WEIGHTS.resnet50.random  = random
#
# The second is the arm resnet50.random/frozen in the table.
#
# Cross-validation.  With FOLDS = 5 each run is TASK/MODEL-REGIME-SEED-foldK,
# trained on the other folds and predicted on fold K; the table shows the pooled
# folds.  Set SPLIT to nothing, or to options other than --ratio, to make the
# folds. Without SPLIT, the Makefile's own rule for TASK/manifest.tsv must call
# mc-split --folds $(FOLDS).  With --head logistic or knn in TRAIN, C or k must be
# chosen on a fold other than the predicted one, which is then not trained on;
# give one value with --C or --k, or name that fold for each predicted one:
#
#	FOLDS = 5
#	TRAIN = --head logistic
#	TRAIN.fold1 = --val-fold 2
#	TRAIN.fold2 = --val-fold 3
#	TRAIN.fold3 = --val-fold 4
#	TRAIN.fold4 = --val-fold 5
#	TRAIN.fold5 = --val-fold 1
#
# Learning curves.  With SHARES = 10 25 50 100 each run is
# TASK/MODEL-REGIME-SEED-shareN (-foldK), trained on N percent of the training
# images: whole patients, stratified, each share within the next.  The features
# of a frozen model serve all shares.  Each share is a line of the table, arms are
# compared within a share, and curve.tsv has the rows of metrics.tsv and two more
# columns, train_images and train_units: the numbers of images and patients that
# the arm was trained on (with FOLDS, their means over the folds).  A smaller
# share makes fewer steps in as many epochs; TRAIN.share10 can set more.  Without
# SPLIT, the Makefile's own rule for TASK/manifest.tsv must call
# mc-split --shares $(call commas,$(SHARES)).
#
# Patients.  With PATIENTS = yes the metrics and differences are those of patients
# (groups), not of images: TASK/patients.predictions.tsv has the mean of the
# probabilities of each patient's images (patients.awk).
#
# The name of a group.  Tables and figures call what is independent a group; with
# UNIT = --unit-name lesion, and TABLE, PLOT, MONTAGE and REPORT set to $(UNIT), all of
# them call it a lesion.
#
# Sheets of images.  With FIGURES = montage, figures/montage/TASK/MODEL-REGIME.jpg
# shows the most confident mistakes of each arm, with the first seed and the
# largest share, and all folds; MONTAGE = --show borderline shows others, and
# MONTAGE = --per-class 2 fewer (by default there are as many of each label as a page
# has room for, at most 8).
# report.html has all sheets of mistakes.  In a task of several findings (--multilabel)
# a sheet is of one: MONTAGE.TASK = --only task=TASK:FINDING names it, and for the maps
# below EXPLAIN.TASK = --class FINDING.
#
# Explanations.  With FIGURES = explain, mc-explain(1) maps what each arm relies on
# in the images of its sheet, which is made also, each for the class that the arm
# predicts.  figures/explain/TASK/MODEL-REGIME.jpg shows the maps beside the
# images, and MODEL-REGIME.tsv is the table of these maps; report.html has them all.
# With maps a page has room for fewer images than without; MODEL-REGIME-SEED.maps.tar
# in TASK has a map of each image of the sheet.  The method is Grad-CAM.  Where that is
# not possible, for TorchScript modules and --head knn, it is occlusion, which applies
# the network 170 times to an image; EXPLAIN = --method occlusion and EXPLAIN.MODEL =
# --method attention choose others.
# mc-explain also has those options of PREDICT that it knows: --allow-other-levels,
# --device, --max-pixels, --precision and --skip-bad.
#
# Report.  report.html has the audits of the manifests (TASK/images.tsv, which is
# TASK/manifest.tsv as mc-pack wrote it into TASK/images.tar), of each task
# TASK/population.tsv, which describes the same images, and TASK/flow.tsv (the files
# and images that INDEX, and --skip-bad in PACK, left out), the tables, the FIGURES, a
# card per arm, and commands.txt, the commands that made the files of the study, as a
# shell script, with the digests of the files that options name, but for --id-key.
# Sheets of mistakes and explanations are in it with their ids.
#
# Archive.  study.tar has report.html, commands.txt, all tables (the manifests and
# predictions name images and patients), the Makefile, study.mk and its helpers, and
# SHA256SUMS: the digests of all files of the study, also of those that are not in
# it, such as models and image tars.  Equal files give equal bytes.  It needs GNU
# tar.  To repeat the study, unpack study.tar, put the images and the files that
# commands.txt names (tables of --join, weights) where it names them, and type
#
#	sh -e commands.txt && sha256sum -c SHA256SUMS
#
# or, to change it, write `include study.mk` in the Makefile, and type `make`.  After an
# interruption, commands.txt starts from its first command, and make continues.
#
# An external test set.  If TEST.task names a manifest, which may have a rule of
# its own, all of its images are predicted instead of the split test.
#
# To make a file of the Makefile's own again when its command changes:
#
#	$(eval $(call rule,TARGET,PREREQUISITES,COMMAND))
#
# with each $ of COMMAND doubled.  Only one make at a time works in a folder; a
# second one stops at once.

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all figures table what-was-made FORCE
all: early table figures report.html study.tar what-was-made
# The last words, where a command has run.
what-was-made: early table figures report.html study.tar
	$(if $(WAS_MADE),$(if $(quiet),,@printf '%s\n' "$$PWD has $(words_of_all)" \
	'report.html is all of it on one page, study.tar the archive to keep'))

$(if $(filter 3.% 4.0 4.0.% 4.1 4.1.%,$(MAKE_VERSION)),$(error study.mk needs GNU \
	make 4.2 or later, and this is $(MAKE_VERSION)))
STUDY_DIR := $(dir $(lastword $(MAKEFILE_LIST)))
$(if $(wildcard $(STUDY_DIR)study.mk),,$(error the name of the folder of study.mk \
	contains a space, which make cannot handle: make a symbolic link to it \
	elsewhere and include that))
empty :=
space := $(empty) $(empty)
quote = $(if $(findstring $(space),$(1)),'$(1)',$(1))
MC ?= $(if $(wildcard $(STUDY_DIR)../cmd/mc-train),$(call \
	quote,$(abspath $(STUDY_DIR)../cmd)/))

# $(call is_set,VARIABLE): whether the study sets VARIABLE, even to nothing.
is_set = $(filter-out undefined environment,$(origin $(1)))
ifeq ($(call is_set,THREADS),)
THREADS := 2
endif
comma := ,
hash := \#
dollar := $$

# --- What is asked -----------------------------------------------------------

# $(call check_switch,VARIABLE): a switch is yes or nothing.
check_switch = $(if $(filter-out yes,$($(1)))$(word 2,$($(1))),$(error $(1) = \
	$($(1)): write yes, or nothing))
$(foreach v,PATIENTS TRY $(filter PATIENTS.%,$(.VARIABLES)),$(call \
	check_switch,$(v)))

# $(call check_names,VARIABLE): its words can be in names of targets.
special := : % = ; | & < > ( ) [ ] * ? ' " ` \ $(comma) $(hash) $(dollar)
check_names = $(foreach w,$($(1)),$(foreach c,$(special),$(if $(findstring \
	$(c),$(w)),$(error $(1): "$(w)" contains "$(c)", which cannot be in the \
	name of a target: use letters, digits and . _ -))))
# $(call once,LIST): LIST without the words that it has already.
once = $(strip $(firstword $(1)) $(if $(word 2,$(1)),$(call once,$(filter-out \
	$(firstword $(1)),$(1)))))
$(foreach v,TASKS MODELS $(filter MODELS.%,$(.VARIABLES)) REGIMES SEEDS SHARES \
	FOLDS,$(call check_names,$(v))$(eval override $(v) := $(call once,$($(v)))))
$(foreach r,$(filter-out frozen finetune,$(REGIMES)),$(error REGIMES: no regime \
	"$(r)": regimes are: frozen, finetune))
models = $(or $(MODELS.$(1)),$(MODELS))

# What a table needs and is not set.  Manifests can be made without it.
unset := $(firstword $(foreach v,TASKS REGIMES SEEDS,$(if $($(v)),,$(v))) $(foreach \
	r,$(REGIMES),$(if $(call models,$(r)),,MODELS)))
complete := $(if $(unset),complete)
.PHONY: complete
complete:
	$(if $(unset),$(error $(unset) is not set))

ifeq ($(strip $(TRY)),yes)
TRAIN += --resize 112 --crop 112
$(foreach r,$(REGIMES),$(foreach m,$(call models,$(r)),$(eval WEIGHTS.$(m) = random)))
endif

# --- One make at a time ------------------------------------------------------

# dry: not empty with -n or -q, when nothing may be written.
dry := $(findstring n,$(firstword -$(MAKEFLAGS)))$(findstring \
	q,$(firstword -$(MAKEFLAGS)))
quiet := $(dry)$(findstring s,$(firstword -$(MAKEFLAGS)))
MAKEFLAGS += --no-builtin-rules

# make cannot hold a lock, so `tail` holds .study.lock until this make ends.
# All recipes hold .study.running, because a program that outlives a killed make
# could still replace a file.
lock = { true >>.study.lock; } 2>/dev/null || { echo .study.lock in this folder \
	cannot be written: its owner may give that right, or delete it; exit; }; \
	exec 9>>.study.lock; \
	if ! flock -n 9 && { kill -0 $$(cat .study.lock) || ! flock -w 5 9; }; \
	then echo another make is at work in this folder: wait for it; \
	elif ! flock -w 1 .study.running true; \
	then echo programs of a make that was killed are still at work in \
	this folder: wait for them, or end them '(lslocks names them)'; \
	else echo $$PPID >.study.lock; \
	tail --pid=$$PPID -s 0.1 -f /dev/null >/dev/null & fi 2>/dev/null
# Where there is no flock(1), as on macOS, it is for the user to see to that.
ifeq ($(dry)$(if $(shell command -v flock),,none),)
ifeq ($(MAKE_RESTARTS)$(filter $(subst $(space),_,$(CURDIR)),$(STUDY_LOCKED)),)
busy := $(shell $(lock))
$(if $(busy),$(error $(busy)))
endif
export STUDY_LOCKED := $(subst $(space),_,$(CURDIR))
.SHELLFLAGS := -sF .study.running $(SHELL) -c
SHELL := flock
endif

# --- Made again when the command has changed ---------------------------------

# The files that options name, and FILE=SHA-256 of each.
OPTIONS := $(foreach p,INDEX SPLIT PACK EMBED TRAIN WEIGHTS PREDICT BOOTSTRAP COMPARE \
	TABLE PLOT MONTAGE EXPLAIN DESCRIBE REPORT,$(foreach v,$(filter $(p) $(p).%,$(.VARIABLES)),$($(v))))
FILES := $(foreach w,$(sort $(subst =, ,$(OPTIONS))),$(if $(findstring \
	%,$(w)),,$(if $(wildcard $(w)/.),,$(if $(filter \
	1,$(words $(wildcard $(w)))),$(w)))))
DIGESTS := $(if $(FILES),$(shell sh $(STUDY_DIR)digests.sh $(if $(dry),-n) \
	$(foreach f,$(FILES),$(call quote,$(wildcard $(f))))))

# $(call text,COMMAND): COMMAND without the folders of the programs and of the
# helpers, followed by the digests of the files that it names.
text = $(subst -f $(STUDY_DIR),-f ,$(subst $(MC)mc-,mc-,$(1)))$(foreach f,$(filter \
	$(FILES),$(subst =, ,$(1))), $(filter $(wildcard $(f))=%,$(DIGESTS)))
same = $(if $(subst x$(1)x,,x$(2)x)$(subst x$(2)x,,x$(1)x),,same)
# $(call unlike,TARGET,TEXT): FORCE if another command made TARGET.  GNU make
# 4.3 does not always remove the newline at the end of a file, hence strip.
unlike = $(if $(call same,$(strip $(2)),$(strip $(file \
	<.study.made/$(1)))),,FORCE)

# $(eval $(call rule,TARGET,PREREQUISITES,COMMAND)).  .study.made/TARGET has the
# command that made TARGET.  It is removed before COMMAND and replaced after it,
# so it always describes this TARGET.  make writes the text when it expands the
# recipe, before the first line runs.  MADE has all targets; WAS_MADE is set where a
# command has run.  here: not empty where
# COMMAND is expanded without its launcher.
define rule
MADE += $(1)
$(1): $(2) $$(call unlike,$(1),$$(call text,$$(foreach here,yes,$(3))))
	$$(call before,$$(call text,$$(foreach here,yes,$(3))))
	$(3)
	$$(after)
endef
before = $(if $(dry),,$(eval WAS_MADE := yes)$(shell mkdir -p $(@D) .study.made/$(@D))$(if $(filter \
	%.model.tar,$@),$(call begin,$(@:.model.tar=.checkpoint),$(1)))$(file \
	>.study.made/$@.new,$(1))@rm -f .study.made/$@)
# $(call begin,CHECKPOINT,TEXT): remove a CHECKPOINT that another command or older
# prerequisites left.
begin = $(shell for f in $(if $(call same,$(strip $(2)),$(strip $(file \
	<.study.made/$@.new))),$^,.); do [ $$f != . ] && [ ! $$f -nt $(1) ] || \
	rm -f $(1); done)
after = $(if $(dry),,@mv .study.made/$@.new .study.made/$@)

# exec: a signal that ends make must reach the program, not a shell.
run = exec $(MC)
# $(call launch,PROGRAM,TASK,MODEL,REGIME,OPTIONS): run of a program that LAUNCH may
# run elsewhere, with those of its OPTIONS that tell of its device.
launch = exec $(if $(here),,$(if $(LAUNCH),$(call quote,$(launcher)) $(resources) ,$(if \
	$(and $(GPUS),$(on_gpu)),$(MC)mc-gpu --of $(call commas,$(GPUS)) )))$(MC)$(1)
on_gpu = $(filter --device=cuda%,$(lastword $(filter --device=%,$(call \
	pair,device,$(strip $(5))))))
launcher := $(if $(LAUNCH),$(or $(shell command -v $(MC)mc-$(LAUNCH) || command -v \
	mc-$(LAUNCH)),$(error LAUNCH = $(LAUNCH): no program mc-$(LAUNCH) in PATH)))
resources = --name $@ --log .study.made/$@.log --cpus $(THREADS) \
	--memory $(call memory,$(or $(BACKBONE.$(3)),$(3))) --time $(if $(filter \
	mc-train.finetune,$(1).$(4)),24:00:00 --requeue,4:00:00)$(if \
	$(on_gpu), --gpus 1)$(call opt,RESOURCES)$(call opt,RESOURCES.$(1))$(call \
	opt,RESOURCES.$(4))$(call opt,RESOURCES.$(3))$(call opt,RESOURCES.$(2))$(call \
	opt,RESOURCES.$(3)-$(4))
ifeq ($(call is_set,GPUS),)
GPUS :=
endif
$(if $(and $(GPUS),$(LAUNCH)),$(error GPUS are those of this machine: with LAUNCH, set \
	RESOURCES = --gpus 1))
$(if $(and $(GPUS),$(findstring cuda:,$(OPTIONS))),$(error GPUS: write --device \
	cuda$(comma) without a number))
# $(call memory,BACKBONE)
memory = $(if $(call any,vitg giant vith huge 7b dinobloom-g uni2-h \
	virchow2,$(1)),64G,$(if $(call any,vitl vit_large convnext_large retfound \
	dinobloom-l phikon-v2 $(filter uni,$(1)) medsiglip,$(1)),24G,8G))
any = $(strip $(foreach w,$(1),$(findstring $(w),$(2))))
# $(call commas,LIST): LIST with commas for its blanks.
commas = $(subst $(space),$(comma),$(strip $(1)))
# $(call opt,VARIABLE): a blank and its value, or nothing.
opt = $(if $(strip $($(1))), $($(1)))

# --- Manifests and images ----------------------------------------------------

# Each program lists what it leaves out.
index = $(call launch,mc-index,$(1))$(call opt,INDEX)$(call opt,INDEX.$(1)) \
	--left-out $(1)/index.left.tsv -o $(1)/index.tsv
splits = $(if $(FOLDS), --folds $(FOLDS))$(if $(SHARES), --shares $(call \
	commas,$(SHARE)))
split = $(run)mc-split$(splits)$(call opt,SPLIT)$(call opt,SPLIT.$(1)) \
	-o $(1)/manifest.tsv $(1)/index.tsv
skipped = $(if $(findstring --skip-bad,$(PACK) $(PACK.$(1))),$(1)/images.left.tsv)
pack = $(call launch,mc-pack,$(1))$(call opt,PACK)$(call opt,PACK.$(1))$(if \
	$(skipped), --left-out $(skipped)) -o $(1)/images.tar $(1)/manifest.tsv
pack_test = $(call launch,mc-pack,$(1))$(call opt,PACK)$(call opt,PACK.$(1))$(call \
	opt,PACK.$(1).test) -o $(1)/test.images.tar $(TEST.$(1))

# Baseline: always predict the largest class of the training images, for the
# images that the arms predict.
rows = $(if $(FOLDS),folds,$(if $(TEST.$(1)),all,test))
patients = $(strip $(if $(call \
	is_set,PATIENTS.$(1)),$(PATIENTS.$(1)),$(PATIENTS)))
baseline = awk -F'\t' -v OFS='\t' -v task=$(1) -v rows=$(rows)$(if \
	$(patients), -v by=group) -f $(STUDY_DIR)baseline.awk $(1)/manifest.tsv \
	$(or $(TEST.$(1)),$(1)/manifest.tsv) $(judged) >$(1)/baseline.part && \
	mv $(1)/baseline.part $(1)/baseline.predictions.tsv

# 0 stands for no share, and in FOLD for no fold.
SHARE := $(if $(SHARES),$(shell printf '%s\n' $(SHARES) | sort -nu),0)

define task
$(if $(INDEX)$(INDEX.$(1)),$(call rule,$(1)/index.tsv,,$$(call index,$(1))))

$(if $(call is_set,SPLIT)$(call is_set,SPLIT.$(1)),$(call \
	rule,$(1)/manifest.tsv,$(1)/index.tsv,$$(call split,$(1))))

$(call rule,$(1)/images.tar,$(1)/manifest.tsv,$$(call pack,$(1)))

$(if $(TEST.$(1)),$(call \
	rule,$(1)/test.images.tar,$(TEST.$(1)),$$(call pack_test,$(1))))
endef
$(foreach t,$(TASKS),$(if $(word 2,$(TEST.$(t))),$(error TEST.$(t): \
	the name of a file cannot contain a blank)))
$(foreach t,$(TASKS),$(eval $(call task,$(t))))

# A table that no rule makes.  The pattern is less specific than any with which a
# Makefile makes TASK/manifest.tsv.
folder = $(patsubst %/,%,$(dir $@))
of_mc_split = set $(if $(INDEX)$(INDEX.$(folder)),,INDEX.$(folder) and \
	)SPLIT.$(folder)$(if $(splits), (to nothing, if it has no further \
	options)), or write a rule that calls mc-split$(splits)
%.tsv:
	$(if $(wildcard $@),,$(error $@ does not exist and no rule makes it$(if \
	$(filter $(TASKS:%=%/manifest.tsv),$@),: $(of_mc_split),$(if \
	$(filter $(TASKS:%=%/index.tsv),$@),: set INDEX.$(folder)$(comma) or \
	write a rule for it))))

# --- Runs --------------------------------------------------------------------

ARMS := $(foreach r,$(REGIMES),$(foreach m,$(call models,$(r)),$(m)-$(r)))
FOLD := $(if $(FOLDS),$(if $(word \
	2,$(FOLDS)),,$(shell seq 1 $(FOLDS) 2>/dev/null)),0)
$(if $(and $(FOLDS),$(if $(word 2,$(FOLD)),,1)),$(error FOLDS = $(FOLDS): write a \
	number of folds, 2 or more))
$(if $(FOLDS),$(foreach t,$(TASKS),$(if $(TEST.$(t)),$(error FOLDS and TEST.$(t) \
	cannot both be set: the models of all folds would predict each image)) \
	$(if $(findstring --ratio,$(SPLIT)$(SPLIT.$(t))),$(error FOLDS: SPLIT and \
	SPLIT.$(t) must name no --ratio: rows outside the split test are \
	divided into folds alone))))

# Features of frozen models.  The arguments are TASK,MODEL,SET; SET is nothing,
# or "test." for those of an external test set.
#
# $(call about_network,OPTIONS): those of mc-train that mc-embed also has.
pair = $(subst --$(1)$(space),--$(1)=,$(2))
about_network = $(filter --crop=% --device=% --features=% --filter=% --init-seed=% \
	--mean=% --precision=% --resize=% --skip-bad --std=%,$(call pair,crop,$(call \
	pair,device,$(call pair,features,$(call pair,filter,$(call \
	pair,init-seed,$(call pair,mean,$(call pair,precision,$(call \
	pair,resize,$(call pair,std,$(strip $(1))))))))))))
backbone = --backbone $(or $(BACKBONE.$(1)),$(1))
weights = $(if $(WEIGHTS.$(1)), --weights $(WEIGHTS.$(1)))
network = $(call about_network,$(TRAIN) $(TRAIN.frozen) $(TRAIN.$(2)) $(TRAIN.$(1)) \
	$(TRAIN.$(2)-frozen))
features = $(1)/$(2).$(3)features.tar
embed = $(call launch,mc-embed,$(1),$(2),frozen,$(network)) $(call backbone,$(2)) --threads $(THREADS)$(call \
	weights,$(2))$(if $(network), $(network))$(call opt,EMBED)$(call \
	opt,EMBED.$(1)) -o $(features) $(1)/$(3)images.tar

define features_rule
$(call rule,$(features),$(1)/$(3)images.tar,$$(call embed,$(1),$(2),$(3)))
endef
$(foreach t,$(TASKS),$(foreach m,$(if $(filter frozen,$(REGIMES)),$(call \
	models,frozen)),$(foreach s,none $(if $(TEST.$(t)),test.),$(eval $(call \
	features_rule,$(t),$(m),$(filter-out none,$(s)))))))

# Runs.  The arguments are TASK,MODEL,REGIME,SEED,FOLD,SHARE.
cell = $(1)/$(2)-$(3)-$(4)$(if $(filter-out 0,$(6)),-share$(6))$(if $(filter-out \
	0,$(5)),-fold$(5))
share = $(if $(filter-out 0,$(6)), --share $(6))
fold = $(if $(filter-out 0,$(5)), --fold $(5))
# $(call input,TASK,MODEL,REGIME,SET): what a run reads.
input = $(if $(filter frozen,$(3)),$(call features,$(1),$(2),$(4)),$(1)/$(4)images.tar)
train = $(call launch,mc-train,$(1),$(2),$(3),$(trained_with)) --task $(1) $(call backbone,$(2))$(if \
	$(BACKBONE.$(2)), --arm $(2)/$(3)) \
	--regime $(3) --seed $(4)$(fold)$(share) --threads $(THREADS)$(if $(filter \
	finetune,$(3)), --checkpoint $(cell).checkpoint$(call \
	weights,$(2)))$(trained_with)$(short) --log $(cell).log.tsv \
	--timing $(cell).timing.tsv \
	-o $(cell).model.tar $(trained)
trained_with = $(call opt,TRAIN)$(call opt,TRAIN.$(3))$(call opt,TRAIN.$(2))$(call \
	opt,TRAIN.$(1))$(call opt,TRAIN.$(2)-$(3))$(call opt,TRAIN.share$(6))$(call \
	opt,TRAIN.fold$(5))
short = $(if $(and $(filter yes,$(TRY)),$(filter finetune,$(3))), --epochs 1 --warmup 0)
trained = $(call input,$(1),$(2),$(3))
tested = $(call input,$(1),$(2),$(3),$(if $(TEST.$(1)),test.))
predict = $(call launch,mc-predict,$(1),$(2),$(3),$(PREDICT) $(PREDICT.$(1))) --model $(cell).model.tar$(fold)$(if \
	$(TEST.$(1)), --split all) --threads $(THREADS)$(call \
	opt,PREDICT)$(call opt,PREDICT.$(1)) -o $(cell).predictions.tsv $(tested)

define cell_rules
$(call rule,$(cell).model.tar,$(trained),$$(call \
	train,$(1),$(2),$(3),$(4),$(5),$(6)))

$(call rule,$(cell).predictions.tsv,$(cell).model.tar $(tested),$$(call \
	predict,$(1),$(2),$(3),$(4),$(5),$(6)))
endef
# $(call cells,TASK,MACRO): MACRO of each run of TASK.
cells = $(foreach r,$(REGIMES),$(foreach m,$(call models,$(r)),$(foreach \
	s,$(SEEDS),$(foreach f,$(FOLD),$(foreach n,$(SHARE),$(call \
	$(2),$(1),$(m),$(r),$(s),$(f),$(n)))))))
define_cell = $(eval $(call cell_rules,$(1),$(2),$(3),$(4),$(5),$(6)))
predictions_of = $(cell).predictions.tsv
model_of = $(cell).model.tar
$(foreach t,$(TASKS),$(call cells,$(t),define_cell))

# The first run of each arm and task comes before all others, so that an option
# that a program refuses ends the study early.
.PHONY: early
early: $(if $(unset),,$(foreach r,$(REGIMES),$(foreach t,$(TASKS),$(foreach \
	m,$(call models,$(r)),$(call predictions_of,$(t),$(m),$(r),$(firstword \
	$(SEEDS)),$(firstword $(FOLD)),$(firstword $(SHARE)))))))

# --- Tables ------------------------------------------------------------------

# Each task has its own tables, which are joined.  --family and --friedman need
# all tasks together: then mc-compare runs once.
ACROSS := $(findstring --fam,$(COMPARE))$(findstring --fr,$(COMPARE))
OWN := $(strip $(foreach t,$(TASKS),$(COMPARE.$(t))))
$(if $(findstring --fam,$(OWN))$(findstring --fr,$(OWN))$(if $(ACROSS),$(OWN)),\
	$(error --family and --friedman are about all tasks: set COMPARE, and no \
	COMPARE.task))
# A single arm cannot be compared.
DIFFERENCES := $(if $(word 2,$(ARMS)),differences.tsv)

pooled = $(if $(FOLDS), --folds pool)
# Sorted, so that the order of MODELS, REGIMES and SEEDS does not matter.
predictions = $(sort $(call cells,$(1),predictions_of))
mean = awk -f $(STUDY_DIR)patients.awk $(predictions) >$(1)/patients.part && \
	mv $(1)/patients.part $(1)/patients.predictions.tsv
judged = $(if $(patients),$(1)/patients.predictions.tsv,$(predictions))
bootstrap = $(call launch,mc-bootstrap,$(1))$(pooled)$(if $(word 2,$(SEEDS)), --train-seeds mean)$(call \
	opt,BOOTSTRAP)$(call opt,BOOTSTRAP.$(1)) -o $(1)/metrics.tsv \
	$(judged) $(1)/baseline.predictions.tsv
compare = $(call launch,mc-compare,$(1))$(pooled)$(call opt,COMPARE)$(call opt,COMPARE.$(1)) \
	-o $(1)/differences.tsv $(judged)
compare_all = $(call launch,mc-compare)$(pooled)$(call opt,COMPARE) -o differences.tsv \
	$(foreach t,$(sort $(TASKS)),$(call judged,$(t)))
curve = awk -f $(STUDY_DIR)curve.awk $(1)/metrics.tsv $(models_of) \
	>$(1)/curve.part && mv $(1)/curve.part $(1)/curve.tsv
models_of = $(sort $(call cells,$(1),model_of))
of_tasks = $(addsuffix /$(1),$(sort $(TASKS)))
joined = awk 'FNR > 1 || NR == 1' $(of_tasks) >$(1).part && mv $(1).part $(1)
tex = $(run)mc-tex$(if $(DIFFERENCES), --differences differences.tsv)$(call \
	opt,TABLE) -o table.tex metrics.tsv
# The dates are fixed, so that the same table gives the same PDF.
pdf = mkdir -p .study.tex && $(MC)mc-tex --standalone$(if $(DIFFERENCES), \
	--differences differences.tsv)$(call opt,TABLE) -o .study.tex/table.tex \
	metrics.tsv && (cd .study.tex && SOURCE_DATE_EPOCH=0 \
	FORCE_SOURCE_DATE=1 pdflatex -interaction=batchmode -halt-on-error \
	table.tex >/dev/null || { grep -A 2 '^!' table.log >&2; false; }) && \
	mv .study.tex/table.pdf table.pdf

define task_tables
$(if $(patients),$(call rule,$(1)/patients.predictions.tsv,$(predictions),$$(call \
	mean,$(1))))

$(call rule,$(1)/baseline.predictions.tsv,$(1)/manifest.tsv $(TEST.$(1)) \
	$(judged),$$(call baseline,$(1)))

$(call rule,$(1)/metrics.tsv,$(judged) $(1)/baseline.predictions.tsv,$$(call \
	bootstrap,$(1)))

$(call rule,$(1)/differences.tsv,$(judged),$$(call compare,$(1)))

$(if $(SHARES),$(call rule,$(1)/curve.tsv,$(1)/metrics.tsv \
	$(models_of),$$(call curve,$(1))))
endef
$(foreach t,$(TASKS),$(eval $(call task_tables,$(t))))
$(eval $(call rule,metrics.tsv,$(complete) $(call \
	of_tasks,metrics.tsv),$$(call joined,metrics.tsv)))
ifneq ($(SHARES),)
all: curve.tsv
$(eval $(call rule,curve.tsv,$(call of_tasks,curve.tsv),$$(call joined,curve.tsv)))
endif
ifeq ($(ACROSS),)
$(eval $(call rule,differences.tsv,$(complete) $(call \
	of_tasks,differences.tsv),$$(call joined,differences.tsv)))
else
$(eval $(call rule,differences.tsv,$(complete) $(foreach t,$(TASKS),$(call \
	judged,$(t))),$$(compare_all)))
endif
$(eval $(call rule,table.tex,metrics.tsv $(DIFFERENCES),$$(tex)))
# The table as far as this machine can make it.
ifneq ($(shell command -v pdflatex),)
table: table.pdf
$(eval $(call rule,table.pdf,metrics.tsv $(DIFFERENCES),$$(pdf)))
else
no_pdf := pdflatex is not installed (texlive-latex-recommended)
table: table.tex
	@echo 'no table.pdf: $(no_pdf)'
table.pdf:
	$(error no table.pdf: $(no_pdf): make table.tex, and typeset it elsewhere)
endif

# --- Figures -----------------------------------------------------------------

# Of a figure: the table that it draws, and why the study does not have it.
drawn.forest = metrics.tsv
drawn.differences = differences.tsv
drawn.shares = curve.tsv
drawn.montage = predictions
drawn.explain = maps
DEFAULT := forest $(if $(DIFFERENCES),differences) $(if $(SHARES),shares)
ifeq ($(call is_set,FIGURES),)
FIGURES := $(DEFAULT)
else ifeq ($(filter-out montage explain,$(FIGURES)),)
override FIGURES := $(if $(strip $(FIGURES)),$(DEFAULT) $(FIGURES))
endif
override FIGURES := $(FIGURES) $(if $(filter explain,$(FIGURES)),montage)
why_not.differences = $(if $(DIFFERENCES),,a single arm has no differences)
why_not.shares = $(if $(SHARES),,SHARES is not set)
$(foreach f,$(FIGURES),$(if $(drawn.$(f)),$(if $(why_not.$(f)),$(error FIGURES: \
	no figure "$(f)": $(why_not.$(f)))),$(error FIGURES: no figure "$(f)": \
	figures are: forest, differences, shares, montage, explain)))
override FIGURES := $(call once,$(FIGURES))
PLOTS := $(filter-out montage explain,$(FIGURES))
# A forest has a line per task and arm, and differences one per task and pair of arms.
# Of more than a page has room for, each task has a figure of its own: forest-TASK.
each_arm = $(foreach t,$(TASKS),$(ARMS) baseline)
each_pair = $(foreach t,$(TASKS),$(foreach a,$(ARMS),$(filter-out $(a),$(ARMS))))
is_long = $(if $(word 2,$(TASKS)),$(if $(filter forest,$(1)),$(word 41,$(each_arm)))$(if \
	$(filter differences,$(1)),$(if $(ACROSS),,$(word 81,$(each_pair)))))
by_task = $(foreach t,$(TASKS),$(eval drawn.$(1)-$(t) := $(t)/$(drawn.$(1)))$(1)-$(t))
override PLOTS := $(foreach f,$(PLOTS),$(if $(call is_long,$(f)),$(call by_task,$(f)),$(f)))
kind = $(firstword $(subst -, ,$(1)))
plot = $(run)mc-plot --figure $(kind) --width page$(call opt,PLOT)$(call \
	opt,PLOT.$(kind)) -o figures/$(1).pdf $(drawn.$(1))
$(foreach f,$(PLOTS),$(eval $(call \
	rule,figures/$(f).pdf,$(drawn.$(f)),$$(call plot,$(f)))))
GNUPLOT := $(shell command -v gnuplot)
# Figures that this file made when the study was divided in another way: forest of all
# tasks, where there is now forest-TASK, or the other way round.
STALE := $(strip $(foreach f,$(sort $(patsubst .study.made/figures/%.pdf,%,$(wildcard \
	.study.made/figures/*.pdf))),$(if $(filter $(f),$(PLOTS)),,$(if $(filter $(call \
	kind,$(f)),$(foreach p,$(PLOTS),$(call kind,$(p)))),$(f)))))
ifneq ($(GNUPLOT),)
figures: $(PLOTS:%=figures/%.pdf)
ifneq ($(STALE),)
figures:
	rm -f $(STALE:%=figures/%.pdf) $(STALE:%=.study.made/figures/%.pdf)
endif
else ifneq ($(PLOTS),)
figures:
	@echo 'no figures: gnuplot is not installed (gnuplot-nox)'
endif

# A task of several findings has predictions of each, and a sheet and its maps are of
# one.  The arguments are TASK,MODEL,REGIME.
has_findings = $(filter --multilabel,$(trained_with))
check_finding = $(if $(has_findings),$(if $(findstring task=$(1):,$(MONTAGE) \
	$(MONTAGE.$(1))),,$(error FIGURES: $(1) has several findings (--multilabel), and a \
	sheet shows one: set MONTAGE.$(1) = --only task=$(1):FINDING))$(if $(filter \
	explain,$(FIGURES)),$(if $(findstring --class,$(EXPLAIN) \
	$(EXPLAIN.$(2)) $(EXPLAIN.$(1))),,$(error \
	FIGURES: $(1) has several findings (--multilabel), and the maps of a sheet are of \
	one: set EXPLAIN.$(1) = --class FINDING))))

# Sheets of images.  The arguments are TASK,MODEL,REGIME.
sheet = figures/montage/$(1)/$(2)-$(3).jpg
shown = $(1)/$(if $(TEST.$(1)),test.)images.tar
shown_by = $(foreach f,$(FOLD),$(call predictions_of,$(1),$(2),$(3),$(firstword \
	$(SEEDS)),$(f),$(lastword $(SHARE))))
montage = $(call launch,mc-montage,$(1))$(pooled) $(addprefix --predictions ,$(shown_by))$(call \
	opt,MONTAGE)$(call opt,MONTAGE.$(1)) --list $(sheet:.jpg=.tsv) \
	-o $(sheet) $(shown)
define montage_rule
$(call rule,$(sheet),$(shown_by) $(shown),$$(call montage,$(1),$(2),$(3)))

figures: $(sheet)
endef
ifneq ($(filter montage,$(FIGURES)),)
$(foreach t,$(TASKS),$(foreach r,$(REGIMES),$(foreach m,$(call \
	models,$(r)),$(call check_finding,$(t),$(m),$(r))$(eval $(call \
	montage_rule,$(t),$(m),$(r))))))
endif

# Maps.  The arguments are those of a run, of the first seed and the largest share.
#
# $(call is_opaque,...): not empty where Grad-CAM has no gradient.
is_opaque = $(filter --head=knn,$(call pair,head,$(strip $(trained_with))))$(filter \
	%.pt,$(or $(BACKBONE.$(2)),$(2)))
about_images = $(filter --allow-other-levels --device=% --max-pixels=% --precision=% \
	--skip-bad,$(call pair,device,$(call pair,max-pixels,$(call \
	pair,precision,$(strip $(PREDICT) $(PREDICT.$(1)))))))
explained_with = $(about_images)$(call opt,EXPLAIN)$(call opt,EXPLAIN.$(2))$(call \
	opt,EXPLAIN.$(1))
method = $(patsubst --method=%,%,$(lastword $(filter --method=%,$(call \
	pair,method,$(strip $(explained_with))))))
maps = $(cell).maps.tar
weights_file = $(if $(filter frozen,$(3)),$(if $(filter-out random,$(WEIGHTS.$(2))),$(call \
	weights,$(2))))
explain = $(call launch,mc-explain,$(1),$(2),$(3),$(explained_with)) --model $(cell).model.tar$(fold) \
	--list $(sheet:.jpg=.tsv) --threads $(THREADS)$(weights_file)$(if \
	$(method),,$(if $(is_opaque), --method occlusion))$(if \
	$(strip $(explained_with)), $(strip $(explained_with))) -o $(maps) $(shown)
# $(call explained_run,TASK,MODEL,REGIME,MACRO): MACRO of each fold.
explained_run = $(foreach f,$(FOLD),$(call $(4),$(1),$(2),$(3),$(firstword \
	$(SEEDS)),$(f),$(lastword $(SHARE))))
maps_of = $(maps)
explained = figures/explain/$(1)/$(2)-$(3).jpg
tars = $(call explained_run,$(1),$(2),$(3),maps_of)
beside = $(call launch,mc-montage,$(1))$(pooled) $(addprefix --predictions ,$(shown_by))$(call \
	opt,MONTAGE)$(call opt,MONTAGE.$(1)) $(addprefix --maps ,$(tars)) \
	--list $(explained:.jpg=.list.tsv) -o $(explained) $(shown)
# The rows of the maps that the sheet shows.
maps_table = for f in $(tars); do tar -xOf $$f maps.tsv || exit; done | \
	awk -F'\t' 'FNR == 1 { for (i = 1; i <= NF; i++) if ($$i == "id") c = i } \
	NR == FNR { shown[$$c]; next } FNR == 1 { head = $$0; print } $$0 != head && \
	$$c in shown' $(explained:.jpg=.list.tsv) - >$(explained).part && \
	mv $(explained).part $(explained:.jpg=.tsv)

define maps_rule
$(call rule,$(maps),$(cell).model.tar $(sheet) $(shown),$$(call \
	explain,$(1),$(2),$(3),$(4),$(5),$(6)))
endef
define_maps = $(call check_method,$(1),$(2),$(3),$(4),$(5),$(6))$(eval $(call \
	maps_rule,$(1),$(2),$(3),$(4),$(5),$(6)))
define explain_rule
$(call rule,$(explained),$(shown_by) $(shown) $(tars),$$(call \
	beside,$(1),$(2),$(3)))

$(call rule,$(explained:.jpg=.tsv),$(explained) $(tars),$$(call maps_table,$(1),$(2),$(3)))

figures: $(explained) $(explained:.jpg=.tsv)
endef
# A method that a model does not allow ends the study before it begins.
VITS = $(eval VITS := $(shell $(MC)mc-embed --list | awk -F'\t' '$$2 == "ViT" { print \
	$$1 }'))$(VITS)
check_method = $(if $(filter gradcam,$(method)),$(if $(is_opaque),$(error EXPLAIN: \
	--method gradcam is not possible for $(2)-$(3)$(comma) a TorchScript module \
	or --head knn: without --method it is explained by occlusion)))$(if $(filter \
	attention rollout,$(method)),$(if $(filter-out $(VITS),$(or \
	$(BACKBONE.$(2)),$(2))),$(error EXPLAIN: --method $(method) is for vision \
	transformers (ViT)$(comma) and $(2) is none: set EXPLAIN.MODEL of those that \
	are)))
define explain_rules
$(call explained_run,$(1),$(2),$(3),define_maps)
$(eval $(call explain_rule,$(1),$(2),$(3)))
endef
EXPLAINED :=
ifneq ($(filter explain,$(FIGURES)),)
$(foreach t,$(TASKS),$(foreach r,$(REGIMES),$(foreach m,$(call \
	models,$(r)),$(call explain_rules,$(t),$(m),$(r)))))
EXPLAINED := $(foreach t,$(TASKS),$(foreach r,$(REGIMES),$(foreach m,$(call \
	models,$(r)),$(call explained,$(t),$(m),$(r)))))
endif

words_of_all = $(if $(no_pdf),table.tex,table.pdf), $(if $(if $(GNUPLOT),$(PLOTS))$(filter montage,$(FIGURES)),figures$(comma) \
	)report.html, study.tar

# --- The report and the archive ------------------------------------------------

describe = $(run)mc-describe$(call opt,DESCRIBE)$(call opt,DESCRIBE.$(1)) \
	-o $(1)/population.tsv $(1)/images.tsv
# The flow of the images of TASK, if it is known what was left out.
left = $(if $(INDEX)$(INDEX.$(1)),$(1)/index.left.tsv) $(skipped)
flow = $(run)mc-describe $(addprefix --left-out ,$(left)) -o $(1)/flow.tsv \
	$(1)/manifest.tsv
# The manifest as mc-pack(1) writes it, by whose digest models know it.
packed = tar -xOf $(1)/images.tar __manifest__ >$(1)/images.part && \
	mv $(1)/images.part $(1)/images.tsv
define task_cases
$(call rule,$(1)/images.tsv,$(1)/images.tar,$$(call packed,$(1)))

$(call rule,$(1)/population.tsv,$(1)/images.tsv,$$(call describe,$(1)))

$(if $(strip $(left)),$(call rule,$(1)/flow.tsv,$(1)/manifest.tsv \
	$(1)/images.tar,$$(call flow,$(1))))
endef
flow_of = $(if $(strip $(left)),$(1)/flow.tsv)
$(foreach t,$(TASKS),$(eval $(call task_cases,$(t))))
FLOWS := $(foreach t,$(TASKS),$(call flow_of,$(t)))

# All that was made, in the order of work, and the manifests that rules of the
# Makefile's own make.  The recipes get it in their environment,
# since a Makefile may add rules after this file: their text is the same before.
GIVEN = $(TASKS:%=%/manifest.tsv) $(foreach t,$(TASKS),$(TEST.$(t)))
RESULTS = $(filter %/index.tsv,$(MADE)) $(GIVEN) $(filter-out %/index.tsv $(GIVEN) \
	commands.txt report.html SHA256SUMS study.tar,$(MADE))
commands.txt SHA256SUMS study.tar: private export STUDY_RESULTS = $(RESULTS)
# A shell script, in which the digests of files are comments.  The key of --id-key is
# secret, and a short one could be found by its digest.
secret = s/\(--id-key[ =]\([^ ]*\).*\) \2=[0-9a-f]\{64\}/\1/
of_digests = s/\(\(  *[^ ]*=[0-9a-f]\{64\}\)\{1,\}\) *$$/ $(hash)\1/
commands = { echo mkdir -p $$(printf '%s\n' $$STUDY_RESULTS | sed \
	-n 's,/[^/]*$$,,p' | sort -u) && echo && for f in $$STUDY_RESULTS; do \
	[ ! -e .study.made/$$f ] || { printf '%s %s\n' '$(hash)' $$f && sed \
	-e 's/^exec //' -e '$(secret)' -e '$(of_digests)' .study.made/$$f && echo; } || \
	exit; done; } >commands.part && mv commands.part commands.txt
MODEL_TARS := $(foreach t,$(sort $(TASKS)),$(call models_of,$(t)))
# Sheets of other images than mistakes are no mistakes.
SHEETS := $(if $(filter montage,$(FIGURES)),$(if $(findstring \
	--show,$(foreach v,$(filter MONTAGE MONTAGE.%,$(.VARIABLES)),$($(v)))),,$(foreach \
	t,$(TASKS),$(foreach r,$(REGIMES),$(foreach m,$(call \
	models,$(r)),$(call sheet,$(t),$(m),$(r)))))))
report = $(run)mc-report$(foreach t,$(TASKS), --manifest $(t)=$(t)/images.tsv$(if \
	$(TEST.$(t)), --manifest $(t).test=$(TEST.$(t))) \
	--population $(t)=$(t)/population.tsv$(if $(call \
	flow_of,$(t)), --flow $(t)=$(call flow_of,$(t)))) --metrics metrics.tsv$(if \
	$(DIFFERENCES), --differences differences.tsv)$(if $(GNUPLOT),$(foreach \
	f,$(PLOTS), --figure $(call kind,$(f))=$(drawn.$(f))))$(foreach \
	s,$(SHEETS), --mistakes $(s)=$(s:.jpg=.tsv))$(foreach \
	s,$(EXPLAINED), --explanations $(s)=$(s:.jpg=.tsv)) --commands commands.txt$(call \
	opt,REPORT) -o report.html $(MODEL_TARS)
sums = for f in $$STUDY_RESULTS; do [ ! -e $$f ] || echo $$f; done | \
	xargs sha256sum >SHA256SUMS.part && mv SHA256SUMS.part SHA256SUMS
HELPERS := study.mk baseline.awk curve.awk digests.sh patients.awk
archive = for f in report.html commands.txt SHA256SUMS $$STUDY_RESULTS \
	$(foreach t,$(sort $(TASKS)),$(call left,$(t))) \
	$(MODEL_TARS:.model.tar=.log.tsv); do case $$f in \
	*.tsv | report.html | commands.txt | SHA256SUMS) [ ! -e $$f ] || echo $$f ;; \
	esac; done | tar -cf study.part --format=ustar --owner=0 --group=0 \
	--numeric-owner --mode=0644 --mtime=@0 -T - \
	-C $(call quote,$(abspath $(dir $(firstword $(MAKEFILE_LIST))))) \
	$(notdir $(firstword $(MAKEFILE_LIST))) \
	-C $(call quote,$(abspath $(STUDY_DIR))) \
	$(HELPERS) && mv study.part study.tar
ALL_RESULTS := metrics.tsv $(DIFFERENCES) $(if $(SHARES),curve.tsv) \
	$(TASKS:%=%/images.tsv) $(TASKS:%=%/population.tsv) $(FLOWS) \
	$(MODEL_TARS) $(SHEETS) $(EXPLAINED) $(EXPLAINED:.jpg=.tsv)
$(eval $(call rule,commands.txt,$(complete) $(ALL_RESULTS),$$(commands)))
$(eval $(call rule,report.html,$(ALL_RESULTS) commands.txt,$$(report)))
$(eval $(call rule,SHA256SUMS,$(ALL_RESULTS),$$(sums)))
$(eval $(call rule,study.tar,report.html SHA256SUMS,$$(archive)))
