"""What goes over the wire: numbers, rows and frames spelled as Upbit spells them."""
