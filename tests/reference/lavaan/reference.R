# What lavaan says of the public data in shared/data: run once, from this folder, with
#   Rscript reference.R ../../../../shared/data
# and commit fit.csv and parameters.csv. The tests read those and never run R.
suppressMessages(library(lavaan))
folder <- commandArgs(TRUE)[1]
fits <- data.frame(); parameters <- data.frame()
keep <- function(case, fit, scaled = FALSE) {
  wanted <- c("chisq", "df", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr",
              "baseline.chisq", "baseline.df", "ntotal")
  if (scaled) wanted <- c(wanted, "chisq.scaled", "cfi.scaled", "tli.scaled", "rmsea.scaled",
                          "rmsea.ci.lower.scaled", "rmsea.ci.upper.scaled", "baseline.chisq.scaled")
  else wanted <- c(wanted, "logl", "aic", "bic")
  values <- fitMeasures(fit, wanted)
  fits <<- rbind(fits, data.frame(case = case, measure = names(values), value = as.numeric(values)))
  rows <- parameterEstimates(fit)
  rows <- rows[rows$op %in% c("=~", "~~", "~1"), ]
  standard <- standardizedSolution(fit)
  key <- function(x) paste(x$lhs, x$op, x$rhs, if (is.null(x$group)) 1 else x$group)
  at <- match(key(rows), key(standard))
  group <- if (is.null(rows$group)) rep(1, nrow(rows)) else rows$group
  parameters <<- rbind(parameters, data.frame(case = case, lhs = rows$lhs, op = rows$op, rhs = rows$rhs,
    group = group, est = rows$est, se = rows$se, std = standard$est.std[at], std_se = standard$se[at]))
}
bfi <- read.csv(file.path(folder, "bfi.csv"))
pupils <- read.csv(file.path(folder, "holzinger_swineford_1939.csv"))
lsat <- read.csv(file.path(folder, "lsat7.csv")); names(lsat) <- paste0("q", 1:5)
big <- read.delim(file.path(folder, "big5.tsv"))
three <- "visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9"
personality <- "A =~ A1 + A2 + A3 + A4 + A5
C =~ C1 + C2 + C3 + C4 + C5
N =~ N1 + N2 + N3 + N4 + N5"
keep("pupils", cfa(three, pupils))
holed <- pupils
for (i in 1:9) holed[(seq_len(nrow(holed)) * 7 + i * 3) %% 11 == 0, paste0("x", i)] <- NA
keep("pupils_incomplete", cfa(three, holed, missing = "ml"))
keep("second_order", cfa(paste(three, "g =~ visual + textual + speed", sep = "\n"), pupils, std.lv = TRUE))
keep("bifactor", cfa(paste("g =~ A1 + A2 + A3 + A4 + A5 + C1 + C2 + C3 + C4 + C5 + N1 + N2 + N3 + N4 + N5",
  "a =~ A1 + A2 + A3 + A4 + A5", "c =~ C1 + C2 + C3 + C4 + C5", "n =~ N1 + N2 + N3 + N4 + N5", sep = "\n"),
  na.omit(bfi[, 1:25]), std.lv = TRUE, orthogonal = TRUE))
keep("bfi_incomplete", cfa(personality, bfi, missing = "ml", std.lv = TRUE))
keep("schools", cfa(three, pupils, group = "school"))
keep("schools_metric", cfa(three, pupils, group = "school", group.equal = "loadings"))
keep("schools_scalar", cfa(three, pupils, group = "school", group.equal = c("loadings", "intercepts")))
keep("schools_strict", cfa(three, pupils, group = "school",
  group.equal = c("loadings", "intercepts", "residuals")))
keep("wlsmv_bfi", cfa(personality, bfi, ordered = TRUE, std.lv = TRUE, estimator = "WLSMV"), TRUE)
keep("wlsmv_lsat", cfa("f =~ q1 + q2 + q3 + q4 + q5", lsat, ordered = TRUE, std.lv = TRUE,
  estimator = "WLSMV"), TRUE)
answers <- big[, 8:57]; answers[answers == 0] <- NA
count <- c(E = 8, N = 8, A = 8, C = 8, O = 7)
lines <- sapply(names(count), function(k) paste(k, "=~", paste0(k, seq_len(count[k]), collapse = " + ")))
keep("wlsmv_big5", cfa(paste(lines, collapse = "\n"), na.omit(answers), ordered = TRUE, std.lv = TRUE,
  estimator = "WLSMV"), TRUE)
write.csv(fits, "fit.csv", row.names = FALSE)
write.csv(parameters, "parameters.csv", row.names = FALSE)
cat(R.version.string, "lavaan", as.character(packageVersion("lavaan")), "\n")
