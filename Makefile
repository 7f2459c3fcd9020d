# make help    says what can be made.
CC	?= cc
CSTD	 = -std=c17 -D_POSIX_C_SOURCE=200809L
WARN	 = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	   -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings \
	   -Wconversion -Wformat=2 -Wvla -Werror
PKGS	 = libmariadb json-c libsodium libcurl fcgi libqrencode libpng libcrypto
CFLAGS	?= -O2 -g
HARDEN	 = -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
CPPFLAGS += -Ilib -Icgi -Itests/unit -MMD -MP
PKGFLAGS = $(shell pkg-config --cflags $(PKGS) | sed 's/-I/-isystem /g')
LDLIBS	+= $(shell pkg-config --libs $(PKGS))
LDFLAGS	+= -pie -Wl,-z,relro,-z,now
ifdef SAN
CFLAGS	+= -fsanitize=address,undefined -fno-sanitize-recover=all
CPPFLAGS += -DARENA_DEBUG
HARDEN	 = -fPIE
endif
ifdef FAULTS
CPPFLAGS += -DFAULTS
endif
ifdef FUZZ
CC	 = clang
CFLAGS	+= -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
CPPFLAGS += -DARENA_DEBUG
HARDEN	 = -fPIE
endif

# For shared hosting: what such a host may lack is put in; libc, libcurl and
# libssl are the host's own, which it keeps up to date.
ifdef STATIC
LDLIBS	 = -l:libmariadb.a -l:libjson-c.a -l:libsodium.a -l:libfcgi.a \
	   -l:libpng16.a -l:libz.a -lqrencode -lcurl -lssl -lcrypto -lm
LDFLAGS	+= -Wl,-rpath,'$$ORIGIN/../lib',--as-needed
endif

# All processors, unless -j says otherwise.  What a recipe starts that calls
# make itself has not the jobs of this one.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
ALONE	 = env -u MAKEFLAGS -u MAKELEVEL

PORT	?= 8080
VAR	?= var
MINUTES	?= 10
ROUNDS	?= 1
SUITE	?= bookworm trixie
PREFIX	?= /usr/local
VERSION	 = 1.0.0

B	 = build$(if $(SAN),-san)$(if $(FAULTS),-faults)$(if $(FUZZ),-fuzz)
LIB	 = $(patsubst %.c,$(B)/%.o,$(wildcard lib/*/*.c)) $(B)/schema.o
BIN	 = $(B)/$(if $(STATIC),static/)bin
PROGRAMS = $(patsubst cgi/%.c,$(BIN)/%,$(filter-out $(FCGIS),$(wildcard cgi/*.c))) \
	   $(patsubst cgi/%.c,$(BIN)/%.fcgi,$(wildcard $(FCGIS)))
comma	 = ,
FCGIS	 = cgi/gateway.c cgi/recurring.c cgi/sandbox.c
PRODUCT	 = programs build/vendor/uplot.js
NEEDS	 = $(addprefix need-,build run cluster bench fuzz test dist deb fresh)
FUZZERS	 = $(patsubst tests/fuzz/fuzz_%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
UNITS	 = $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))

all: need-build $(PROGRAMS) $(UNITS) build/vendor/uplot.js	## build everything
	@:
run: need-run $(PRODUCT)	## start everything here: make run [PORT=8080] [VAR=var]
	@PORT="$(PORT)" VAR="$(VAR)" exec nginx/stack
test:				## every test; ends in "N passed, N failed": [DATE='2028-02-29 09:00'] [SEED=]
	@nginx/need test
	@$(ALONE) tests/run
test-fresh: need-fresh		## make run from nothing: [SUITE="bookworm trixie"]; root, memory
	@SUITE="$(SUITE)" tests/fresh
cluster: need-cluster $(PRODUCT)	## several machines that fail one by one: [ROUNDS=1] [WATCH=1: only starts them]
	@if [ -n "$(WATCH)" ]; then PORT="$(PORT)" VAR="$(VAR)/cluster" exec nginx/cluster; \
	else STACK=nginx/cluster ROUNDS="$(ROUNDS)" tests/with-stack node tests/cluster/chaos.mjs; fi
bench: need-bench		## speed and memory beside nginx, PHP-FPM, a bare loop; [BASE=REVISION] another release
	@$(ALONE) sh -c 'tests/bench/run && tests/bench/reports && \
	    tests/bench/messages && tests/bench/statement && \
	    tests/bench/hostile'
fuzz: need-fuzz			## every parser, with clang's libFuzzer: make fuzz [MINUTES=10]
	@$(MAKE) -s FUZZ=1 fuzzers
	@MINUTES="$(MINUTES)" $(ALONE) tests/fuzz/run
fuzzers: $(FUZZERS)
docs: need-test all		## the examples, the OpenAPI document and the page, made anew
	@$(ALONE) tests/docs/make
dist: need-dist $(PRODUCT)		## a zip for shared hosting, in build/dist/
	@$(MAKE) -s STATIC=1 programs
	@VERSION="$(VERSION)" nginx/dist
programs: need-build $(PROGRAMS)
	@:
install: $(PRODUCT)			## install [DESTDIR=] [PREFIX=/usr/local]
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" nginx/install
uninstall:			## remove just what install put
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" nginx/install uninstall
deb: need-deb $(PRODUCT)		## build/deb/dapit-gateway_VERSION_ARCH.deb
	@VERSION="$(VERSION)" nginx/deb/build
lint:				## style, floors, migrations
	@tests/style && tests/floors && tests/schema
help:				## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile
clean:				## remove what was built
	rm -rf build build-san build-faults build-fuzz
# Packages come before anything is compiled, also with -j.
$(NEEDS): need-%:
	@nginx/need $*

$(B)/%.o: %.c | need-build
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CSTD) $(CPPFLAGS) $(PKGFLAGS) $(WARN) $(CFLAGS) $(HARDEN) -c -o $@ $<
$(B)/schema.c: schema/embed $(wildcard schema/*.sql)
	@mkdir -p $(@D)
	@schema/embed migrations $(wildcard schema/*.sql) >$@
$(B)/sandbox-schema.c: schema/embed $(wildcard schema/sandbox/*.sql)
	@mkdir -p $(@D)
	@schema/embed sandbox_migrations $(wildcard schema/sandbox/*.sql) >$@
$(B)/examples.c: schema/embed www/docs/examples.json
	@mkdir -p $(@D)
	@schema/embed examples www/docs/examples.json >$@
$(B)/schema.o $(B)/sandbox-schema.o $(B)/examples.o: %.o: %.c | need-build
	@$(CC) $(CSTD) $(CPPFLAGS) $(CFLAGS) $(HARDEN) -c -o $@ $<
$(UNITS): $(B)/unit/%: $(B)/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(B)/bench/%: $(B)/tests/bench/%.o $(LIB)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(B)/bench/confirm: LDFLAGS += -Wl,--wrap=posting_add
$(B)/fault/%: $(B)/tests/fault/%.o $(LIB)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
# With SAN=1 instead of FUZZ=1 a fuzzer is a program that reads a folder.
$(FUZZERS): $(B)/fuzz/%: $(B)/tests/fuzz/fuzz_%.o $(LIB) \
    $(if $(FUZZ),,$(B)/tests/fuzz/replay.o)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(if $(FUZZ),-fsanitize=fuzzer) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(B)/fuzz/gateway $(B)/fuzz/fcgi: $(patsubst %.c,$(B)/%.o,$(wildcard cgi/gateway/*.c)) $(B)/examples.o
$(B)/fuzz/recurring: $(patsubst %.c,$(B)/%.o,$(wildcard cgi/recurring/*.c)) $(B)/examples.o
$(B)/fuzz/gateway $(B)/fuzz/recurring $(B)/fuzz/statement: LDFLAGS += $(addprefix -Wl$(comma)--wrap=,db_one_ db_many_ db_run_ db_id db_tx seal_read seal_same web_run write)
$(B)/fuzz/bank: LDFLAGS += -Wl,--wrap=web_run
$(B)/fuzz/fcgi: LDFLAGS += -Wl,--wrap=write
$(B)/fuzz/web: LDFLAGS += -Wl,--wrap=socket
$(BIN)/sandbox.fcgi: $(B)/sandbox-schema.o
$(BIN)/gateway.fcgi $(BIN)/recurring.fcgi: $(B)/examples.o
# The dashboard's chart, from npm as its lock file says; without npm the page
# shows a table instead.
build/vendor/uplot.js: www/dashboard/package-lock.json | $(filter need-deb,$(MAKECMDGOALS:%=need-%))
	@mkdir -p $(@D) && cp www/dashboard/package*.json $(@D)
	@cd $(@D) && if command -v npm >/dev/null && npm ci --ignore-scripts \
	    --no-audit --no-fund --loglevel=error >/dev/null; then \
		cp node_modules/uplot/dist/uPlot.min.css uplot.css && \
		cp node_modules/uplot/dist/uPlot.iife.min.js uplot.js; \
	else echo "dapit: no npm, so the dashboard has no chart"; fi
# A program is cgi/NAME.c, the files of cgi/NAME/ and the library.
.SECONDEXPANSION:
$(PROGRAMS): $(BIN)/%: $(B)/cgi/$$(basename $$*).o \
    $$(addprefix $(B)/,$$(addsuffix .o,$$(basename $$(wildcard cgi/$$(basename $$*)/*.c)))) $(LIB)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
.PHONY: $(NEEDS) all run test test-fresh cluster bench fuzz fuzzers docs dist deb programs install uninstall lint help clean
-include $(shell find $(B) -name '*.d' 2>/dev/null)
