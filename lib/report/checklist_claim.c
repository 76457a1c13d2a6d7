/*
 * checklist_claim.c - the items of CLAIM, the checklist for artificial
 * intelligence in medical imaging: A. S. Tejani et al., "Checklist for Artificial
 * Intelligence in Medical Imaging (CLAIM): 2024 Update", Radiology: Artificial
 * Intelligence 6(4), 2024.
 */
#include "config.h"

#include "report/checklist.h"

#define QUESTION	MC_SHOWS_QUESTION, "question"
#define DIVISION	MC_SHOWS_DIVISION, "data"
#define FLOW		MC_SHOWS_FLOW, "population"
#define MODELS		MC_SHOWS_MODELS, "models"
#define AUTHOR		0, ""

static const struct mc_checklist_item items[] = {
	{ "1", "Title: a study of artificial intelligence, and of which kind",
	    AUTHOR, "name the kind of method (deep learning) in the title" },
	{ "2", "Abstract: design, methods, results, conclusions", AUTHOR,
	    "the abstract" },
	{ "3", "Background, intended use and role", AUTHOR,
	    "the clinical background, who would use the model, and where" },
	{ "4", "Aims and hypotheses", QUESTION,
	    "check that the hypotheses were fixed before the analysis" },
	{ "5", "Prospective or retrospective", AUTHOR,
	    "whether images were collected before or after the study was "
	    "planned" },
	{ "6", "Goal of the study", QUESTION,
	    "whether it is a feasibility study, a comparison, a validation" },
	{ "7", "Sources of the data", AUTHOR,
	    "sites, archives, dates; the licence of a public data set" },
	{ "8", "Inclusion and exclusion", FLOW,
	    "the criteria themselves and why they were chosen" },
	{ "9", "Preprocessing of images", MODELS, "what was done before "
	    "mctools read the files" },
	{ "10", "Choice of subsets of the data", FLOW,
	    "whether regions or slices were chosen, and by whom" },
	{ "11", "De-identification", AUTHOR,
	    "how, by whom, and the standard that was followed" },
	{ "12", "Missing data", MC_SHOWS_POPULATION, "population",
	    "how missing values and images were handled" },
	{ "13", "Acquisition of the images", AUTHOR,
	    "scanners, protocols, settings" },
	{ "14", "Reference standard: how it was obtained", AUTHOR,
	    "the definition of each class" },
	{ "15", "Reference standard: why this one", AUTHOR, "the reasons, and "
	    "its own errors" },
	{ "16", "Source of the annotations", AUTHOR,
	    "who labelled, with which training and tools" },
	{ "17", "Annotation of the test set", AUTHOR,
	    "whether test images were labelled in another way" },
	{ "18", "Variation between and within readers", AUTHOR,
	    "agreement, and how disagreement was resolved" },
	{ "19", "Assignment to partitions", DIVISION, "" },
	{ "20", "Level at which partitions are disjoint",
	    MC_SHOWS_DIVISION | MC_SHOWS_GROUPS, "data", "" },
	{ "21", "Intended sample size", AUTHOR, "the size that was planned, "
	    "and how it was computed (mc-power)" },
	{ "22", "The model in detail", MODELS, "" },
	{ "23", "Software and its versions", MODELS, "" },
	{ "24", "Initial parameters", MODELS, "" },
	{ "25", "Training", MODELS, "" },
	{ "26", "Choice of the final model", MODELS, "" },
	{ "27", "Ensembles", AUTHOR, "whether models were combined; mctools "
	    "reports each model by itself" },
	{ "28", "Metrics", MC_SHOWS_METRICS, "results",
	    "why these metrics suit the question" },
	{ "29", "Significance and uncertainty",
	    MC_SHOWS_METRICS | MC_SHOWS_INTERVALS, "results", "" },
	{ "30", "Robustness and sensitivity analysis",
	    MC_SHOWS_SUBGROUPS, "results",
	    "analyses under other assumptions" },
	{ "31", "Explanations of predictions", MC_SHOWS_EXPLANATIONS,
	    "explanations", "how the maps were validated" },
	{ "32", "Evaluation on internal data",
	    MC_SHOWS_DIVISION | MC_SHOWS_METRICS, "results", "" },
	{ "33", "Testing on external data", AUTHOR,
	    "whether a test set comes from another site" },
	{ "34", "Registration of a trial", AUTHOR,
	    "register and number, or that there is none" },
	{ "35", "Numbers included and excluded", FLOW, "" },
	{ "36", "Characteristics of the cases in each partition",
	    MC_SHOWS_POPULATION | MC_SHOWS_VARIABLES, "population", "" },
	{ "37", "Performance with uncertainty",
	    MC_SHOWS_METRICS | MC_SHOWS_INTERVALS, "results", "" },
	{ "38", "Diagnostic performance and its precision",
	    MC_SHOWS_METRICS | MC_SHOWS_INTERVALS, "results",
	    "sensitivity and specificity at a clinically relevant threshold" },
	{ "39", "Failures", MC_SHOWS_MISTAKES, "mistakes",
	    "what the mistakes have in common" },
	{ "40", "Limitations", MC_SHOWS_LIMITATIONS, "limitations",
	    "bias, uncertainty, and to whom the results apply" },
	{ "41", "Implications for practice", AUTHOR,
	    "the intended use that the results support" },
	{ "42", "Protocol, further technical details", MC_SHOWS_COMMANDS,
	    "commands", "where the protocol is, if there is one" },
	{ "43", "Availability of software, models and data",
	    MC_SHOWS_MODELS | MC_SHOWS_COMMANDS, "commands",
	    "where models and data are available, and under which terms" },
	{ "44", "Funding", AUTHOR, "sources, and the role of the funders" },
};

const struct mc_checklist mc_checklist_claim = {
	"claim", "CLAIM 2024", "Tejani et al., Radiology: Artificial "
	    "Intelligence 2024, doi:10.1148/ryai.240300",
	items, sizeof(items) / sizeof(items[0])
};
