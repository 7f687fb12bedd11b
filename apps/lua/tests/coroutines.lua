-- Generators, symmetric passing, errors inside, wrap, close.
local function permutations(list)
  local function generate(n)
    if n == 0 then coroutine.yield(table.concat(list, " ")) return end
    for i = 1, n do
      list[n], list[i] = list[i], list[n]
      generate(n - 1)
      list[n], list[i] = list[i], list[n]
    end
  end
  return coroutine.wrap(function() generate(#list) end)
end
for p in permutations { "a", "b", "c" } do print(p) end
local pump = coroutine.create(function(...)
  local sum = 0
  local got = { ... }
  while got[1] do
    sum = sum + got[1]
    got = { coroutine.yield(sum, #got) }
  end
  return "end", sum
end)
print(coroutine.resume(pump, 1, 2))
print(coroutine.resume(pump, 10))
print(coroutine.resume(pump))
print(coroutine.status(pump), coroutine.resume(pump))
local ok, e = coroutine.resume(coroutine.create(function() error({ code = 7 }) end)); print(ok, e.code)
print(select(2, coroutine.resume(coroutine.create(function() local x = nil; return x.y end))))
print(coroutine.isyieldable(), select(2, coroutine.running()))
local closed = {}
local co = coroutine.create(function()
  local guard <close> = setmetatable({}, { __close = function() closed[#closed + 1] = "guard" end })
  coroutine.yield(1)
end)
coroutine.resume(co)
print(coroutine.close(co), closed[1], coroutine.status(co))
local depth = 0
local function deep(n) if n == 0 then return coroutine.yield("bottom") end depth = depth + 1 return (deep(n - 1)) end
local d = coroutine.wrap(deep)
print(d(150), depth, d("up"))
