# fuzz.mk - build the fuzz targets with clang, whatever compiled the rest; in a
# folder of their own, tests/fuzz/build.  Makefile.am runs it with srcdir, LIBS
# and CPPFLAGS (GNU make).

CLANG = clang
CLANGXX = clang++
FUZZ_CFLAGS = -g -O1 -fno-omit-frame-pointer -ffp-contract=off \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined -Wall
build = tests/fuzz/build

# Where mctools is built with libvips and DCMTK, the decoders also.
vips = $(findstring vips,$(LIBS))
dcmtk = $(findstring dcmdata,$(LIBS))
nifti = $(findstring nifti2,$(LIBS))
decoders = $(if $(vips),$(addprefix image/, adjust.c augment.c decode.c \
	decode_bmp.c decode_jpeg.c decode_jpeg2000.c decode_pnm.c encode.c \
	geometry.c preprocess.c recode.c resize.c trivial.c) stats/*.c \
	learn/criterion.c learn/grid.c learn/schedule.c learn/tta.c) \
	$(if $(dcmtk),scan/dicom.cpp scan/dicom_tags.cpp scan/dicom_pixels.c \
	scan/jpeg2000.c)

targets = $(filter-out support $(if $(vips),,pictures recipe) \
	$(if $(dcmtk),,dicom) $(if $(nifti),,nifti), \
	$(notdir $(basename $(wildcard $(srcdir)/tests/fuzz/*.c))))
# The module of MPI is loaded by mc-train alone.
sources = $(patsubst $(srcdir)/%, %, $(filter-out %/ranks_mpi.c, \
	$(wildcard $(addprefix $(srcdir)/lib/, base/*.c table/*.c stream/*.c \
	weights/*.c image/container.c $(addprefix scan/, address.c \
	dicom_nesting.c gzip.c levels.c nifti.c samples.c scan.c slices.c \
	tags.c volume.c) $(addprefix fetch/, content_range.c part.c) \
	$(addprefix learn/, checkpoint.c identity.c seen.c) \
	$(decoders)))) $(srcdir)/tests/fuzz/support.c)
objects = $(addprefix $(build)/, $(addsuffix .o, $(basename $(sources))))

all: $(addprefix $(build)/, $(targets))

flags = $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -D_GNU_SOURCE \
	-I. -I$(srcdir)/lib -I$(srcdir)/tests/fuzz $(CPPFLAGS) -pthread -MMD -MP

$(build)/%.o: $(srcdir)/%.c
	@mkdir -p $(@D)
	@$(CLANG) $(flags) -c -o $@ $<

$(build)/%.o: $(srcdir)/%.cpp
	@mkdir -p $(@D)
	@$(CLANGXX) -std=gnu++17 $(flags) -fno-sanitize=vptr -c -o $@ $<

$(build)/library.a: $(objects)
	@rm -f $@
	@ar crs $@ $(objects)

$(build)/%: $(build)/tests/fuzz/%.o $(build)/library.a
	@$(CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer -pthread \
	    -Wl,--wrap=LLVMFuzzerTestOneInput -o $@ $^ $(LIBS)

.PHONY: all
.SECONDARY:
-include $(shell find $(build) -name '*.d' 2>/dev/null)
