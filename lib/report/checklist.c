/* checklist.c - print the checklist of a reporting guideline. */
#include "config.h"

#include "report/checklist.h"
#include "report/markup.h"

/* What to give where a report lacks a kind of evidence. */
static const struct {
	unsigned kind;
	const char *how;
} givers[] = {
	{ MC_SHOWS_QUESTION, "--question" },
	{ MC_SHOWS_DIVISION, "--manifest" },
	{ MC_SHOWS_GROUPS, "--manifest with a column group" },
	{ MC_SHOWS_FLOW, "--flow" },
	{ MC_SHOWS_POPULATION, "--population" },
	{ MC_SHOWS_VARIABLES, "--population with further columns, such as age "
	    "and sex (mc-describe --columns)" },
	{ MC_SHOWS_MODELS, "model tars" },
	{ MC_SHOWS_METRICS, "--metrics" },
	{ MC_SHOWS_INTERVALS, "--metrics with intervals" },
	{ MC_SHOWS_SUBGROUPS, "--metrics with subgroups (mc-bootstrap --by)" },
	{ MC_SHOWS_DIFFERENCES, "--differences" },
	{ MC_SHOWS_FIGURES, "--figure" },
	{ MC_SHOWS_MISTAKES, "--mistakes" },
	{ MC_SHOWS_EXPLANATIONS, "--explanations" },
	{ MC_SHOWS_COMMANDS, "--commands" },
	{ MC_SHOWS_LIMITATIONS, "--metrics or model tars" },
};

static void
put_missing(unsigned missing, struct mc_buf *text)
{
	const char *between = "";
	size_t i;

	mc_buf_puts(text, "give ");
	for (i = 0; i < sizeof(givers) / sizeof(givers[0]); i++) {
		if ((missing & givers[i].kind) == 0)
			continue;
		mc_buf_puts(text, between);
		mc_markup_text(givers[i].how, text);
		between = ", and ";
	}
}

static void
put_item(const struct mc_checklist_item *item, const char *id, unsigned shown,
    struct mc_buf *text)
{
	unsigned missing = item->needs & ~shown;
	bool is_shown = item->needs != 0 && missing == 0;
	bool is_done = is_shown && *item->write == '\0';

	mc_buf_printf(text, "<tr id=\"%s-%s\">\n<th scope=\"row\">%s</th>\n"
	    "<td>", id, item->number, item->number);
	mc_markup_text(item->topic, text);
	mc_buf_printf(text, "</td>\n<td class=\"%s\">%s</td>\n<td>",
	    is_done ? "done" : is_shown ? "part" : "open",
	    is_done ? "In this report" : is_shown ? "In part" :
	    "For the author");
	if (is_shown)
		mc_buf_printf(text, "<a href=\"#%s\">%s</a>", item->section,
		    item->section);
	mc_buf_puts(text, "</td>\n<td>");
	mc_markup_text(item->write, text);
	if (item->needs != 0 && missing != 0) {
		mc_buf_puts(text, *item->write != '\0' ? "; " : "");
		put_missing(missing, text);
	}
	mc_buf_puts(text, "</td>\n</tr>\n");
}

/* "The files of the study answer 12 of 44 items, and 5 in part". */
static void
say_counts(const struct mc_checklist *list, unsigned shown, struct mc_page *p)
{
	size_t done = 0, part = 0, i;

	for (i = 0; i < list->n; i++) {
		const struct mc_checklist_item *item = &list->items[i];

		if (item->needs == 0 || (item->needs & ~shown) != 0)
			continue;
		if (*item->write == '\0')
			done++;
		else
			part++;
	}
	mc_page_say(p, "The files of the study answer %zu of %zu items, and "
	    "%zu in part; %zu are left to the author.  The wording is a short "
	    "reminder, not that of the guideline: %s.", done, list->n, part,
	    list->n - done - part, list->reference);
}

void
mc_checklist_print(const struct mc_checklist *list, unsigned shown,
    struct mc_page *p)
{
	struct mc_buf *text = mc_page_body(p);
	size_t i;

	mc_page_part(p, list->id, list->name);
	say_counts(list, shown, p);
	mc_buf_printf(text, "<div class=\"box long\" role=\"region\" "
	    "tabindex=\"0\" aria-labelledby=\"%s-caption\">\n<table>\n"
	    "<caption id=\"%s-caption\"><span>Items of ", list->id, list->id);
	mc_markup_text(list->name, text);
	mc_buf_puts(text, "</span></caption>\n<thead>\n<tr>\n"
	    "<th scope=\"col\" class=\"num\">Item</th>\n"
	    "<th scope=\"col\">Topic</th>\n<th scope=\"col\">Answered</th>\n"
	    "<th scope=\"col\">Section</th>\n"
	    "<th scope=\"col\">Left to write</th>\n</tr>\n</thead>\n<tbody>\n");
	for (i = 0; i < list->n; i++)
		put_item(&list->items[i], list->id, shown, text);
	mc_buf_puts(text, "</tbody>\n</table>\n</div>\n");
}
