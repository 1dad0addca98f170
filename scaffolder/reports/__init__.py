"""Pure renderings of one result: each module turns a `scaffolder.results.Report` into text."""
