/*
 * checklist_tripod.c - the items of TRIPOD+AI: G. S. Collins et al., "TRIPOD+AI
 * statement: updated guidance for reporting clinical prediction models that use
 * regression or machine learning methods", BMJ 385:e078378, 2024.
 */
#include "config.h"

#include "report/checklist.h"

#define QUESTION	MC_SHOWS_QUESTION, "question"
#define DIVISION	MC_SHOWS_DIVISION, "data"
#define FLOW		MC_SHOWS_FLOW, "population"
#define MODELS		MC_SHOWS_MODELS, "models"
#define METRICS		MC_SHOWS_METRICS, "results"
#define AUTHOR		0, ""

static const struct mc_checklist_item items[] = {
	{ "1", "Title: development or evaluation, population, outcome", AUTHOR,
	    "the title" },
	{ "2", "Abstract", AUTHOR, "the abstract, by its own checklist" },
	{ "3a", "Health care context, and why a model", AUTHOR,
	    "the context, and existing models" },
	{ "3b", "Target population and intended use", AUTHOR,
	    "for whom, at which point of care, and used by whom" },
	{ "3c", "Known inequalities in health", AUTHOR,
	    "between which groups of people" },
	{ "4", "Objectives", QUESTION,
	    "whether a model is developed, evaluated, or both" },
	{ "5a", "Sources of the data", AUTHOR, "for development and "
	    "evaluation, and whom they represent" },
	{ "5b", "Dates", AUTHOR, "start and end of data collection" },
	{ "6a", "Setting", AUTHOR, "kind of care, number and place of centres" },
	{ "6b", "Eligibility", FLOW, "the criteria themselves" },
	{ "6c", "Treatments", AUTHOR, "treatments received, if relevant" },
	{ "7", "Preparation of the data", MODELS,
	    "quality checks, and whether they were the same for all groups of "
	    "people" },
	{ "8a", "Outcome", AUTHOR, "what each label means, how and when it was "
	    "assessed" },
	{ "8b", "Assessors of the outcome", AUTHOR, "their qualifications" },
	{ "8c", "Blinding of the outcome", AUTHOR, "what the assessors knew" },
	{ "9a", "Choice of predictors", AUTHOR, "why these images" },
	{ "9b", "Definition of predictors", AUTHOR,
	    "how and when images were taken" },
	{ "9c", "Assessors of predictors", AUTHOR,
	    "who chose images or regions, if anyone did" },
	{ "10", "Sample size", AUTHOR, "how it was determined, for development "
	    "and evaluation (mc-power)" },
	{ "11", "Missing data", MC_SHOWS_POPULATION, "population",
	    "how they were handled" },
	{ "12a", "Use of the data", DIVISION, "" },
	{ "12b", "Handling of predictors", MODELS, "" },
	{ "12c", "Kind of model, and how it was built", MODELS,
	    "why this kind" },
	{ "12d", "Differences between clusters", MC_SHOWS_SUBGROUPS,
	    "results", "how variation between sites was handled" },
	{ "12e", "Measures of performance", METRICS, "why these" },
	{ "12f", "Updating of the model", AUTHOR,
	    "recalibration, or that there was none" },
	{ "12g", "How predictions were computed", MC_SHOWS_COMMANDS,
	    "commands", "" },
	{ "13", "Class imbalance", MODELS, "why classes were weighted, sampled "
	    "or left as they are" },
	{ "14", "Fairness", MC_SHOWS_SUBGROUPS, "results",
	    "what was done about it, and why" },
	{ "15", "Output of the model", METRICS, "how thresholds were chosen, "
	    "and why" },
	{ "16", "Development against evaluation data",
	    MC_SHOWS_POPULATION, "population",
	    "differences in setting, eligibility and outcome" },
	{ "17", "Ethics", AUTHOR, "the committee, and consent or its waiver" },
	{ "18a", "Funding", AUTHOR, "sources, and the role of the funders" },
	{ "18b", "Conflicts of interest", AUTHOR, "of each author" },
	{ "18c", "Protocol", AUTHOR, "where it is, or that there is none" },
	{ "18d", "Registration", AUTHOR,
	    "register and number, or that there is none" },
	{ "18e", "Availability of the data", AUTHOR, "where, on which terms" },
	{ "18f", "Availability of the code", MC_SHOWS_COMMANDS, "commands",
	    "where the code of the study is" },
	{ "19", "Involvement of patients and the public", AUTHOR,
	    "how, or that there was none" },
	{ "20a", "Flow of participants", FLOW, "" },
	{ "20b", "Characteristics",
	    MC_SHOWS_POPULATION | MC_SHOWS_VARIABLES, "population",
	    "dates and sources" },
	{ "20c", "Comparison with the development data",
	    MC_SHOWS_POPULATION, "population", "" },
	{ "21", "Numbers in each analysis",
	    MC_SHOWS_DIVISION | MC_SHOWS_METRICS, "data", "" },
	{ "22", "The full model", MODELS,
	    "where the models are available, and restrictions on their use" },
	{ "23a", "Performance with intervals",
	    MC_SHOWS_METRICS | MC_SHOWS_INTERVALS, "results", "" },
	{ "23b", "Performance across clusters", MC_SHOWS_SUBGROUPS,
	    "results", "" },
	{ "24", "Results of updating", AUTHOR, "those of an updated model" },
	{ "25", "Interpretation", AUTHOR,
	    "what the results mean, including fairness" },
	{ "26", "Limitations", MC_SHOWS_LIMITATIONS, "limitations",
	    "their effect on bias, and to whom the results apply" },
	{ "27a", "Poor or missing input in use", AUTHOR,
	    "what to do with images that cannot be used" },
	{ "27b", "Interaction and expertise of users", AUTHOR,
	    "what users must do and know" },
	{ "27c", "Next steps", AUTHOR, "in research" },
};

const struct mc_checklist mc_checklist_tripod = {
	"tripod", "TRIPOD+AI", "Collins et al., BMJ 2024;385:e078378, "
	    "doi:10.1136/bmj-2023-078378",
	items, sizeof(items) / sizeof(items[0])
};
