-- Closures, sorting, table functions, metatables, weak tables and finalizers.
local function counter() local n = 0; return function() n = n + 1; return n end end
local a, b = counter(), counter()
print(a(), a(), b(), a())
local seed = 42
local function random() seed = (seed * 1103515245 + 12345) % 2147483648; return seed end
local list = {}
for i = 1, 2000 do list[i] = random() % 1000 end
table.sort(list)
local ordered = true
for i = 2, #list do ordered = ordered and list[i - 1] <= list[i] end
print(ordered, list[1], list[1000], list[2000])
table.sort(list, function(x, y) return x > y end)
print(list[1], list[#list])
local words = {}
for w in ("the quick brown fox jumps over the lazy dog"):gmatch("%a+") do words[#words + 1] = w end
table.sort(words, function(x, y) return #x < #y or #x == #y and x < y end)
print(table.concat(words, " "))
print(pcall(table.sort, { 3, 1, 2, "x" }))
print(table.unpack({ 1, 2, 3 }, 2), table.pack(1, nil, 3).n, table.remove({ 1, 2, 3 }, 1), #table.move({ 1, 2, 3 }, 1, 3, 2))
local Vector = {}
Vector.__index = Vector
Vector.__add = function(p, q) return setmetatable({ x = p.x + q.x, y = p.y + q.y }, Vector) end
Vector.__eq = function(p, q) return p.x == q.x and p.y == q.y end
Vector.__lt = function(p, q) return p.x < q.x end
Vector.__tostring = function(p) return "(" .. p.x .. ", " .. p.y .. ")" end
Vector.__call = function(p, k) return setmetatable({ x = p.x * k, y = p.y * k }, Vector) end
Vector.__len, Vector.__concat = function() return 2 end, function(p, q) return tostring(p) .. tostring(q) end
local function vector(x, y) return setmetatable({ x = x, y = y }, Vector) end
print(tostring(vector(1, 2) + vector(3, 4)), vector(1, 1) == vector(1, 1), vector(1, 0) < vector(2, 0), tostring(vector(1, 2)(3)), #vector(0, 0), vector(1, 2) .. vector(3, 4))
local weak, finalized = setmetatable({}, { __mode = "v" }), 0
for i = 1, 100 do weak[i] = setmetatable({}, { __gc = function() finalized = finalized + 1 end }) end
weak.kept = list
collectgarbage() collectgarbage()
local left = 0
for i = 1, 100 do if weak[i] then left = left + 1 end end
print(left, finalized, weak.kept == list)
local before = collectgarbage("count")
do local garbage = {} for i = 1, 100000 do garbage[i] = { i } end end
collectgarbage()
print(collectgarbage("count") < before + 200, collectgarbage("isrunning"), collectgarbage("step"))
print(collectgarbage("generational"), collectgarbage("incremental"))
local text = {}
for i = 1, 20000 do text[#text + 1] = tostring(i) end
print(#table.concat(text, ","))
local memo = setmetatable({}, { __index = function(t, n) local v = n < 2 and n or t[n - 1] + t[n - 2]; t[n] = v; return v end })
print(memo[80])
print(next({}), type(next), select("#", table.unpack({}, 1, 5)))
