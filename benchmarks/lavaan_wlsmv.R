# The same model of ordered answers in lavaan: Rscript lavaan_wlsmv.R ANSWERS.csv MODEL.txt prints what it found.
arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(lavaan))
answers <- read.csv(arguments[1])
model <- paste(readLines(arguments[2]), collapse = "\n")
before <- proc.time()
fit <- cfa(model, data = answers, ordered = names(answers), estimator = "WLSMV")
spent <- proc.time() - before
memory <- sum(gc()[, 6])
found <- fitMeasures(fit, c("chisq", "chisq.scaled"))
cat(sprintf(
  '{"seconds": %.3f, "processor_seconds": %.3f, "megabytes": %.0f, "runs": 1, "chi2": %.6f, "scaled": %.6f, "version": "%s"}\n',
  spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]], memory, found[[1]], found[[2]],
  as.character(packageVersion("lavaan"))))
