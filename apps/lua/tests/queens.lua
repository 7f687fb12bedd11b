-- N queens: counts and the first solution, by backtracking over three occupancy sets.
local function solve(n)
  local columns, rising, falling, row_of, count, first = {}, {}, {}, {}, 0, nil
  local function place(row)
    if row > n then
      count = count + 1
      first = first or table.concat(row_of, " ")
      return
    end
    for column = 1, n do
      if not columns[column] and not rising[row + column] and not falling[row - column] then
        columns[column], rising[row + column], falling[row - column] = true, true, true
        row_of[row] = column
        place(row + 1)
        columns[column], rising[row + column], falling[row - column] = nil, nil, nil
      end
    end
  end
  place(1)
  return count, first
end
for n = 1, 8 do print(n, solve(n)) end
