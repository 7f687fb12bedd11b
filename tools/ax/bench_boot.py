class Boot:
    brief = "x"
