# study.mk - a whole study: every task x model x regime x seed, to the PDF.
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
# Then `make` makes TASK/manifest.tsv, TASK/images.tar, for each cell
# TASK/MODEL-REGIME-SEED.model.tar and .predictions.tsv, and for all of them
# metrics.tsv, differences.tsv, table.tex and table.pdf.  Each of these can be
# asked for alone.
# Every file is whole or not there, so an interrupted study goes on where it
# stopped.  With -j, cells that train wait for each other (each takes all
# cores by itself); what is left runs beside them.
#
# These may be set too:
#
#	TRAIN			options of mc-train, to which are added those of
#	TRAIN.regime TRAIN.model TRAIN.task TRAIN.model-regime
#				(of an option given twice, the last counts)
#	WEIGHTS.model		--weights of that model (default: PyTorch's cache)
#	MODELS.regime		models of that regime, instead of MODELS
#	PACK PREDICT BOOTSTRAP COMPARE TABLE	options of mc-pack, mc-predict,
#				mc-bootstrap, mc-compare and mc-tex
#	MC			the folder of the programs, with a slash behind
#
# A cell whose options have changed is trained again; else it is trained again
# only when its images are newer.  With several seeds the metrics are means over
# them.

STUDY_DIR := $(dir $(lastword $(MAKEFILE_LIST)))
MC ?= $(if $(wildcard $(STUDY_DIR)../cmd/mc-train),$(abspath $(STUDY_DIR)../cmd)/)

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
.PHONY: all FORCE
all: table.pdf

models = $(or $(MODELS.$(1)),$(MODELS))
ARMS := $(foreach r,$(REGIMES),$(foreach m,$(call models,$(r)),$(m)-$(r)))
PREDICTIONS := $(foreach t,$(TASKS),$(foreach a,$(ARMS),$(foreach \
	s,$(SEEDS),$(t)/$(a)-$(s).predictions.tsv)))
BASELINES := $(TASKS:%=%/baseline.predictions.tsv)

# $(call options,TASK,MODEL,REGIME,SEED): those of mc-train, in one line.
options = $(strip --task $(1) --backbone $(2) --regime $(3) --seed $(4) \
	$(if $(WEIGHTS.$(2)),--weights $(WEIGHTS.$(2))) \
	$(TRAIN) $(TRAIN.$(3)) $(TRAIN.$(2)) $(TRAIN.$(1)) $(TRAIN.$(2)-$(3)))

# The cell's model depends on FORCE where the options of its last training,
# which stand beside it, are others.
define cell
$(1)/$(2)-$(3)-$(4).model.tar: $(1)/images.tar \
    $$(if $$(filter-out $$(subst $$(space),_,$$(file <$(1)/$(2)-$(3)-$(4).options)),\
	$$(subst $$(space),_,$$(call options,$(1),$(2),$(3),$(4)))),FORCE)
	flock .training $$(MC)mc-train $$(call options,$(1),$(2),$(3),$(4)) \
	    --log $(1)/$(2)-$(3)-$(4).log.tsv \
	    --timing $(1)/$(2)-$(3)-$(4).timing.tsv -o $$@ $$<
	@echo '$$(call options,$(1),$(2),$(3),$(4))' >$(1)/$(2)-$(3)-$(4).options

$(1)/$(2)-$(3)-$(4).predictions.tsv: $(1)/$(2)-$(3)-$(4).model.tar $(1)/images.tar
	$$(MC)mc-predict $$(PREDICT) \
	    $$(if $$(filter-out random,$$(WEIGHTS.$(2))),$$(if \
	    $$(filter frozen,$(3)),--weights $$(WEIGHTS.$(2)))) \
	    --model $$< -o $$@ $(1)/images.tar
endef

empty :=
space := $(empty) $(empty)
$(foreach t,$(TASKS),$(foreach r,$(REGIMES),$(foreach m,$(call \
	models,$(r)),$(foreach s,$(SEEDS),$(eval $(call \
	cell,$(t),$(m),$(r),$(s)))))))

$(TASKS:%=%/images.tar): %/images.tar: %/manifest.tsv
	$(MC)mc-pack $(PACK) -o $@ $<

# What a classifier without eyes would score: always the class that is the
# largest among the training images.
$(TASKS:%=%/baseline.predictions.tsv): %/baseline.predictions.tsv: %/manifest.tsv
	awk -F'\t' -v OFS='\t' -v task=$* -f $(STUDY_DIR)baseline.awk $< $< >$@.part
	mv $@.part $@

metrics.tsv: $(PREDICTIONS) $(BASELINES)
	$(MC)mc-bootstrap $(if $(word 2,$(SEEDS)),--seeds mean) $(BOOTSTRAP) \
	    -o $@ $^

differences.tsv: $(PREDICTIONS)
	$(MC)mc-compare $(COMPARE) -o $@ $^

# A single arm has nothing to be compared with.
DIFFERENCES := $(if $(word 2,$(ARMS)),differences.tsv)

table.tex: metrics.tsv $(DIFFERENCES)
	$(MC)mc-tex $(DIFFERENCES:%=--differences %) $(TABLE) -o $@ $<

# The dates are fixed, so that the same table gives the same PDF.
table.pdf: metrics.tsv $(DIFFERENCES)
	mkdir -p .tex
	$(MC)mc-tex --standalone $(DIFFERENCES:%=--differences %) $(TABLE) \
	    -o .tex/table.tex $<
	cd .tex && SOURCE_DATE_EPOCH=0 FORCE_SOURCE_DATE=1 \
	    pdflatex -interaction=batchmode -halt-on-error table.tex >/dev/null
	mv .tex/table.pdf $@
