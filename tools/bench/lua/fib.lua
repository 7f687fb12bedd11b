-- SPDX-License-Identifier: Apache-2.0
-- Calls: the naive Fibonacci numbers.
local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end

return function(scale)
  local sum = 0
  for _ = 1, math.ceil(150 * scale) do sum = sum + fib(24) end
  return sum
end
