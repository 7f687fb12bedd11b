class Lua:
    brief = "x"
