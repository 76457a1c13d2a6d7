/* schemas.c - Print the columns of each schema as a line, for schemas.sh. */
#include "config.h"

#include <stdio.h>

#include "table/schemas.h"

int
main(void)
{
	static const struct {
		const char *name;
		const struct mc_schema *schema;
	} tables[] = {
		{ "Predictions", &mc_predictions_schema },
		{ "Metrics", &mc_metrics_schema },
		{ "Differences", &mc_differences_schema },
		{ "Thresholds", &mc_thresholds_schema },
		{ "Curves", &mc_curves_schema },
		{ "Confusion", &mc_confusion_schema },
		{ "Power", &mc_power_schema },
		{ "Maps", &mc_maps_schema },
		{ "Sanity", &mc_sanity_schema },
		{ "Log", &mc_log_schema },
		{ "Population", &mc_population_schema },
		{ "Exclusions", &mc_exclusions_schema },
		{ "Flow", &mc_flow_schema },
		{ "Audit", &mc_audit_schema },
		{ "Pairs", &mc_pairs_schema },
		{ "Montage", &mc_montage_schema },
		{ "Backbones", &mc_backbones_schema },
	};
	size_t i, c;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		printf("%s:", tables[i].name);
		for (c = 0; c < tables[i].schema->n_columns; c++)
			printf(" %s", tables[i].schema->columns[c].name);
		putchar('\n');
	}
	return 0;
}
