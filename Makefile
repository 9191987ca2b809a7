# Thin aliases; ./x does the work and ./x help explains it.
.PHONY: help demo test check fix bench
help demo test check fix bench:
	@./x $@
