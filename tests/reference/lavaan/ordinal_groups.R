# What lavaan says of groups that answered ordered questions (Wu & Estabrook 2016): run once, from this folder:
#   Rscript ordinal_groups.R ../../../../shared/data
# and commit ordinal_groups.json. The tests read that and never run R.
suppressMessages(library(lavaan))
folder <- commandArgs(TRUE)[1]
# The syntax of one step. `own` keeps thresholds and loading of its own in each group, its scale being 1;
# `binary` questions join at the last step, since one threshold tells their intercept and nothing else.
step_syntax <- function(factors, categories, step, own = character(), binary = character()) {
  rank <- match(step, c("configural", "thresholds", "loadings", "intercepts"))
  lines <- character()
  for (factor in names(factors)) {
    for (item in factors[[factor]]) {
      equal <- !(item %in% own)
      late <- item %in% binary && rank < 4
      load <- if (rank >= 3 && equal && !late) sprintf("c(l_%s, l_%s)", item, item) else "c(NA, NA)"
      lines <- c(lines, sprintf("%s =~ %s*%s", factor, load, item))
      for (k in seq_len(categories[[item]] - 1)) {
        label <- if (rank >= 2 && equal) sprintf("c(%s_%d, %s_%d)", item, k, item, k) else "c(NA, NA)"
        lines <- c(lines, sprintf("%s | %s*t%d", item, label, k))
      }
      free <- rank %in% 2:3 && equal
      lines <- c(lines, sprintf("%s ~ c(0, %s)*1", item, if (free) "NA" else "0"))
      scale <- rank >= 2 && equal && !late
      lines <- c(lines, sprintf("%s ~*~ c(1, %s)*%s", item, if (scale) "NA" else "1", item))
    }
    lines <- c(lines, sprintf("%s ~~ c(1, %s)*%s", factor, if (rank >= 3) "NA" else "1", factor))
    lines <- c(lines, sprintf("%s ~ c(0, %s)*1", factor, if (rank >= 4) "NA" else "0"))
  }
  paste(lines, collapse = "\n")
}
number <- function(x) ifelse(is.na(x), "null", sprintf("%.12g", x))
object <- function(values) paste0("{", paste(sprintf("\"%s\": %s", names(values), values), collapse = ", "), "}")
cases <- character()
keep <- function(case, data, factors, group, steps = c("configural", "thresholds", "loadings", "intercepts"),
                 own = character(), binary = character()) {
  items <- unlist(factors)
  data <- na.omit(data[, c(items, group)])
  categories <- sapply(data[, items], function(x) length(unique(x)))
  before <- NULL
  found <- character()
  for (step in steps) {
    fit <- cfa(step_syntax(factors, categories, step, own, binary), data, ordered = items, group = group,
               group.label = c("1", "2"), estimator = "WLSMV", parameterization = "delta", std.lv = TRUE)
    measures <- fitMeasures(fit, c("chisq", "df", "chisq.scaled", "cfi.scaled", "tli.scaled", "rmsea.scaled",
                                   "rmsea.ci.lower.scaled", "rmsea.ci.upper.scaled", "srmr",
                                   "baseline.chisq.scaled", "baseline.df"))
    parts <- setNames(number(as.numeric(measures)), names(measures))
    rows <- parameterEstimates(fit)
    rows <- rows[(rows$op == "=~") | (rows$op %in% c("~~", "~1") & rows$lhs %in% names(factors)), ]
    named <- paste0(rows$lhs, rows$op, rows$rhs, "@", rows$group)
    parts["parameters"] <- object(setNames(sprintf("[%s, %s]", number(rows$est), number(rows$se)), named))
    if (!is.null(before)) {
      test <- lavTestLRT(before, fit, method = "satorra.2000", scaled.shifted = TRUE, A.method = "delta")
      parts["change"] <- number(test[2, "Chisq diff"]); parts["change_df"] <- number(test[2, "Df diff"])
      parts["change_p"] <- number(test[2, "Pr(>Chisq)"])
    }
    found[step] <- object(parts)
    before <- fit
  }
  cases[case] <<- object(c(people = paste0("[", paste(lavInspect(fit, "nobs"), collapse = ", "), "]"), found))
}
bfi <- read.csv(file.path(folder, "bfi.csv"))
traits <- list(A = paste0("A", 1:5), C = paste0("C", 1:5), N = paste0("N", 1:5))
keep("bfi_gender", bfi, traits, "gender")
keep("bfi_gender_n2_own", bfi, traits["N"], "gender", "intercepts", own = "N2")
yes <- bfi; yes[paste0("N", 1:3)] <- lapply(bfi[paste0("N", 1:3)], function(x) as.integer(x > 3))
keep("bfi_gender_some_yes_or_no", yes, traits["N"], "gender", binary = paste0("N", 1:3))
big <- read.delim(file.path(folder, "big5.tsv"))
big[, 8:57][big[, 8:57] == 0] <- NA
big <- big[big$gender %in% 1:2, ]
keep("big5_gender", big, list(E = paste0("E", 1:10)), "gender")
writeLines(object(gsub("}, \"", "},\n  \"", cases)), "ordinal_groups.json")
cat(R.version.string, "lavaan", as.character(packageVersion("lavaan")), "\n")
