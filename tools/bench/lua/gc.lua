-- SPDX-License-Identifier: Apache-2.0
-- Allocation and garbage collection: binary trees that come and go beside one that stays.
local function tree(depth)
  if depth == 0 then return {} end
  return { tree(depth - 1), tree(depth - 1) }
end

local function count(node)
  return node[1] and 1 + count(node[1]) + count(node[2]) or 1
end

return function(scale)
  local kept, sum = tree(14), 0
  for _ = 1, math.ceil(600 * scale) do sum = sum + count(tree(11)) end
  return sum + count(kept)
end
