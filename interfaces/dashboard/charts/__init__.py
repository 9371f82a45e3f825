"""The figures, as plotly's script draws them. A colour is the name of one in the style sheet."""
