"""Kinds of charts of what people answer, one module each, as in `render.chart_kinds`.

In: `Line`s and `Choice`s, which only `shares` makes.
"""
