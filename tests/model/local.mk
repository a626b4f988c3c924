# The protocol, tried in every order; see tests/model/README.  make model needs Debian's spin.
TESTS += tests/model/test_model.sh
EXTRA_DIST += tests/model/test_model.sh tests/model/model.sh tests/model/robson.pml tests/model/README

MODEL_SECONDS = 900
model:
	@CC='$(CC)'; export CC; MODEL_SECONDS=$(MODEL_SECONDS); export MODEL_SECONDS; \
	$(call run_each,tests/model/model.sh,$(TORTURE_TIMEOUT))

.PHONY: model
