-- Files of the image: reading by lines, bytes, numbers; seeking; what is refused.
local name = arg and arg[1] or "data.txt"
local file = assert(io.open(name))
print(file:read("l"), file:read("n"), file:read("n"), file:read("l"))
print(file:seek("cur"), file:seek("set", 0), file:read(5), file:seek("end"))
file:close()
for line in io.lines(name) do io.write("[", line, "]") end
print()
print(#io.open(name):read("a"), io.type(file), io.type(io.stdout))
print(pcall(file.read, file))
print(require("helper").answer, package.loaded.helper ~= nil)
print(dofile("helper.lua").answer)
print(pcall(require, "absent.module.name") == false)
