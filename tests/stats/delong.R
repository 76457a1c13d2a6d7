# delong.R PREDICTIONS METRICS COVARIANCE - DeLong's intervals and covariances
# against pROC's: what `mc-bootstrap --method delong --metrics auroc` and
# `inside covariance 1` say of two arms of independent images.
if (!suppressMessages(requireNamespace("pROC", quietly = TRUE))) {
	cat("no pROC for R\n")
	quit(status = 77)
}
path <- commandArgs(trailingOnly = TRUE)
read <- function(path, header) read.delim(path, header = header, quote = "",
    stringsAsFactors = FALSE, na.strings = "", check.names = FALSE)
predictions <- read(path[1], TRUE)
metrics <- read(path[2], TRUE)
covariance <- read(path[3], FALSE)

curve <- function(arm) {
	rows <- predictions[predictions$arm == arm, ]
	rows <- rows[order(rows$id), ]
	pROC::roc(rows$label, rows[["p:pos"]], levels = c("neg", "pos"),
	    direction = "<", quiet = TRUE)
}
off <- numeric(0)
near <- function(found, wanted) {
	off <<- c(off, abs(found - as.numeric(wanted)))
}

curves <- lapply(metrics$arm, curve)
for (i in seq_along(curves)) {
	row <- metrics[i, ]
	stopifnot(row$method == "delong", row$metric == "auroc")
	# pROC's variance, on the log odds and with Student's quantile.
	auc <- as.numeric(pROC::auc(curves[[i]]))
	error <- sqrt(pROC::var(curves[[i]], method = "delong")) /
	    (auc * (1 - auc))
	df <- min(length(curves[[i]]$cases), length(curves[[i]]$controls)) - 1
	half <- qt((1 + row$level) / 2, df) * error
	near(c(row$lo, row$estimate, row$hi), c(plogis(qlogis(auc) - half),
	    auc, plogis(qlogis(auc) + half)))
}
for (i in seq_len(nrow(covariance))) {
	row <- covariance[i, ]
	a <- curves[[which(metrics$arm == row$V1)]]
	b <- curves[[which(metrics$arm == row$V2)]]
	near(row$V5, pROC::var(a, method = "delong"))
	near(row$V6, pROC::var(b, method = "delong"))
	near(row$V7, pROC::cov(a, b, method = "delong"))
	z <- (row$V3 - row$V4) / sqrt(row$V5 + row$V6 - 2 * row$V7)
	near(2 * pnorm(-abs(z)), pROC::roc.test(a, b, paired = TRUE,
	    method = "delong")$p.value)
}
cat(sprintf("%d numbers, %.0e\n", length(off), max(off)))
quit(status = as.integer(max(off) > 1e-9 || length(off) < 15))
