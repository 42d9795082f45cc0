"""Files out: any list as CSV or Excel, and one customer whole."""
