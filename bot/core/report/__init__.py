"""The administrator's page and the library plan: what is counted, which story is told, and why.

Pure, but for `reporter.Reporter`, which asks the store: page and plan follow from the ideas and
trials alone. Rights are asked before: whoever calls gives what the asker may see. Whatever leaves
here may be read by people outside, so names are what `Credited` makes of them, and words of ideas
pass `quotes`.
"""
