# fuzz.mk - build the fuzz targets with clang, whatever compiled the rest; in a
# folder of their own, tests/fuzz/build.  Makefile.am runs it with srcdir, LIBS
# and CPPFLAGS (GNU make).

CLANG = clang
FUZZ_CFLAGS = -g -O1 -fno-omit-frame-pointer -ffp-contract=off \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined -Wall
build = tests/fuzz/build

# Where mctools is built with libvips, OpenJPEG and niftilib, the decoders also.
vips = $(findstring vips,$(LIBS))
openjpeg = $(findstring openjp2,$(LIBS))
nifti = $(findstring nifti2,$(LIBS))
decoders = $(if $(vips),image/decode.c image/decode_bmp.c image/decode_jpeg.c \
	image/decode_jpeg2000.c image/decode_pnm.c \
	$(if $(openjpeg),scan/jpeg2000.c)) \
	$(if $(nifti),scan/gzip.c scan/nifti.c)

targets = $(filter-out support $(if $(vips),,pictures) \
	$(if $(nifti),,nifti), \
	$(notdir $(basename $(wildcard $(srcdir)/tests/fuzz/*.c))))
sources = $(patsubst $(srcdir)/%, %, \
	$(wildcard $(addprefix $(srcdir)/lib/, base/*.c table/*.c stream/*.c \
	weights/*.c scan/address.c scan/levels.c scan/dicom_nesting.c \
	image/container.c $(decoders))) $(srcdir)/tests/fuzz/support.c)
objects = $(patsubst %.c, $(build)/%.o, $(sources))

all: $(addprefix $(build)/, $(targets))

$(build)/%.o: $(srcdir)/%.c
	@mkdir -p $(@D)
	@$(CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -D_GNU_SOURCE -I. \
	    -I$(srcdir)/lib -I$(srcdir)/tests/fuzz $(CPPFLAGS) -pthread \
	    -MMD -MP -c -o $@ $<

$(build)/library.a: $(objects)
	@rm -f $@
	@ar crs $@ $(objects)

$(build)/%: $(build)/tests/fuzz/%.o $(build)/library.a
	@$(CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer -pthread \
	    -Wl,--wrap=LLVMFuzzerTestOneInput -o $@ $^ $(LIBS)

.PHONY: all
.SECONDARY:
-include $(shell find $(build) -name '*.d' 2>/dev/null)
