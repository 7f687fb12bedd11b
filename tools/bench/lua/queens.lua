-- SPDX-License-Identifier: Apache-2.0
-- Tables and branches: all solutions of the eight queens, by backtracking.
local N = 8

local function place(board, row)
  if row > N then return 1 end
  local found = 0
  for column = 1, N do
    local free = true
    for above = 1, row - 1 do
      local other = board[above]
      if other == column or other - above == column - row or other + above == column + row then
        free = false
        break
      end
    end
    if free then
      board[row] = column
      found = found + place(board, row + 1)
    end
  end
  return found
end

return function(scale)
  local sum = 0
  for _ = 1, math.ceil(220 * scale) do sum = sum + place({}, 1) end
  return sum
end
