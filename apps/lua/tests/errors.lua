-- pcall, xpcall, error values, levels, messages, stack overflow, assert, goto, to-be-closed.
print(pcall(error, "plain"))
print(pcall(error))
print(pcall(function() error("with position") end))
print(pcall(function() error("level 2", 2) end))
print(pcall(function() return 1 + {} end))
print(pcall(function() return #nil end))
print(pcall(function() local t = setmetatable({}, { __index = function(_, k) error("no " .. k, 0) end }); return t.field end))
print(select("#", pcall(function() return 1, nil, nil end)))
print(xpcall(function() error("inner") end, function(m) return "handled: " .. m end))
local ok, message = pcall(function() local function r() return 1 + r() end return r() end)
print(ok, message:match("stack overflow"))
print(pcall(assert, false, "asserted"), pcall(assert, nil))
print(load("x = = 1"))
print(load("return 1 + 1")())
print(pcall(load, function() error("reader") end))
local log = {}
print(pcall(function()
  local a <close> = setmetatable({}, { __close = function(_, e) log[#log + 1] = "a " .. tostring(e) end })
  local b <close> = setmetatable({}, { __close = function(_, e) log[#log + 1] = "b " .. tostring(e) end })
  error("body", 0)
end))
print(table.concat(log, ", "))
for i = 1, 3 do
  if i == 2 then goto continue end
  io.write(i, " ")
  ::continue::
end
print()
print(pcall(string.dump, print))
print(pcall(setmetatable, 1, {}))
print(tostring(nil), tostring(true), rawequal("a", "a"), rawlen({ 1, 2 }), select(-1, 1, 2, 3))
print(io.open("/no/such/file"))
