-- SPDX-License-Identifier: Apache-2.0
-- Comparisons through a Lua function: sort numbers of a linear congruential sequence.
return function(scale)
  local seed, sum = 42, 0
  for _ = 1, math.ceil(35 * scale) do
    local values = {}
    for i = 1, 20000 do
      seed = (seed * 1103515245 + 12345) % 2147483648
      values[i] = seed
    end
    table.sort(values, function(a, b) return a < b end)
    sum = (sum + values[1] + values[10000] * 3 + values[20000] * 7) % 1000000007
  end
  return sum
end
