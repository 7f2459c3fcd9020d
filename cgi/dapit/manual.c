/*
 * The manual and the shell's completion, from the table of commands.
 */
#include <stdio.h>
#include <string.h>

#include "dapit/dapit.h"

/* Text of roff: no dash, backslash or leading dot means anything else. */
static void
roff(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '-' || *p == '\\')
			putchar('\\');
		if (*p == '\\')
			putchar('e');
		else
			putchar(*p);
	}
}

int
cmd_man(struct words *w)
{
	(void)w;
	printf(".TH DAPIT 1\n.SH NAME\ndapit \\- the operator's command of the"
	    " Dapit gateway\n.SH SYNOPSIS\n.B dapit\n[\\-c FILE] COMMAND"
	    " [ARGUMENT...]\n.SH DESCRIPTION\nSettings are in FILE, else in"
	    " $DAPIT_CONF, else in dapit.conf in the folder above the program's"
	    " own, else in\n/etc/dapit/dapit.conf.\nLists take"
	    " \\-\\-json. What cannot be undone asks, or needs \\-\\-yes.\n"
	    ".SH COMMANDS\n");
	for (const struct command *c = commands; c->name != NULL; c++) {
		printf(".TP\n.B ");
		roff(c->name);
		printf(" \\fR");
		roff(c->use);
		printf("\n");
		roff(c->doc);
		printf(".\n");
	}
	printf(".SH EXIT STATUS\n0: done; 1: it failed, and why is on"
	    " standard error; 2: wrong use.\n");
	return 0;
}

/* The second words of a first one, or all first words. */
static void
words_of(const char *first)
{
	size_t n = strlen(first);
	const char *last = "";

	for (const struct command *c = commands; c->name != NULL; c++) {
		const char *space = strchr(c->name, ' ');
		size_t len = space == NULL ? strlen(c->name) :
		    (size_t)(space - c->name);

		if (n == 0) {
			if (strncmp(last, c->name, len) != 0 ||
			    (last[len] != ' ' && last[len] != '\0'))
				printf(" %.*s", (int)len, c->name);
			last = c->name;
		} else if (len == n && strncmp(c->name, first, n) == 0 &&
		    space != NULL)
			printf(" %s", space + 1);
	}
}

/* For bash, and for zsh after bashcompinit. */
int
cmd_completion(struct words *w)
{
	const char *last = "";

	(void)w;
	printf("_dapit() {\n\tlocal i=1 words=\n"
	    "\t[ \"${COMP_WORDS[1]}\" != -c ] || i=3\n"
	    "\tif [ \"$COMP_CWORD\" -eq $i ]; then\n\t\twords=\"");
	words_of("");
	printf("\"\n\telif [ \"$COMP_CWORD\" -eq $((i + 1)) ]; then\n"
	    "\t\tcase ${COMP_WORDS[$i]} in\n");
	for (const struct command *c = commands; c->name != NULL; c++) {
		const char *space = strchr(c->name, ' ');
		char first[32];

		if (space == NULL)
			continue;
		snprintf(first, sizeof(first), "%.*s",
		    (int)(space - c->name), c->name);
		if (strncmp(last, c->name, strlen(first) + 1) == 0)
			continue;
		last = c->name;
		printf("\t\t%s) words=\"", first);
		words_of(first);
		printf("\" ;;\n");
	}
	printf("\t\tesac\n\tfi\n\tCOMPREPLY=($(compgen -W \"$words --json"
	    " --yes\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
	    "complete -o default -F _dapit dapit\n");
	return 0;
}
