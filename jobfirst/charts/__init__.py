"""Pictures of numbers: one definition of a chart, drawn as SVG for the page and for the PDF.

Every chart reads without colour: lines differ by dashes and by the shape of their points, bars by shade, and
each is labelled where it ends. Beside it stand a sentence and a table that say the same.
"""
